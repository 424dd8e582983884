"""Replacements, and what only moved."""

from __future__ import annotations

from analysis.finding import Level
from tests.analysis.forecast.changes import CREATE, DELETE, REPLACE, REPLACE_LATE, Changes


def subnet(block: str, zone: str) -> dict[str, str]:
    return {"cidr_block": block, "availability_zone": zone, "vpc_id": "vpc-0123456789abcdef0"}


def known(identity: str, values: dict[str, str]) -> dict[str, str]:
    return {"id": identity, **values}


def test_a_replaced_table_loses_its_items() -> None:
    plan = Changes().add(
        "aws_dynamodb_table.orders", REPLACE, {"id": "orders", "name": "orders"}, replace=[["hash_key"]]
    )

    assert str(plan.only("data-loss")) == (
        "aws_dynamodb_table.orders: it is replaced because of hash_key; the new one has none of the items of the old "
        "one; "
        "take back the change of hash_key, or copy the items first; a change of address only needs a moved block"
    )


def test_a_read_replica_and_a_member_of_a_cluster_hold_nothing_of_their_own() -> None:
    plan = (
        Changes()
        .add("aws_db_instance.b", REPLACE, {"id": "b", "replicate_source_db": "a", "skip_final_snapshot": True})
        .add("aws_rds_cluster_instance.c", REPLACE, {"id": "c"})
    )

    assert plan.forecast.findings == ()


def test_a_gateway_that_is_deleted_first_leaves_no_way_out() -> None:
    plan = Changes().add("aws_nat_gateway.a", REPLACE, {"id": "nat-0"}, replace=[["subnet_id"]])

    assert plan.rules() == {"gateway-replaced": Level.WARNING}
    assert "may take up to 30 minutes" in plan.only("gateway-replaced").message
    assert Changes().add("aws_nat_gateway.a", REPLACE_LATE, {"id": "nat-0"}, replace=[["subnet_id"]]).rules() == {}


def test_a_zone_in_the_middle_of_a_list_moves_every_subnet_after_it() -> None:
    plan = (
        Changes()
        .add("aws_subnet.private[0]", ["no-op"], known("subnet-0", subnet("10.0.0.0/24", "eu-west-1a")))
        .add(
            "aws_subnet.private[1]",
            REPLACE,
            known("subnet-1", subnet("10.0.2.0/24", "eu-west-1c")),
            subnet("10.0.1.0/24", "eu-west-1b"),
            replace=[["availability_zone"], ["cidr_block"]],
        )
        .add("aws_subnet.private[2]", CREATE, None, subnet("10.0.2.0/24", "eu-west-1c"))
    )

    finding = plan.only("key-moved")

    assert finding.level is Level.ERROR
    assert str(finding) == (
        "aws_subnet.private[1]: it is replaced, and aws_subnet.private[2] is created as what it was; only its key "
        "moved, "
        "from 1 to 2; key the instances by something that stays, such as the zone's name with for_each, and write a "
        "moved "
        "block for each that exists"
    )
    assert finding.missing == "moved block from aws_subnet.private[1] to aws_subnet.private[2]"


def test_zones_that_move_along_fixed_ranges_are_named_too() -> None:
    plan = (
        Changes()
        .add(
            "aws_subnet.private[1]",
            REPLACE,
            known("subnet-1", subnet("10.0.1.0/24", "eu-west-1c")),
            subnet("10.0.1.0/24", "eu-west-1b"),
            replace=[["availability_zone"]],
        )
        .add("aws_subnet.private[2]", CREATE, None, subnet("10.0.2.0/24", "eu-west-1c"))
    )

    assert plan.only("key-moved").missing == "moved block from aws_subnet.private[1] to aws_subnet.private[2]"


def test_count_that_becomes_for_each_without_moved_blocks() -> None:
    plan = (
        Changes()
        .add("aws_subnet.private[0]", DELETE, known("subnet-0", subnet("10.0.0.0/24", "eu-west-1a")))
        .add('aws_subnet.private["a"]', CREATE, None, subnet("10.0.0.0/24", "eu-west-1a"))
    )

    assert plan.only("key-moved").message == (
        'it is destroyed, and aws_subnet.private["a"] is created as what it was; only its key moved, from 0 to "a"'
    )


def test_a_range_that_another_subnet_still_has_is_refused() -> None:
    plan = (
        Changes()
        .add(
            "aws_subnet.public[0]",
            REPLACE,
            known("subnet-0", subnet("10.0.2.0/24", "eu-west-1a")),
            subnet("10.0.3.0/24", "eu-west-1a"),
            replace=[["cidr_block"]],
        )
        .add("aws_subnet.private[2]", CREATE, None, subnet("10.0.2.0/24", "eu-west-1c"))
    )

    finding = plan.only("cidr-block-moved")

    assert (finding.address, finding.level) == ("aws_subnet.private[2]", Level.ERROR)
    assert finding.message == (
        "aws_subnet.private[2] takes 10.0.2.0/24, which aws_subnet.public[0] has until it is destroyed, and Terraform "
        "does "
        "not order the two; while both exist EC2 refuses the new one (InvalidSubnet.Conflict)"
    )


def test_the_same_range_in_another_vpc_is_no_move() -> None:
    other = {**subnet("10.0.0.0/24", "eu-west-1a"), "vpc_id": "vpc-00000000000000001"}
    plan = (
        Changes()
        .add("aws_subnet.old", DELETE, known("subnet-0", subnet("10.0.0.0/24", "eu-west-1a")))
        .add("aws_subnet.new", CREATE, None, other)
    )

    assert plan.forecast.findings == ()


def test_a_subnet_that_goes_while_others_come_moved_nothing() -> None:
    plan = (
        Changes()
        .add("aws_subnet.private[1]", DELETE, known("subnet-1", subnet("10.0.1.0/24", "eu-west-1b")))
        .add("aws_subnet.public[0]", CREATE, None, subnet("10.0.9.0/24", "eu-west-1a"))
    )

    assert plan.forecast.findings == ()
