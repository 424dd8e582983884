"""Paths to databases, proxies, caches and file systems: rules of groups in every spelling, ACLs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.documents import Entry
from tests.analysis.network.houses import (
    To,
    admit,
    function,
    group,
    house,
    made,
    pair_of,
    planned,
    subnet,
    target,
    verdict,
)
from tests.analysis.network.wings import (
    DATABASE,
    DATABASE_IN,
    DATABASE_OUT,
    PORT,
    acl,
    database,
    files,
    reached,
)


def test_rules_on_both_sides() -> None:
    given = planned(house(), database(), DATABASE_OUT, DATABASE_IN)
    pair = pair_of(given, target(given, DATABASE, PORT))
    assert pair.verdict == "reachable"
    assert [(hop.kind, hop.address) for hop in pair.hops] == [
        ("security group rule", DATABASE_OUT["address"]),
        ("local route", ""),
        ("security group rule", DATABASE_IN["address"]),
    ]


def test_without_a_rule_on_one_side() -> None:
    assert reached(house(), database(), DATABASE_IN) == (
        "unreachable",
        "an egress rule of aws_security_group.function for TCP 5432 to aws_db_instance.orders",
    )
    assert reached(house(), database(), DATABASE_OUT) == (
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
    assert reached(house(), database(), DATABASE_OUT, rule)[0] == expected


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
    assert reached(house(), group("other"), database(), DATABASE_OUT, entry)[0] == "undecidable"


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
    assert reached(house(), shared, entry, egress) == ("reachable", "")


def test_a_port_that_is_not_known() -> None:
    given = planned(house(), database(), DATABASE_OUT, DATABASE_IN)
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
    assert reached(house(), entries, caller) == ("reachable", "")
    emptied = made("aws_default_security_group.main", vpc_id=To("aws_vpc.main.id"))
    assert reached(house(), entries, caller, emptied)[0] == "unreachable"


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
    verdict_, missing = reached(house(), entries, everything, DATABASE_IN)
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
    assert (
        reached(house(), data, database(subnets=("data_a", "data_b")), DATABASE_OUT, DATABASE_IN, rules_)[0] == expected
    )


def test_an_outside_database_is_not_reached_from_outside_a_vpc() -> None:
    caller = made("aws_lambda_function.api", function_name="api")
    assert reached(house(), database(publicly_accessible=False), caller) == (
        "unreachable",
        "a vpc_config of aws_lambda_function.api in the VPC of aws_db_instance.orders",
    )
    assert reached(house(), database(publicly_accessible=True), caller)[0] == "undecidable"


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
