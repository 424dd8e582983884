"""Paths to AWS services: gateway and interface endpoints, private DNS, endpoint policies, public addresses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.documents import resource
from tests.analysis.network.houses import (
    To,
    function,
    house,
    isolated,
    made,
    pair_of,
    planned,
    service,
    subnet,
    verdict,
    without,
)
from tests.analysis.network.wings import (
    S3,
    SECRETS,
    dual_stack,
    gateway,
    interface,
)


def test_an_interface_endpoint_with_private_dns() -> None:
    pair = pair_of(planned(isolated(), interface()), SECRETS)
    assert pair.verdict == "reachable"
    assert [(hop.kind, hop.address) for hop in pair.hops] == [
        ("security group rule", "aws_vpc_security_group_egress_rule.https"),
        ("local route", ""),
        ("security group rule", "aws_vpc_security_group_ingress_rule.endpoint"),
        ("private DNS", "aws_vpc_endpoint.secrets"),
        ("interface endpoint", "aws_vpc_endpoint.secrets"),
        ("endpoint policy", "aws_vpc_endpoint.secrets"),
    ]


NO_ROUTE = "a route of aws_route_table.private_a from 0.0.0.0/0 to a NAT gateway, for aws_subnet.private_a"


def test_neither_endpoint_nor_nat() -> None:
    pair = pair_of(planned(isolated()), SECRETS)
    assert (pair.verdict, pair.missing, pair.fix) == (
        "unreachable",
        f"an interface endpoint of secretsmanager in aws_vpc.main, or {NO_ROUTE}",
        "add the endpoint, or add a route from 0.0.0.0/0 to a NAT gateway",
    )


def test_by_nat() -> None:
    assert verdict(planned(house()), SECRETS) == ("reachable", "")


OTHER_VPC = [made("aws_vpc.other", cidr_block="10.1.0.0/16")]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"service_name": "com.amazonaws.eu-west-1.sqs"}, ("unreachable", "an interface endpoint of secretsmanager")),
        ({"service_name": To("local.service")}, ("undecidable", "the service of aws_vpc_endpoint.secrets")),
        ({"service_name": "cn.com.amazonaws.cn-north-1.secretsmanager"}, ("reachable", "")),
        ({"vpc_id": To("aws_vpc.other.id")}, ("unreachable", "an interface endpoint of secretsmanager")),
        ({"vpc_id": To("local.vpc")}, ("undecidable", "whether aws_vpc_endpoint.secrets stands in the VPC")),
        ({"private_dns_enabled": False}, ("unreachable", "private DNS of aws_vpc_endpoint.secrets")),
        ({"private_dns_enabled": None}, ("unreachable", "private DNS of aws_vpc_endpoint.secrets")),
        ({"private_dns_enabled": To("local.dns")}, ("undecidable", "private_dns_enabled of aws_vpc_endpoint.secrets")),
        ({"subnet_ids": None}, ("unreachable", "a subnet of aws_vpc_endpoint.secrets")),
        ({"subnet_ids": [To("aws_subnet.private_a.id")]}, ("reachable", "")),
        ({"security_group_ids": None}, ("unreachable", "an ingress rule of the default security group")),
        ({"security_group_ids": ["sg-0123456789abcdef0"]}, ("undecidable", "the rules of sg-0123456789abcdef0")),
        ({"security_group_ids": To("local.groups")}, ("undecidable", "security groups of aws_vpc_endpoint.secrets")),
    ],
)
def test_what_the_interface_endpoint_is(more: dict[str, Any], expected: tuple[str, str]) -> None:
    found, missing = verdict(planned(isolated(), OTHER_VPC, interface(**more)), SECRETS)
    assert found == expected[0], missing
    assert expected[1] in missing


def test_the_service_s_names_lead_to_the_endpoint_although_there_is_nat() -> None:
    """A group that does not admit the function is not helped by a NAT gateway."""
    entries = [entry for entry in interface() if "ingress_rule" not in entry["address"]]
    assert verdict(planned(house(), entries), SECRETS) == (
        "unreachable",
        "an ingress rule of aws_security_group.endpoint for TCP 443 from aws_lambda_function.api",
    )


def test_without_private_dns_the_names_lead_to_nat() -> None:
    assert verdict(planned(house(), interface(private_dns_enabled=False)), SECRETS) == ("reachable", "")


def test_the_environment_may_name_the_endpoint() -> None:
    variables = {"AWS_ENDPOINT_URL_SECRETS_MANAGER": To("aws_vpc_endpoint.secrets.dns_entry")}
    caller = function(environment=[{"variables": variables}])
    assert verdict(planned(isolated(), interface(private_dns_enabled=False), caller), SECRETS)[0] == "reachable"


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({"enable_dns_support": True}, ("unreachable", "enable_dns_hostnames of aws_vpc.main")),
        ({"enable_dns_hostnames": False}, ("unreachable", "enable_dns_hostnames of aws_vpc.main")),
        (
            {"enable_dns_support": False, "enable_dns_hostnames": True},
            ("unreachable", "enable_dns_support of aws_vpc.main"),
        ),
        ({"enable_dns_hostnames": To("local.dns")}, ("undecidable", "enable_dns_hostnames of aws_vpc.main")),
        ({"enable_dns_hostnames": True}, ("reachable", "")),
    ],
)
def test_private_dns_needs_the_vpc_s_dns(flags: dict[str, Any], expected: tuple[str, str]) -> None:
    vpc = made("aws_vpc.main", cidr_block="10.0.0.0/16", **flags)
    assert verdict(planned(house(), interface(), vpc), SECRETS) == expected


def test_associations_attach_subnets_and_groups() -> None:
    endpoint = interface(subnet_ids=None, security_group_ids=None)
    links: dict[str, Any] = {"vpc_endpoint_id": To("aws_vpc_endpoint.secrets.id")}
    more = [
        made("aws_vpc_endpoint_subnet_association.a", subnet_id=To("aws_subnet.private_a.id"), **links),
        made(
            "aws_vpc_endpoint_security_group_association.a",
            security_group_id=To("aws_security_group.endpoint.id"),
            **links,
        ),
    ]
    assert verdict(planned(isolated(), endpoint, more), SECRETS) == ("reachable", "")


def test_a_gateway_endpoint_on_both_tables() -> None:
    pair = pair_of(planned(isolated(), gateway("private_a", "private_b")), S3)
    assert pair.verdict == "reachable"
    assert ("gateway endpoint", "aws_vpc_endpoint.s3") in [(hop.kind, hop.address) for hop in pair.hops]


def test_a_gateway_endpoint_on_one_table() -> None:
    table = "aws_route_table.private_b, the route table of aws_subnet.private_b"
    expected = ("unreachable", f"{table}, on the gateway endpoint aws_vpc_endpoint.s3")
    assert verdict(planned(isolated(), gateway("private_a")), S3) == expected


def test_a_gateway_endpoint_on_one_table_and_nat_on_the_other() -> None:
    assert verdict(planned(house(), gateway("private_a")), S3) == ("reachable", "")


def test_a_gateway_endpoint_by_associations() -> None:
    links = [
        made(
            f"aws_vpc_endpoint_route_table_association.{zone}",
            route_table_id=To(f"aws_route_table.private_{zone}.id"),
            vpc_endpoint_id=To("aws_vpc_endpoint.s3.id"),
        )
        for zone in ("a", "b")
    ]
    assert verdict(planned(isolated(), gateway(), links), S3) == ("reachable", "")


def test_tables_of_a_gateway_endpoint_that_are_not_known() -> None:
    found, missing = verdict(planned(isolated(), gateway(route_table_ids=To("local.tables"))), S3)
    assert (found, missing) == ("undecidable", "the route tables of aws_vpc_endpoint.s3")


def test_an_interface_endpoint_of_another_service_serves_no_s3() -> None:
    assert verdict(planned(isolated(), interface()), S3)[0] == "unreachable"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"prefix_list_id": To("aws_vpc_endpoint.s3.prefix_list_id")}, "reachable"),
        ({"prefix_list_id": To("data.aws_prefix_list.s3.id")}, "reachable"),
        ({"prefix_list_id": "pl-6da54004"}, "reachable"),
        ({"prefix_list_id": "pl-00000000"}, "unreachable"),
        ({"cidr_ipv4": "10.0.0.0/16"}, "unreachable"),
        ({"cidr_ipv4": "0.0.0.0/0"}, "reachable"),
    ],
)
def test_egress_to_the_prefix_list(rule: dict[str, Any], expected: str) -> None:
    egress = made(
        "aws_vpc_security_group_egress_rule.https",
        security_group_id=To("aws_security_group.function.id"),
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        **rule,
    )
    known = resource("data.aws_prefix_list.s3", {"name": "com.amazonaws.eu-west-1.s3", "id": "pl-6da54004"})
    given = planned(isolated(), gateway("private_a", "private_b"), egress, known)
    assert verdict(given, S3)[0] == expected


def test_a_service_in_another_region_is_public() -> None:
    given = planned(isolated(), gateway("private_a", "private_b"))
    assert verdict(given, service("s3", region="us-east-1"))[0] == "unreachable"
    elsewhere = planned(house(), gateway("private_a", "private_b"))
    assert verdict(elsewhere, service("s3", region="us-east-1"))[0] == "reachable"


def test_over_ipv6_the_sdk_must_ask_for_dual_stack_endpoints() -> None:
    asked = function(
        vpc_config={"ipv6_allowed_for_dual_stack": True},
        environment=[{"variables": {"AWS_USE_DUALSTACK_ENDPOINT": "true"}}],
    )
    assert verdict(planned(dual_stack()), SECRETS) == (
        "undecidable",
        "whether aws_lambda_function.api asks for dual-stack endpoints",
    )
    assert verdict(planned(dual_stack(), asked), SECRETS) == ("reachable", "")


def test_endpoints_of_a_vpc_outside_the_plan_are_not_known() -> None:
    entries = without(isolated(), "aws_vpc.main", "aws_internet_gateway.main", "aws_route.public")
    data = resource("data.aws_vpc.main", {"id": "vpc-0123456789abcdef0", "cidr_block": "10.0.0.0/16"})
    for name in ("private_a", "private_b"):
        number = 0 if name.endswith("a") else 1
        placed, *rest = subnet(name, number)
        moved = made(f"aws_subnet.{name}", vpc_id=To("data.aws_vpc.main.id"), availability_zone=f"eu-west-1{name[-1]}")
        entries.update({entry["address"]: entry for entry in (moved, *rest)})
        assert placed["address"] == moved["address"]
    found, missing = verdict(planned(entries, data), SECRETS)
    assert found == "undecidable"
    assert "which is outside the plan" in missing
