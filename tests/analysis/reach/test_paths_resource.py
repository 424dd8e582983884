"""Paths to databases, proxies, caches and file systems: rules of groups in every spelling, ACLs, two VPCs."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.reach.model import Destination, Kind
from tests.analysis.documents import Entry, resource
from tests.analysis.network.houses import (
    To,
    admit,
    function,
    group,
    house,
    judged,
    made,
    pair_of,
    planned,
    subnet,
    target,
    verdict,
    without,
)
from tests.analysis.reach.test_paths_internet import acl

DATABASE, PORT = "aws_db_instance.orders", 5432


def database(*, subnets: tuple[str, ...] = ("private_a", "private_b"), vpc: str = "main", **more: Any) -> list[Entry]:
    """A database with a subnet group and a security group."""
    return [
        made("aws_db_subnet_group.orders", subnet_ids=[To(f"aws_subnet.{name}.id") for name in subnets]),
        made(
            DATABASE,
            engine="postgres",
            port=PORT,
            db_subnet_group_name=To("aws_db_subnet_group.orders.name"),
            vpc_security_group_ids=[To("aws_security_group.database.id")],
            **more,
        ),
        group("database", vpc=vpc),
    ]


OUT = admit("out", "egress", PORT, of="function", to="database")
IN = admit("in", "ingress", PORT, of="database", to="function")


def found(entries: Any, *more: Any, port: int = PORT) -> tuple[str, str]:
    given = planned(entries, *more)
    return verdict(given, target(given, DATABASE, port))


def test_rules_on_both_sides() -> None:
    given = planned(house(), database(), OUT, IN)
    pair = pair_of(given, target(given, DATABASE, PORT))
    assert pair.verdict == "reachable"
    assert [(hop.kind, hop.address) for hop in pair.hops] == [
        ("security group rule", OUT["address"]),
        ("local route", ""),
        ("security group rule", IN["address"]),
    ]


def test_without_a_rule_on_one_side() -> None:
    assert found(house(), database(), IN) == (
        "unreachable",
        "an egress rule of aws_security_group.function for TCP 5432 to aws_db_instance.orders",
    )
    assert found(house(), database(), OUT) == (
        "unreachable",
        "an ingress rule of aws_security_group.database for TCP 5432 from aws_lambda_function.api",
    )


def old(direction: str, of: str, **more: Any) -> Entry:
    given = {"type": direction, "protocol": "tcp", "from_port": PORT, "to_port": PORT, **more}
    return made(f"aws_security_group_rule.{of}", security_group_id=To(f"aws_security_group.{of}.id"), **given)


def inline(**more: Any) -> Entry:
    block = {"protocol": "tcp", "from_port": PORT, "to_port": PORT, **more}
    return group("database", ingress=[block])


FUNCTION_GROUP = To("aws_security_group.function.id")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (old("ingress", "database", source_security_group_id=FUNCTION_GROUP), "reachable"),
        (old("ingress", "database", cidr_blocks=["10.0.0.0/16"]), "reachable"),
        (old("ingress", "database", cidr_blocks=["10.0.0.0/24"]), "unreachable"),
        (old("ingress", "database", cidr_blocks=["10.0.0.0/24", "10.0.1.0/24"]), "reachable"),
        (old("ingress", "database", cidr_blocks=["10.0.0.0/25", "10.0.1.0/24"]), "undecidable"),
        (old("ingress", "database", cidr_blocks=["10.0.0.0/25", "10.0.0.128/25", "10.0.1.0/24"]), "reachable"),
        (old("ingress", "database", cidr_blocks=[To("aws_vpc.main.cidr_block")]), "reachable"),
        (old("ingress", "database", cidr_blocks=To("local.ranges")), "undecidable"),
        (old("ingress", "database", source_security_group_id=To("local.callers")), "undecidable"),
        (old("ingress", "database", source_security_group_id="sg-0123456789abcdef0"), "unreachable"),
        (old("ingress", "database", source_security_group_id=FUNCTION_GROUP, to_port=To("local.port")), "undecidable"),
        (
            old(
                "ingress",
                "database",
                source_security_group_id=FUNCTION_GROUP,
                from_port=To(f"{DATABASE}.port"),
                to_port=To(f"{DATABASE}.port"),
            ),
            "reachable",
        ),
        (old("ingress", "database", source_security_group_id=FUNCTION_GROUP, to_port=5431), "unreachable"),
        (old("ingress", "database", source_security_group_id=FUNCTION_GROUP, protocol="udp"), "unreachable"),
        (old("ingress", "database", source_security_group_id=FUNCTION_GROUP, protocol="6"), "reachable"),
        (old("ingress", "database", self=True), "unreachable"),
        (old("egress", "database", source_security_group_id=FUNCTION_GROUP), "unreachable"),
        (inline(security_groups=[FUNCTION_GROUP]), "reachable"),
        (inline(security_groups=[To("aws_security_group.database.id")]), "unreachable"),
        (inline(cidr_blocks=["10.0.0.0/16"]), "reachable"),
        (inline(self=True), "unreachable"),
        (inline(protocol="-1", from_port=0, to_port=0, cidr_blocks=["0.0.0.0/0"]), "reachable"),
        (admit("in", "ingress", 0, of="database", to="function", protocol="-1"), "reachable"),
        (admit("in", "ingress", PORT, of="database", cidr="10.0.0.0/23"), "reachable"),
    ],
)
def test_ingress_in_every_spelling(rule: Entry, expected: str) -> None:
    assert found(house(), database(), OUT, rule)[0] == expected


def test_rules_of_one_group_s_blocks_are_not_taken_for_one_another() -> None:
    """Blocks of one group share their references: the group of another port is not told from that of this one."""
    blocks = [
        {
            "protocol": "tcp",
            "from_port": port,
            "to_port": port,
            "security_groups": [To(f"aws_security_group.{name}.id")],
        }
        for port, name in ((PORT, "function"), (9000, "other"))
    ]
    entry = group("database", ingress=blocks)
    entry["expressions"]["ingress"] = {"references": ["aws_security_group.function.id", "aws_security_group.other.id"]}
    assert found(house(), group("other"), database(), OUT, entry)[0] == "undecidable"


def test_an_open_group_that_is_shared_admits_itself() -> None:
    entry = group("function", ingress=[{"protocol": "tcp", "from_port": PORT, "to_port": PORT, "self": True}])
    egress = admit("out", "egress", PORT, of="function", to="function")
    shared = database(vpc="main")
    shared[1] = made(
        DATABASE,
        port=PORT,
        db_subnet_group_name=To("aws_db_subnet_group.orders.name"),
        vpc_security_group_ids=[To("aws_security_group.function.id")],
    )
    assert found(house(), shared, entry, egress) == ("reachable", "")


def test_a_port_that_is_not_known() -> None:
    given = planned(house(), database(), OUT, IN)
    assert pair_of(given, target(given, DATABASE)).verdict == "undecidable"
    every = [
        admit("out", "egress", 0, of="function", to="database", protocol="-1"),
        admit("in", "ingress", 0, of="database", to="function", protocol="-1"),
    ]
    given = planned(house(), database(), every)
    assert pair_of(given, target(given, DATABASE)).verdict == "reachable"


def test_the_default_group_of_a_vpc_lets_everything_out_and_itself_in() -> None:
    default = {"vpc_security_group_ids": [To("aws_vpc.main.default_security_group_id")]}
    entries = database()
    entries[1] = made(DATABASE, port=PORT, db_subnet_group_name=To("aws_db_subnet_group.orders.name"), **default)
    caller = function(vpc_config={"security_group_ids": [To("aws_vpc.main.default_security_group_id")]})
    assert found(house(), entries, caller) == ("reachable", "")
    emptied = made("aws_default_security_group.main", vpc_id=To("aws_vpc.main.id"))
    assert found(house(), entries, caller, emptied)[0] == "unreachable"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"db_subnet_group_name": "elsewhere"}, ("undecidable", "the subnets of the subnet group elsewhere")),
        ({"db_subnet_group_name": None}, ("undecidable", "the default VPC")),
        ({"vpc_security_group_ids": ["sg-0123456789abcdef0"]}, ("undecidable", "the rules of sg-0123456789abcdef0")),
        (
            {"vpc_security_group_ids": To("local.groups")},
            ("undecidable", "the security groups of aws_db_instance.orders"),
        ),
    ],
)
def test_where_a_database_stands(more: dict[str, Any], expected: tuple[str, str]) -> None:
    entries = database()
    settings = {
        "port": PORT,
        "db_subnet_group_name": To("aws_db_subnet_group.orders.name"),
        "vpc_security_group_ids": [To("aws_security_group.database.id")],
        **more,
    }
    entries[1] = made(DATABASE, **{name: value for name, value in settings.items() if value is not None})
    everything = admit("out", "egress", PORT, of="function", cidr="0.0.0.0/0")
    verdict_, missing = found(house(), entries, everything, IN)
    assert verdict_ == expected[0], missing
    assert expected[1] in missing


PORT_OUT = ("egress", 100, "allow", "10.0.0.0/8", PORT, PORT)
ANSWERS = ("ingress", 100, "allow", "10.0.0.0/8", 1024, 65535)
PORT_IN = ("ingress", 100, "allow", "10.0.0.0/8", PORT, PORT)
ANSWERS_OUT = ("egress", 100, "allow", "10.0.0.0/8", 1024, 65535)


@pytest.mark.parametrize(
    ("subnets", "rules", "expected"),
    [
        (["private_a", "private_b"], (PORT_OUT, ANSWERS), "reachable"),
        (["private_a", "private_b"], (PORT_OUT,), "unreachable"),
        (["data_a", "data_b"], (PORT_IN, ANSWERS_OUT), "reachable"),
        (["data_a", "data_b"], (PORT_IN,), "unreachable"),
        (["data_a", "data_b"], (ANSWERS_OUT,), "unreachable"),
        (["data_b"], (ANSWERS_OUT,), "undecidable"),
    ],
)
def test_network_acls_on_both_sides(subnets: list[str], rules: Any, expected: str) -> None:
    """A database stands in one of its subnets, so that one ACL that denies leaves it open."""
    data = [*subnet("data_a", 20), *subnet("data_b", 21)]
    rules_ = acl(subnets, *rules)
    assert found(house(), data, database(subnets=("data_a", "data_b")), OUT, IN, rules_)[0] == expected


def test_an_outside_database_is_not_reached_from_outside_a_vpc() -> None:
    caller = made("aws_lambda_function.api", function_name="api")
    assert found(house(), database(publicly_accessible=False), caller) == (
        "unreachable",
        "a vpc_config of aws_lambda_function.api in the VPC of aws_db_instance.orders",
    )
    assert found(house(), database(publicly_accessible=True), caller)[0] == "undecidable"


def files(*zones: str, **more: Any) -> list[Entry]:
    return [
        made("aws_efs_file_system.files"),
        group("files"),
        admit("nfs", "ingress", 2049, of="files", to="function"),
        admit("nfs_out", "egress", 2049, of="function", to="files"),
        *(
            made(
                f"aws_efs_mount_target.{zone}",
                file_system_id=To("aws_efs_file_system.files.id"),
                subnet_id=To(f"aws_subnet.private_{zone}.id"),
                security_groups=[To("aws_security_group.files.id")],
                **more,
            )
            for zone in zones
        ),
    ]


@pytest.mark.parametrize(
    ("zones", "expected"),
    [
        (("a", "b"), ("reachable", "")),
        (("a",), ("unreachable", "a mount target of aws_efs_file_system.files in eu-west-1b")),
        ((), ("unreachable", "a mount target of aws_efs_file_system.files")),
    ],
)
def test_a_mount_target_in_each_zone(zones: tuple[str, ...], expected: tuple[str, str]) -> None:
    given = planned(house(), files(*zones))
    verdict_, missing = verdict(given, target(given, "aws_efs_file_system.files", 2049))
    assert verdict_ == expected[0]
    assert expected[1] in missing


def two_vpcs() -> dict[str, Entry]:
    entries = house()
    more = [
        made("aws_vpc.other", cidr_block="10.1.0.0/16"),
        *subnet("data_a", 0, vpc="other"),
        *subnet("data_b", 1, vpc="other"),
        *database(subnets=("data_a", "data_b"), vpc="other"),
        OUT,
        IN,
    ]
    return {**entries, **{entry["address"]: entry for entry in more}}


def ways(attribute: str, to: str, *, back: bool = True) -> list[Entry]:
    pairs = [(f"private_{zone}", "10.1.0.0/16") for zone in ("a", "b")]
    pairs += [(f"data_{zone}", "10.0.0.0/16") for zone in ("a", "b")] if back else []
    return [
        made(
            f"aws_route.{name}_over",
            route_table_id=To(f"aws_route_table.{name}.id"),
            destination_cidr_block=cidr,
            **{attribute: To(to)},
        )
        for name, cidr in pairs
    ]


def peering(**more: Any) -> Entry:
    settings = {"vpc_id": To("aws_vpc.main.id"), "peer_vpc_id": To("aws_vpc.other.id"), "auto_accept": True, **more}
    return made("aws_vpc_peering_connection.over", **settings)


OVER = ("vpc_peering_connection_id", "aws_vpc_peering_connection.over.id")


@pytest.mark.parametrize(
    ("connection", "routes", "expected"),
    [
        (peering(), ways(*OVER), ("reachable", "")),
        (peering(vpc_id=To("aws_vpc.other.id"), peer_vpc_id=To("aws_vpc.main.id")), ways(*OVER), ("reachable", "")),
        (peering(), ways(*OVER, back=False), ("unreachable", "a route of aws_route_table.data_a from")),
        (
            peering(auto_accept=False),
            ways(*OVER),
            ("undecidable", "whether aws_vpc_peering_connection.over is accepted"),
        ),
        (peering(peer_vpc_id="vpc-0123456789abcdef0"), ways(*OVER), ("unreachable", "a peering connection of")),
        (peering(peer_vpc_id=To("local.vpc")), ways(*OVER), ("undecidable", "which VPCs")),
    ],
)
def test_peering(connection: Entry, routes: list[Entry], expected: tuple[str, str]) -> None:
    verdict_, missing = found(two_vpcs(), connection, routes)
    assert verdict_ == expected[0], missing
    assert expected[1] in missing


def test_two_vpcs_without_a_way_between() -> None:
    entries = without(two_vpcs(), "aws_route.a", "aws_route.b")
    assert found(entries) == (
        "unreachable",
        "a route of aws_route_table.private_a from aws_subnet.private_a to aws_subnet.data_a",
    )


def test_the_default_route_to_nat_leads_to_no_other_vpc() -> None:
    assert found(two_vpcs())[0] == "unreachable"


def transit(*vpcs: str, **more: Any) -> list[Entry]:
    tier = {"main": "private", "other": "data"}
    return [
        made("aws_ec2_transit_gateway.over", **more),
        *(
            made(
                f"aws_ec2_transit_gateway_vpc_attachment.{vpc}",
                transit_gateway_id=To("aws_ec2_transit_gateway.over.id"),
                vpc_id=To(f"aws_vpc.{vpc}.id"),
                subnet_ids=[To(f"aws_subnet.{tier[vpc]}_a.id"), To(f"aws_subnet.{tier[vpc]}_b.id")],
            )
            for vpc in vpcs
        ),
    ]


TRANSIT = ("transit_gateway_id", "aws_ec2_transit_gateway.over.id")
BY_ADDRESS = [
    admit("in", "ingress", PORT, of="database", cidr="10.0.0.0/16"),
    admit("out", "egress", PORT, of="function", cidr="10.1.0.0/16"),
]


@pytest.mark.parametrize(
    ("given", "rules", "expected"),
    [
        (transit("main", "other"), BY_ADDRESS, ("reachable", "")),
        (transit("main", "other"), [], ("unreachable", "an egress rule")),
        (transit("main", "other", security_group_referencing_support="enable"), [], ("reachable", "")),
        (transit("main"), BY_ADDRESS, ("unreachable", "an attachment of aws_vpc.other")),
        (transit("main", "other", default_route_table_propagation="disable"), BY_ADDRESS, ("undecidable", "the route")),
        (
            [
                *transit("main", "other"),
                made("aws_ec2_transit_gateway_route.over", destination_cidr_block="10.0.0.0/8"),
            ],
            BY_ADDRESS,
            ("undecidable", "the route tables of aws_ec2_transit_gateway.over"),
        ),
    ],
)
def test_transit_gateways(given: list[Entry], rules: list[Entry], expected: tuple[str, str]) -> None:
    verdict_, missing = found(two_vpcs(), given, ways(*TRANSIT), rules)
    assert verdict_ == expected[0], missing
    assert expected[1] in missing


def test_what_stands_outside_the_plan_is_undecidable() -> None:
    given = planned(house())
    unnamed = Destination(Kind.RESOURCE, "db.elsewhere.example", ports=(PORT,))
    assert verdict(given, unnamed) == ("undecidable", "where db.elsewhere.example stands")
    caller = function(vpc_config={"subnet_ids": ["subnet-0123456789abcdef0"]})
    assert found(house(), database(), OUT, IN, caller)[0] == "undecidable"


def test_a_subnet_that_a_data_source_reads_is_in_a_vpc_of_its_own() -> None:
    data = resource("data.aws_subnet.private", {"id": "subnet-0123456789abcdef0", "vpc_id": "vpc-0123456789abcdef0"})
    caller = function(vpc_config={"subnet_ids": [To("data.aws_subnet.private.id")]})
    assert found(house(), database(), OUT, IN, data, caller)[0] == "undecidable"


def test_findings_say_it_in_whole_sentences() -> None:
    given = planned(house(), database(), IN)
    errors = [entry for entry in judged(given, target(given, DATABASE, PORT)).findings if entry.level == "error"]
    missing = "an egress rule of aws_security_group.function for TCP 5432 to aws_db_instance.orders"
    assert [(entry.rule, entry.missing) for entry in errors] == [("no-path", missing)]
    assert str(errors[0]) == (
        "aws_lambda_function.api: it cannot reach aws_db_instance.orders (a test needs it), and will wait until it "
        f"times out: {missing} is missing; add the rule"
    )


def test_what_cannot_be_told_is_a_finding_too() -> None:
    caller = function(groups=[], vpc_config={"security_group_ids": ["sg-0123456789abcdef0"]})
    given = planned(house(), database(), admit("in", "ingress", PORT, of="database", cidr="10.0.0.0/16"), caller)
    (entry,) = (e for e in judged(given, target(given, DATABASE, PORT)).findings if e.rule == "undecided-path")
    unknown = "the rules of sg-0123456789abcdef0, which is outside the plan"
    assert (entry.level, entry.missing) == ("undecidable", unknown)
    assert str(entry) == (
        "aws_lambda_function.api: whether it reaches aws_db_instance.orders (a test needs it) cannot be told, as this "
        f"is not known: {unknown}; check that it lets TCP 5432 to aws_db_instance.orders through"
    )
