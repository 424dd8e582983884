"""Paths to the internet: NAT in every form, IPv6, public subnets, network ACLs on the way."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.network.houses import (
    To,
    admit,
    function,
    group,
    host,
    house,
    made,
    pair_of,
    planned,
    verdict,
    without,
)
from tests.analysis.network.wings import (
    BACK,
    HTTPS,
    acl,
    dual_stack,
)

HOST = host()


def test_by_a_nat_gateway_in_each_zone() -> None:
    pair = pair_of(planned(house()), HOST)
    assert pair.verdict == "reachable"
    assert [(hop.kind, hop.address) for hop in pair.hops if hop.kind != "network ACL"] == [
        ("security group rule", "aws_vpc_security_group_egress_rule.https"),
        ("route", "aws_route.a"),
        ("NAT gateway", "aws_nat_gateway.a"),
        ("internet gateway", "aws_route.public"),
    ]


def test_without_a_route_of_one_subnet() -> None:
    assert verdict(planned(without(house(), "aws_route.b")), HOST) == (
        "unreachable",
        "a route of aws_route_table.private_b from 0.0.0.0/0 to a NAT gateway, for aws_subnet.private_b",
    )


def test_without_an_egress_rule() -> None:
    assert verdict(planned(without(house(), "aws_vpc_security_group_egress_rule.https")), HOST) == (
        "unreachable",
        "an egress rule of aws_security_group.function for TCP 443 to api.payments.example",
    )


def test_a_rule_for_the_vpc_only_lets_nothing_out_to_the_internet() -> None:
    rule = admit("https", "egress", 443, of="function", cidr="10.0.0.0/16")
    assert verdict(planned(house(), rule), HOST)[0] == "unreachable"


def test_a_rule_for_some_public_addresses_tells_nothing_of_a_host() -> None:
    rule = admit("https", "egress", 443, of="function", cidr="52.0.0.0/8")
    assert verdict(planned(house(), rule), HOST) == (
        "undecidable",
        "whether aws_vpc_security_group_egress_rule.https lets TCP 443 to api.payments.example through",
    )


def test_another_port_than_the_rule() -> None:
    assert verdict(planned(house()), host("mail.example", 587))[0] == "unreachable"


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"connectivity_type": "private"}, ("unreachable", "private connectivity")),
        ({"connectivity_type": To("local.kind")}, ("undecidable", "connectivity_type of aws_nat_gateway.b")),
        ({"subnet_id": To("aws_subnet.private_a.id")}, ("unreachable", "an internet gateway")),
        ({"subnet_id": To("local.subnet")}, ("undecidable", "the subnet of aws_nat_gateway.b")),
        ({"subnet_id": "subnet-0123456789abcdef0"}, ("undecidable", "subnet-0123456789abcdef0")),
        ({"subnet_id": None, "availability_mode": "regional", "vpc_id": To("aws_vpc.main.id")}, ("reachable", "")),
    ],
)
def test_what_the_nat_gateway_is(attributes: dict[str, Any], expected: tuple[str, str]) -> None:
    given = {"subnet_id": To("aws_subnet.public_b.id"), "connectivity_type": "public", **attributes}
    found, missing = verdict(planned(house(), made("aws_nat_gateway.b", **given)), HOST)
    assert found == expected[0]
    assert expected[1] in missing


def test_a_regional_nat_gateway_needs_an_internet_gateway_too() -> None:
    given = without(house(), "aws_internet_gateway.main", "aws_route.public")
    for zone in ("a", "b"):
        given[f"aws_nat_gateway.{zone}"] = made(
            f"aws_nat_gateway.{zone}", availability_mode="regional", vpc_id=To("aws_vpc.main.id")
        )
    assert verdict(planned(given), HOST) == ("unreachable", "an internet gateway of aws_vpc.main")


@pytest.mark.parametrize(
    ("attribute", "value", "expected"),
    [
        ("nat_gateway_id", "nat-0123456789abcdef0", ("undecidable", "nat-0123456789abcdef0, which is outside")),
        ("nat_gateway_id", To("local.nat"), ("undecidable", "the NAT gateway of aws_route.a")),
        ("gateway_id", To("aws_internet_gateway.main.id"), ("unreachable", "public subnet aws_subnet.private_a")),
        ("gateway_id", "igw-0123456789abcdef0", ("unreachable", "public subnet aws_subnet.private_a")),
        ("gateway_id", "vgw-0123456789abcdef0", ("undecidable", "vgw-0123456789abcdef0")),
        ("transit_gateway_id", "tgw-0123456789abcdef0", ("undecidable", "tgw-0123456789abcdef0")),
        ("vpc_peering_connection_id", "pcx-0123456789abcdef0", ("unreachable", "a NAT gateway")),
        ("vpc_endpoint_id", "vpce-0123456789abcdef0", ("undecidable", "vpce-0123456789abcdef0")),
        ("network_interface_id", "eni-0123456789abcdef0", ("undecidable", "eni-0123456789abcdef0")),
    ],
)
def test_where_the_default_route_leads(attribute: str, value: Any, expected: tuple[str, str]) -> None:
    route = made(
        "aws_route.a",
        route_table_id=To("aws_route_table.private_a.id"),
        destination_cidr_block="0.0.0.0/0",
        **{attribute: value},
    )
    found, missing = verdict(planned(house(), route), HOST)
    assert found == expected[0]
    assert expected[1] in missing


def test_a_public_subnet_gives_a_function_no_internet() -> None:
    given = planned(house(), function(["public_a", "public_b"]))
    assert verdict(given, HOST) == (
        "unreachable",
        "a way from the public subnet aws_subnet.public_a: a function's network interfaces have no public address",
    )


def test_the_first_subnet_that_fails_is_named_and_one_that_fails_is_enough() -> None:
    found, missing = verdict(planned(house(), function(["private_a", "public_b"])), HOST)
    assert (found, "aws_subnet.public_b" in missing) == ("unreachable", True)


NAT_INSTANCE = {
    "subnet_id": To("aws_subnet.public_a.id"),
    "vpc_security_group_ids": [To("aws_security_group.nat.id")],
    "source_dest_check": False,
    "associate_public_ip_address": True,
}


@pytest.mark.parametrize(
    ("attributes", "rules", "expected"),
    [
        ({}, ("ingress", "egress"), ("reachable", "")),
        ({"source_dest_check": True}, ("ingress", "egress"), ("unreachable", "source_dest_check = false")),
        ({"source_dest_check": None}, ("ingress", "egress"), ("unreachable", "source_dest_check = false")),
        ({"associate_public_ip_address": None}, ("ingress", "egress"), ("undecidable", "a public address")),
        ({"subnet_id": To("aws_subnet.private_b.id")}, ("ingress", "egress"), ("unreachable", "internet gateway")),
        ({}, ("egress",), ("unreachable", "an ingress rule of aws_security_group.nat")),
        ({}, ("ingress",), ("unreachable", "an egress rule of aws_security_group.nat")),
    ],
)
def test_a_nat_instance(attributes: dict[str, Any], rules: tuple[str, ...], expected: tuple[str, str]) -> None:
    settings = {name: value for name, value in {**NAT_INSTANCE, **attributes}.items() if value is not None}
    every = {
        "ingress": admit("nat_in", "ingress", 443, of="nat", to="function"),
        "egress": admit("nat_out", "egress", 443, of="nat", cidr="0.0.0.0/0"),
    }
    route = made(
        "aws_route.a",
        route_table_id=To("aws_route_table.private_a.id"),
        destination_cidr_block="0.0.0.0/0",
        network_interface_id=To("aws_instance.nat.primary_network_interface_id"),
    )
    given = planned(house(), group("nat"), made("aws_instance.nat", **settings), route, [every[name] for name in rules])
    found, missing = verdict(given, HOST)
    assert found == expected[0]
    assert expected[1] in missing


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, ("reachable", "")),
        ({"allowed": None}, ("unreachable", "vpc_config.ipv6_allowed_for_dual_stack of aws_lambda_function.api")),
        ({"allowed": False}, ("unreachable", "vpc_config.ipv6_allowed_for_dual_stack of aws_lambda_function.api")),
        ({"ranges": False}, ("unreachable", "an IPv6 range of aws_subnet.private_a")),
        ({"gateway": "gateway_id"}, ("undecidable", "takes IPv6 of a function")),
    ],
)
def test_ipv6(more: dict[str, Any], expected: tuple[str, str]) -> None:
    found, missing = verdict(planned(dual_stack(**more)), HOST)
    assert found == expected[0]
    assert expected[1] in missing


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ((HTTPS, BACK), ("reachable", "")),
        ((HTTPS,), ("unreachable", "answers on TCP 1024 to 65535 from api.payments.example")),
        ((BACK,), ("unreachable", "allows TCP 443 to api.payments.example")),
        ((HTTPS, ("ingress", 100, "allow", "0.0.0.0/0", 32768, 65535)), ("unreachable", "answers on TCP 1024")),
        ((("egress", 50, "deny", "0.0.0.0/0", 0, 1000), HTTPS, BACK), ("unreachable", "allows TCP 443")),
        ((("egress", 200, "deny", "0.0.0.0/0", 0, 65535), HTTPS, BACK), ("reachable", "")),
        ((("egress", 50, "deny", "10.0.0.0/8", 0, 65535), HTTPS, BACK), ("reachable", "")),
        ((("egress", 50, "deny", "52.0.0.0/8", 0, 65535), HTTPS, BACK), ("undecidable", "only a part of them")),
        ((("egress", 100, "allow", "10.0.0.0/16", 443, 443), BACK), ("unreachable", "allows TCP 443")),
        ((("egress", 100, "allow", "0.0.0.0/1", 443, 443), ("egress", 110, "allow", "128.0.0.0/1", 443, 443), BACK),
         ("reachable", "")),
    ],
)  # fmt: skip
def test_the_network_acl_of_the_function_s_subnets(rules: Any, expected: tuple[str, str]) -> None:
    found, missing = verdict(planned(house(), acl(["private_a", "private_b"], *rules)), HOST)
    assert found == expected[0]
    assert expected[1] in missing


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ((("ingress", 100, "allow", "0.0.0.0/0", 443, 65535), ("egress", 100, "allow", "0.0.0.0/0", 443, 65535)),
         ("reachable", "")),
        ((BACK, HTTPS), ("unreachable", "an ingress rule of the network ACL aws_network_acl.own that allows TCP 443")),
        ((("ingress", 100, "allow", "0.0.0.0/0", 443, 65535), HTTPS), ("unreachable", "answers")),
    ],
)  # fmt: skip
def test_the_network_acl_of_the_nat_gateway_s_subnet(rules: Any, expected: tuple[str, str]) -> None:
    found, missing = verdict(planned(house(), acl(["public_a", "public_b"], *rules)), HOST)
    assert found == expected[0]
    assert expected[1] in missing


def test_a_route_for_a_prefix_list_of_aws_is_not_taken_for_none() -> None:
    entries = without(house(), "aws_route.a", "aws_route.b")
    routes = [
        made(
            f"aws_route.{zone}",
            route_table_id=To(f"aws_route_table.private_{zone}.id"),
            destination_prefix_list_id="pl-6da54004",
            nat_gateway_id=To(f"aws_nat_gateway.{zone}.id"),
        )
        for zone in ("a", "b")
    ]
    assert verdict(planned(entries, routes), HOST) == ("undecidable", "destination_prefix_list_id of aws_route.a")


def test_a_managed_prefix_list_stands_for_its_entries() -> None:
    entries = without(house(), "aws_route.a", "aws_route.b")
    listed = made("aws_ec2_managed_prefix_list.all", entry=[{"cidr": "0.0.0.0/1"}, {"cidr": "128.0.0.0/1"}])
    routes = [
        made(
            f"aws_route.{zone}",
            route_table_id=To(f"aws_route_table.private_{zone}.id"),
            destination_prefix_list_id=To("aws_ec2_managed_prefix_list.all.id"),
            nat_gateway_id=To(f"aws_nat_gateway.{zone}.id"),
        )
        for zone in ("a", "b")
    ]
    assert verdict(planned(entries, listed, routes), HOST) == ("reachable", "")


def test_two_halves_of_the_internet_are_all_of_it_and_one_is_not() -> None:
    halves = {}
    for zone in ("a", "b"):
        for name, cidr in (("low", "0.0.0.0/1"), ("high", "128.0.0.0/1")):
            halves[name, zone] = made(
                f"aws_route.{name}_{zone}",
                route_table_id=To(f"aws_route_table.private_{zone}.id"),
                destination_cidr_block=cidr,
                nat_gateway_id=To(f"aws_nat_gateway.{zone}.id"),
            )
    entries = without(house(), "aws_route.a", "aws_route.b")
    assert verdict(planned(entries, halves.values()), HOST)[0] == "reachable"
    del halves["high", "b"]
    assert verdict(planned(entries, halves.values()), HOST)[0] == "undecidable"
