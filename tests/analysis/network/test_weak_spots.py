"""Weak spots: each on a network that has it, none on the sound one."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.network.weak_spots import CHECKS, weak_spots
from tests.analysis.documents import Entry
from tests.analysis.network.houses import (
    To,
    admit,
    function,
    group,
    house,
    isolated,
    made,
    network,
    subnet,
    without,
)
from tests.analysis.network.wings import (
    DATABASE,
    DATABASE_IN,
    DATABASE_OUT,
    PORT,
    database,
    files,
    gateway,
    interface,
)


def found(entries: dict[str, Entry], *more: Any) -> list[tuple[str, str]]:
    return [(entry.rule, entry.address) for entry in weak_spots(network(entries, *more))]


def sentence(rule: str, entries: dict[str, Entry], *more: Any) -> tuple[str, str]:
    (entry,) = (entry for entry in weak_spots(network(entries, *more)) if entry.rule == rule)
    return str(entry.level), str(entry)


DATA = [*subnet("data_a", 20), *subnet("data_b", 21)]
IN_DATA = database(subnets=("data_a", "data_b"))


def test_sound_networks_have_none() -> None:
    assert found(house()) == []
    assert found(house(), DATA, IN_DATA, DATABASE_OUT, DATABASE_IN) == []
    assert found(isolated(), interface(), gateway("private_a", "private_b")) == []
    assert found(house(), files("a", "b")) == []


def one_nat() -> dict[str, Entry]:
    entries = without(house(), "aws_nat_gateway.b")
    entries["aws_route.b"] = made(
        "aws_route.b",
        route_table_id=To("aws_route_table.private_b.id"),
        destination_cidr_block="0.0.0.0/0",
        nat_gateway_id=To("aws_nat_gateway.a.id"),
    )
    return entries


def crossed() -> Entry:
    return made(
        "aws_route.b",
        route_table_id=To("aws_route_table.private_b.id"),
        destination_cidr_block="0.0.0.0/0",
        nat_gateway_id=To("aws_nat_gateway.a.id"),
    )


EVERYTHING = admit("all", "egress", 0, of="function", cidr="0.0.0.0/0", protocol="-1")
ONE_SUBNET = [To("aws_subnet.private_a.id")]
BY_PROXY = [
    made(
        "aws_db_proxy.orders",
        engine_family="POSTGRESQL",
        vpc_subnet_ids=[To("aws_subnet.data_a.id"), To("aws_subnet.data_b.id")],
        vpc_security_group_ids=[To("aws_security_group.proxy.id")],
    ),
    made(
        "aws_db_proxy_target.orders",
        db_proxy_name=To("aws_db_proxy.orders.name"),
        db_instance_identifier=To(f"{DATABASE}.identifier"),
    ),
    group("proxy"),
]


@pytest.mark.parametrize(
    ("entries", "more", "expected", "level", "text"),
    [
        (
            house(),
            [function(["private_a"])],
            ("function-in-one-zone", "aws_lambda_function.api"),
            "warning",
            ("all of its subnets lie in eu-west-1a, whose outage stops it; add a subnet in "
            "another zone to vpc_config.subnet_ids"),
        ),
        (
            house(),
            [function(["public_a", "public_b"])],
            ("function-in-public-subnet", "aws_lambda_function.api"),
            "warning",
            ("its subnet aws_subnet.public_a is public, which gives a function no public address "
            "and no internet; put it into private subnets whose route table leads to a NAT gateway"),
        ),
        (
            house(),
            [EVERYTHING],
            ("function-egress-to-everything", "aws_lambda_function.api"),
            "warning",
            ("its rule aws_vpc_security_group_egress_rule.all lets all protocols out to "
            "0.0.0.0/0; name the ports, such as TCP 443, and the groups that it calls"),
        ),
        (
            house(),
            [group("client"), admit("in", "ingress", 443, of="function", to="client")],
            ("function-admits-ingress", "aws_lambda_function.api"),
            "warning",
            ("aws_security_group.function admits connections by aws_vpc_security_group_ingress_rule.in; nothing "
             "connects to a function in its VPC; remove the ingress rules"),
        ),
        (
            one_nat(),
            [],
            ("one-nat-for-zones", "aws_nat_gateway.a"),
            "warning",
            ("subnets in eu-west-1a, eu-west-1b all leave by it; an outage of its zone cuts all off; "
            "add a NAT gateway in each zone, with a route table for each"),
        ),
        (
            house(),
            [subnet("private_c", 3), *subnet("public_c", 103, table="aws_route_table.public"), crossed(),
             [made("aws_nat_gateway.c", subnet_id=To("aws_subnet.public_c.id")),
              made("aws_route.c", route_table_id=To("aws_route_table.private_c.id"),
                   destination_cidr_block="0.0.0.0/0", nat_gateway_id=To("aws_nat_gateway.c.id"))]],
            ("nat-in-other-zone", "aws_nat_gateway.a"),
            "warning",
            ("aws_subnet.private_b in eu-west-1b leaves by it, although it stands in eu-west-1a; "
            "lead each route table to the NAT gateway of its own zone"),
        ),
        (
            house(),
            [interface(subnet_ids=ONE_SUBNET)],
            ("endpoint-in-one-zone", "aws_vpc_endpoint.secrets"),
            "warning",
            ("it stands in eu-west-1a only, and functions in eu-west-1a, eu-west-1b depend on "
            "it; add a subnet of each zone to subnet_ids"),
        ),
        (
            house(),
            [gateway("private_a")],
            ("gateway-endpoint-on-some-tables", "aws_vpc_endpoint.s3"),
            "warning",
            ("functions behind aws_route_table.private_b reach s3 by another route, and pay for each "
            "GB; associate the endpoint with every route table of functions"),
        ),
        (
            house(),
            [interface(), made("aws_vpc.main", cidr_block="10.0.0.0/16", enable_dns_support=True)],
            ("private-dns-without-vpc-dns", "aws_vpc_endpoint.secrets"),
            "error",
            ("AWS refuses its private DNS: enable_dns_hostnames of aws_vpc.main is not true; "
            "set enable_dns_hostnames to true"),
        ),
        (
            house(),
            [DATA, database(subnets=("data_a",)), DATABASE_OUT, DATABASE_IN],
            ("database-in-one-zone", DATABASE),
            "error",
            ("all of its subnets lie in eu-west-1a; RDS refuses fewer than two zones; add a "
            "subnet in another zone"),
        ),
        (
            house(),
            [database(subnets=("public_a", "public_b")), DATABASE_OUT, DATABASE_IN],
            ("database-in-public-subnet", DATABASE),
            "warning",
            ("its subnet aws_subnet.public_a has a route to an internet gateway; put it into "
            "subnets without such a route"),
        ),
        (
            house(),
            [DATA, IN_DATA, DATABASE_OUT, DATABASE_IN, BY_PROXY],
            ("database-around-proxy", DATABASE),
            "warning",
            ("aws_lambda_function.api can connect to it directly, although aws_db_proxy.orders "
            "fronts it; remove the rule that admits the function, and let it connect to the proxy"),
        ),
        (
            house(),
            [DATA, IN_DATA, DATABASE_OUT, admit("in", "ingress", PORT, of="database", cidr="0.0.0.0/0")],
            ("ingress-from-everywhere", "aws_security_group.database"),
            "warning",
            ("its rule aws_vpc_security_group_ingress_rule.in admits TCP 5432 from "
            "0.0.0.0/0; name the security groups that connect"),
        ),
        (
            house(),
            [DATA, IN_DATA, DATABASE_OUT, admit("in", "ingress", PORT, of="database", cidr="10.0.0.0/16")],
            ("database-open-to-addresses", "aws_security_group.database"),
            "warning",
            ("its rule aws_vpc_security_group_ingress_rule.in admits 10.0.0.0/16 to "
            "aws_db_instance.orders; name the security groups that connect"),
        ),
    ],
)  # fmt: skip
def test_each_weak_spot(
    entries: dict[str, Entry], more: list[Any], expected: tuple[str, str], level: str, text: str
) -> None:
    assert found(entries, *more) == [expected]
    assert sentence(expected[0], entries, *more) == (level, f"{expected[1]}: {text}")


def test_groups_that_admit_nothing() -> None:
    entries = [entry for entry in files("a", "b") if entry["address"] != "aws_vpc_security_group_ingress_rule.nfs"]
    assert found(house(), entries) == [
        ("group-without-rules", "aws_efs_mount_target.a"),
        ("group-without-rules", "aws_efs_mount_target.b"),
    ]


def test_a_public_load_balancer_has_to_admit_everyone() -> None:
    entries = [
        group("web"),
        admit("web", "ingress", 443, of="web", cidr="0.0.0.0/0"),
        made(
            "aws_lb.web",
            subnets=[To("aws_subnet.public_a.id"), To("aws_subnet.public_b.id")],
            security_groups=[To("aws_security_group.web.id")],
        ),
    ]
    assert found(house(), entries) == []


def test_what_is_not_known_is_no_weak_spot() -> None:
    caller = function(vpc_config={"subnet_ids": To("local.subnets")})
    assert found(house(), caller, interface(subnet_ids=To("local.subnets"))) == []
    assert found(house(), function(["private_a"], vpc_config={"subnet_ids": ["subnet-0123456789abcdef0"]})) == [
        ("function-in-one-zone", "aws_lambda_function.api")
    ]


def test_every_check_is_one_rule() -> None:
    names = [check.__name__ for check in CHECKS]
    assert len(set(names)) == len(names)
