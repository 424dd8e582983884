"""Networks that exist already: nothing by halves, no subnet twice, no second endpoint."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.target import Target
from modules.network import ExistingEndpointConfig, ExistingNetworkConfig, NetworkLookupConfig
from tests.modules.core.samples import (
    CI,
    KNOWN_LATER,
    STRING_TOKEN,
    fields_of,
    refusal,
    refuses_or_keeps,
    sentence,
)

ONE, TWO, THREE, FOUR = (f"subnet-{number:017d}" for number in range(1, 5))
A, B = "eu-west-1a", "eu-west-1b"
VALID: dict[str, Any] = {"vpc_id": "vpc-0123456789abcdef0", "subnets": {"private": {A: ONE, B: TWO}}}
LOOKUP: dict[str, Any] = {
    "vpc_tags": {"Name": "shared"},
    "subnet_tags": {"private": {"tier": "private"}},
    "availability_zones": [A, B],
}
TWO_ZONES = "a VPC function needs 2 availability zones (a zone outage stops it)"


def target(region: str = "eu-west-1") -> Target:
    fields = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "owner": "me"}
    return Target.parse({**fields, "stack": "orders", "region": region})


def test_the_least_that_a_network_is_named_by() -> None:
    config = ExistingNetworkConfig.parse(VALID)
    assert config.endpoints.gateway == ()
    assert not config.reaches_internet
    assert ExistingNetworkConfig.parse({**VALID, "vpc_id": STRING_TOKEN}).vpc_id == STRING_TOKEN


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"vpc_id": "orders"},
         ['vpc_id is "orders"; a VPC is named by its id, like vpc-0123456789abcdef0; copy it from EC2']),
        ({"subnets": {}},
         ["subnets has no tier private; interface endpoints and functions stand in it; name its subnets"]),
        ({"subnets": {"private": {A: ONE}}}, [
            f"subnets.private is in {A} only; {TWO_ZONES}; add a subnet in another zone, or set single_zone_reason"]),
        ({"subnets": {"private": {A: ONE, B: TWO}, "isolated": {A: THREE}}}, [
            (f"subnets.private has the zone {B}, and subnets.isolated has not; every tier has a subnet in each zone; "
            "name it, or leave the zone out")]),
        ({"subnets": {"private": {A: ONE, B: TWO}, "public": {A: ONE, B: FOUR}}}, [
            (f'subnets.private.{A} and subnets.public.{A} are "{ONE}"; a subnet lies in one zone and belongs to one '
            "tier; correct one of them")]),
        ({"subnets": {"private": {A: ONE, B: ONE}}}, [
            (f'subnets.private.{A} and subnets.private.{B} are "{ONE}"; a subnet lies in one zone and belongs to one '
            "tier; correct one of them")]),
        ({"subnets": {"private": {STRING_TOKEN: ONE, B: TWO}}},
         [f'subnets.private.{STRING_TOKEN} is "{STRING_TOKEN}"; {KNOWN_LATER}']),
        ({"route_table_ids": {"private": {A: "rtb-0123456789abcdef0"}}}, [
            (f"route_table_ids has no private.{B}; a gateway endpoint that some subnets have no route to is a trap; "
            "name the route table, or remove route_table_ids")]),
        ({"endpoints": {"gateway": ["s3"]}}, [
            ("endpoints.gateway is (s3), and route_table_ids is empty; a gateway endpoint is a route; "
            "give route_table_ids")]),
        ({"existing_endpoints": {"sqs": [{}]}}, [
            ("existing_endpoints.sqs[0]: security_group_id and prefix_list_id are neither given; an interface endpoint "
            "has a security group, a gateway endpoint a prefix list; give one of them")]),
        ({"existing_endpoints": {"sqs": [{"prefix_list_id": "pl-01234567"}]}}, [
            ("existing_endpoints.sqs has a prefix_list_id; gateway endpoints lead to dynamodb and s3; "
            "give its security_group_id")]),
        ({"existing_endpoints": {"s3": []}}, [
            "existing_endpoints.s3 holds 0 endpoints; a service has one endpoint of each kind; correct the list"]),
    ],
)  # fmt: skip
def test_networks_given_by_halves_are_refused(fields: dict[str, Any], expected: list[str]) -> None:
    assert refusal(ExistingNetworkConfig, {**VALID, **fields}) == expected


def test_an_endpoint_is_of_one_kind() -> None:
    both = {"security_group_id": "sg-01234567", "prefix_list_id": "pl-01234567"}
    assert sentence(ExistingEndpointConfig, both) == (
        "security_group_id and prefix_list_id are both given; an interface endpoint has a security group, a gateway "
        "endpoint a prefix list; give one of them"
    )


def test_zones_of_another_region() -> None:
    config = ExistingNetworkConfig.parse(VALID)
    assert [str(problem) for problem in config.target_checks(target("us-east-1"))] == [
        "subnets are in eu-west-1a, eu-west-1b; the target's region is us-east-1; name others"
    ]
    lookup = NetworkLookupConfig.parse(LOOKUP)
    assert [str(problem) for problem in lookup.target_checks(target("us-east-1"))] == [
        "availability_zones holds eu-west-1a, eu-west-1b; the target's region is us-east-1; name zones of that region"
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"vpc_tags": {}}, "vpc_tags is empty; every VPC has all of no tags; name at least one tag"),
        ({"subnet_tags": {}},
         "subnet_tags has no tier private; interface endpoints and functions stand in it; name its tags"),
        ({"subnet_tags": {"private": {}}}, "subnet_tags.private is empty; every subnet has all of no tags; name a tag"),
        ({"subnet_tags": {"private": {"tier": "x"}, "public": {"tier": "x"}}},
         ("subnet_tags.private and subnet_tags.public are the same; a subnet belongs to one tier; "
         "name a tag that differs")),
        ({"availability_zones": []},
         f"availability_zones is empty; {TWO_ZONES}; add another zone, or set single_zone_reason"),
        ({"availability_zones": [A]},
         f"availability_zones is ({A}); {TWO_ZONES}; add another zone, or set single_zone_reason"),
        ({"endpoints": {"gateway": ["s3"]}},
         ("endpoints.gateway is (s3), and finds_route_tables is false; a gateway endpoint is a route; "
         "set finds_route_tables")),
    ],
)  # fmt: skip
def test_lookups_that_find_anything_are_refused(fields: dict[str, Any], expected: str) -> None:
    assert sentence(NetworkLookupConfig, {**LOOKUP, **fields}) == expected


@CI
@given(fields_of(ExistingNetworkConfig, {key: st.just(value) for key, value in VALID.items()}))
def test_an_existing_network_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(ExistingNetworkConfig, data)


@CI
@given(fields_of(NetworkLookupConfig, {key: st.just(value) for key, value in LOOKUP.items()}))
def test_a_lookup_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(NetworkLookupConfig, data)
