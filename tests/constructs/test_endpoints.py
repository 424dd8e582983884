"""One registry of endpoints per VPC: duplicates and conflicts are refused, and what a function needs is added once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modules.network import InterfaceEndpoint, Network
from modules.network.base import InternetService
from tests.constructs.functions import Made, refusal

pytestmark = pytest.mark.synth
HERE = "dev-main-eu-west-1-orders/network"


def network(source: Path, **fields: Any) -> Network:
    return Made(source, **{"egress": "endpoints_only", **fields}).network


def test_a_declared_need_adds_one_endpoint_and_no_second(source: Path) -> None:
    made = Made(source, egress="endpoints_only")
    first = made.network.endpoint_for("sqs")
    assert isinstance(first, InterfaceEndpoint)
    assert made.network.endpoint_for("sqs") is first
    assert made.network.endpoint("sqs") is first
    endpoints = made.resources("aws_vpc_endpoint")
    assert sorted(each["service_name"].rsplit(".", 1)[1] for each in endpoints.values()) == ["dynamodb", "s3", "sqs"]


def test_gateway_endpoints_come_first_as_they_cost_nothing(source: Path) -> None:
    made = network(source, endpoints={"gateway": [], "s3_private_dns": "vpc"})
    gateway = made.endpoint_for("s3")
    interface = made.endpoint_for("s3", interface=True)
    assert not isinstance(gateway, InterfaceEndpoint)
    assert isinstance(interface, InterfaceEndpoint)
    assert made.endpoint("s3") is gateway
    assert made.endpoint_for("s3", interface=True) is interface


def test_with_a_way_to_the_internet_nothing_is_added_unless_an_interface_is_asked_for(source: Path) -> None:
    alarms = {"enabled": False, "reason": "not what this test is about"}
    made = network(source, egress="nat_per_zone", alarms=alarms)
    assert isinstance(made.endpoint_for("sqs"), InternetService)
    assert isinstance(made.endpoint_for("sqs", interface=True), InterfaceEndpoint)
    assert isinstance(made.endpoint_for("sqs"), InterfaceEndpoint)


def test_a_network_without_any_way_out_adds_none(source: Path) -> None:
    made = network(source, egress="none")
    assert refusal(lambda: made.endpoint_for("sqs")) == (
        f'{HERE}: a way to the service "sqs" is asked for; the network has no route to the internet, and endpoints for '
        "dynamodb, s3; add it to endpoints.gateway or endpoints.interface"
    )


def test_a_service_that_the_catalogue_has_not(source: Path) -> None:
    made = network(source)
    assert refusal(lambda: made.endpoint_for("redis")) == (
        f'{HERE}: an endpoint for "redis" is asked for; the catalogue of endpoint services has no such service; '
        "correct it"
    )


def test_a_gateway_endpoint_of_a_service_that_has_none(source: Path) -> None:
    made = network(source)
    assert refusal(lambda: made.endpoint_for("sqs", interface=False)) == (
        f'{HERE}: an endpoint for "sqs" is asked for; gateway endpoints lead to dynamodb and s3; ask for another kind'
    )


@pytest.mark.parametrize(("kind", "service"), [("gateway", "s3"), ("interface", "sqs")])
def test_a_second_endpoint_of_one_kind(source: Path, kind: str, service: str) -> None:
    registry = network(source, endpoints={"interface": ["sqs"]})._endpoints
    add = registry.add_gateway if kind == "gateway" else registry.add_interface
    assert refusal(lambda: add(service)) == (
        f'{HERE}: a second {kind} endpoint for "{service}" is asked for; a VPC has one of them for a service, as a '
        f'second would claim the same routes or names; use endpoint_for("{service}"), which returns the first'
    )


def test_images_need_both_registries_endpoints_and_s3(source: Path) -> None:
    made = network(source)
    assert refusal(lambda: made.endpoint_for("ecr.dkr")) == (
        f'{HERE} endpoints: interface holds "ecr.dkr" without "ecr.api"; ecr.dkr is of no use without ecr.api (ECR '
        'guide); add "ecr.api" to interface'
    )
    for service in ("ecr.api", "ecr.dkr"):
        assert made.endpoint_for(service) is made.endpoint(service)


def test_s3_with_private_dns_for_resolvers_needs_its_gateway_endpoint(source: Path) -> None:
    made = network(source, endpoints={"gateway": []})
    assert refusal(lambda: made.endpoint_for("s3", interface=True)) == (
        f'{HERE} endpoints: interface holds "s3", s3_private_dns is "inbound_resolver", and gateway has no "s3"; '
        "private DNS for inbound resolvers only takes a gateway endpoint of S3 in the VPC (S3 guide); "
        'add "s3" to gateway, or set s3_private_dns to vpc or none'
    )


@pytest.mark.parametrize(
    ("choice", "private_dns", "options"),
    [
        ("inbound_resolver", True, {"private_dns_only_for_inbound_resolver_endpoint": True}),
        ("vpc", True, {"private_dns_only_for_inbound_resolver_endpoint": False}),
        ("none", False, None),
    ],
)
def test_private_dns_of_s3(source: Path, choice: str, options: Any, *, private_dns: bool) -> None:
    made = Made(source, endpoints={"gateway": ["s3"], "interface": ["s3"], "s3_private_dns": choice})
    [interface] = [
        each for each in made.resources("aws_vpc_endpoint").values() if each["vpc_endpoint_type"] == "Interface"
    ]
    assert (interface["private_dns_enabled"], interface.get("dns_options")) == (private_dns, options)


def test_dynamodb_has_no_private_dns_on_its_interface_endpoint(source: Path) -> None:
    made = Made(source, endpoints={"gateway": [], "interface": ["dynamodb"]})
    assert made.only("aws_vpc_endpoint")["private_dns_enabled"] is False


def test_an_endpoint_stands_in_the_zones_that_have_the_service(source: Path) -> None:
    made = Made(source, endpoints={"interface": ["sqs"], "zones": {"sqs": ["eu-west-1b"]}})
    [association] = made.resources("aws_vpc_endpoint_subnet_association")
    assert association.startswith("network_endpoint-sqs_subnet-b")


def test_a_plan_asks_aws_for_zones_and_policies_unless_told_otherwise(source: Path) -> None:
    checked = Made(source, endpoints={"gateway": [], "interface": ["sqs"]})
    first, second = checked.only("aws_vpc_endpoint")["lifecycle"]["precondition"]
    assert first["error_message"] == (
        f"{HERE}/endpoint-sqs: the endpoint stands in eu-west-1a, eu-west-1b; the service com.amazonaws.eu-west-1.sqs "
        "is not offered in all of them; name those that have it in endpoints.zones.sqs"
    )
    assert second["error_message"] == (
        f"{HERE}/endpoint-sqs: the endpoint has a policy; the service com.amazonaws.eu-west-1.sqs takes none; set "
        "endpoints.policies.sqs.full_access_reason"
    )


def test_a_plan_asks_nothing_where_that_is_not_wanted(source: Path) -> None:
    reason = "the role that plans may not describe endpoint services"
    made = Made(source, endpoints={"gateway": [], "interface": ["sqs"], "unchecked_zones_reason": reason})
    assert "lifecycle" not in made.only("aws_vpc_endpoint")


def test_inline_subnets_need_no_associations(source: Path) -> None:
    made = Made(source, endpoints={"gateway": [], "interface": ["sqs"], "subnet_attachment": "inline"})
    assert len(made.only("aws_vpc_endpoint")["subnet_ids"]) == 2
    assert not made.resources("aws_vpc_endpoint_subnet_association")
