"""The way out: each strategy by name and by mapping, and what cannot be built."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.target import Target
from modules.network import NetworkConfig
from modules.network.egress_config import EGRESS, EndpointsOnly, NatInstance, NatPerZone, TransitGateway
from tests.modules.core.samples import CI, KNOWN_LATER, STRING_TOKEN, fields_of, refuses_or_keeps, sentence

VALID: dict[str, Any] = {"cidr": "10.20.0.0/16", "availability_zones": ["eu-west-1a", "eu-west-1b"]}
NAMES = "none, endpoints_only, ipv6_egress_only, nat_instance, nat_single, nat_per_zone, nat_regional, transit_gateway"
ADDRESS, OTHER = "eipalloc-0123456789abcdef0", "eipalloc-12345678"
AN_ADDRESS = "an elastic IP address is named by its allocation id, like eipalloc-0123456789abcdef0; copy it from EC2"
IN_ZONES = "it is one of availability_zones; correct it, or add the zone"


def network(**fields: Any) -> NetworkConfig:
    return NetworkConfig.parse({**VALID, **fields})


def refused(**fields: Any) -> str:
    return sentence(NetworkConfig, {**VALID, **fields})


def test_no_nat_gateway_without_a_word() -> None:
    assert network().egress == EndpointsOnly()


@pytest.mark.parametrize(
    ("egress", "tiers", "reaches_internet", "adds_endpoints"),
    [
        ("none", "private isolated", False, False),
        ("endpoints_only", "private isolated", False, True),
        ("ipv6_egress_only", "private isolated", False, True),
        ({"strategy": "nat_instance", "zone": "eu-west-1a"}, "private isolated public", True, True),
        ({"strategy": "nat_single", "zone": "eu-west-1b"}, "private isolated public", True, True),
        ("nat_per_zone", "private isolated public", True, True),
        ("nat_regional", "private isolated", True, True),
        ({"strategy": "transit_gateway", "transit_gateway_id": "tgw-12345678"}, "private isolated transit", True, True),
        (
            {"strategy": "transit_gateway", "transit_gateway_id": STRING_TOKEN, "leads_to_internet": False},
            "private isolated transit",
            False,
            True,
        ),
    ],
)
def test_every_strategy_says_what_it_brings(
    egress: Any,
    tiers: str,
    *,
    reaches_internet: bool,
    adds_endpoints: bool,
) -> None:
    config = network(egress=egress, ipv6=True)
    assert " ".join(config.tiers) == tiers
    assert (config.egress.reaches_internet, config.egress.adds_endpoints) == (reaches_internet, adds_endpoints)


@pytest.mark.parametrize(
    ("egress", "expected"),
    [
        ("nat", f'egress is "nat"; egress is one of {NAMES}; choose one of them'),
        (STRING_TOKEN, f'egress is "{STRING_TOKEN}"; {KNOWN_LATER}'),
        ({"strategy": "nat"}, f'egress.strategy is "nat"; it is one of {NAMES}; choose one of them'),
        ({}, "egress has no strategy; it decides which other fields there are; set it"),
        (None, "egress is None; it takes a mapping of fields; write its fields below it"),
        (
            {"strategy": "none", "zone": "eu-west-1a"},
            "egress.none.zone is not a field; remove it, or check its spelling",
        ),
        (
            "nat_single",
            (
                "egress.zone is missing; egress nat_single needs it, so that adding a zone never moves it; "
                "name one of availability_zones"
            ),
        ),
        (
            "nat_instance",
            (
                "egress.zone is missing; egress nat_instance needs it, so that adding a zone never moves it; "
                "name one of availability_zones"
            ),
        ),
        ({"strategy": "nat_single", "zone": "eu-west-1c"}, f'egress.zone is "eu-west-1c"; {IN_ZONES}'),
        (
            {"strategy": "nat_single", "zone": "eu-west-1a", "elastic_ip_allocation_id": "1.2.3.4"},
            f'egress.nat_single.elastic_ip_allocation_id is "1.2.3.4"; {AN_ADDRESS}',
        ),
        (
            {"strategy": "nat_per_zone", "elastic_ip_allocation_ids": {"eu-west-1c": ADDRESS}},
            f"egress.elastic_ip_allocation_ids names eu-west-1c; {IN_ZONES}",
        ),
        (
            {"strategy": "nat_per_zone", "elastic_ip_allocation_ids": {"eu-west-1a": ADDRESS, "eu-west-1b": ADDRESS}},
            (
                f'egress.nat_per_zone: elastic_ip_allocation_ids holds "{ADDRESS}" twice; an address serves one zone; '
                "remove one"
            ),
        ),
        (
            {"strategy": "nat_regional", "elastic_ip_allocation_ids": {"eu-west-1a": [ADDRESS]}},
            (
                "egress.elastic_ip_allocation_ids lacks eu-west-1b; AWS adds no address of its own once one is given; "
                "add the zone's"
            ),
        ),
        (
            {"strategy": "nat_regional", "elastic_ip_allocation_ids": {"eu-west-1a": [ADDRESS], "eu-west-1b": []}},
            (
                "egress.nat_regional: elastic_ip_allocation_ids.eu-west-1b is empty; a zone has at least one address; "
                "name it, or remove the zone"
            ),
        ),
        ("transit_gateway", "egress.transit_gateway.transit_gateway_id is missing; it has no default; set it"),
        (
            {"strategy": "transit_gateway", "transit_gateway_id": "vgw-12345678"},
            (
                'egress.transit_gateway.transit_gateway_id is "vgw-12345678"; a transit gateway\'s id reads like '
                "tgw-0123456789abcdef0; copy it from EC2"
            ),
        ),
        (
            {"strategy": "nat_instance", "zone": "eu-west-1a", "ami_id": "al2023"},
            'egress.nat_instance.ami_id is "al2023"; an image\'s id reads like ami-0123456789abcdef0; copy it from EC2',
        ),
        (
            {"strategy": "nat_instance", "zone": "eu-west-1a", "instance_type": "nano"},
            (
                'egress.nat_instance.instance_type is "nano"; an instance type reads like t4g.nano; write one that EC2 '
                "offers"
            ),
        ),
        (
            "ipv6_egress_only",
            (
                'egress is "ipv6_egress_only", and ipv6 is False; the egress-only internet gateway '
                "carries IPv6 only; set ipv6, or choose another egress"
            ),
        ),
    ],
)
def test_egress_that_cannot_be_built_is_refused(egress: Any, expected: str) -> None:
    assert refused(egress=egress) == expected


@pytest.mark.parametrize("token", [STRING_TOKEN, OTHER])
def test_addresses_may_be_known_later(token: str) -> None:
    egress = {"strategy": "nat_per_zone", "elastic_ip_allocation_ids": {"eu-west-1a": ADDRESS, "eu-west-1b": token}}
    assert network(egress=egress).egress == NatPerZone(
        elastic_ip_allocation_ids={"eu-west-1a": ADDRESS, "eu-west-1b": token}
    )


@pytest.mark.parametrize(
    ("instance_type", "architecture"),
    [
        ("t4g.nano", "arm64"),
        ("c7gn.medium", "arm64"),
        ("m6gd.large", "arm64"),
        ("a1.medium", "arm64"),
        ("t3.nano", "x86_64"),
        ("g4dn.xlarge", "x86_64"),
        ("c5n.large", "x86_64"),
        ("g5g.xlarge", "arm64"),
    ],
)
def test_the_instance_type_decides_the_images_architecture(instance_type: str, architecture: str) -> None:
    assert NatInstance(zone="eu-west-1a", instance_type=instance_type).architecture == architecture


def target(version: str) -> Target:
    fields = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}
    return Target.parse({**fields, "stack": "orders", "owner": "me", "aws_provider_version": version})


def test_a_regional_nat_gateway_needs_provider_6() -> None:
    config = network(egress="nat_regional")
    assert [str(problem) for problem in config.target_checks(target(">= 5.100, < 7"))] == [
        (
            'egress is "nat_regional"; AWS provider 5 knows no regional NAT gateway, and the target allows >= '
            "5.100, < 7; "
            'use nat_per_zone, or set the target\'s aws_provider_version to ">= 6.24, < 7"'
        )
    ]
    assert list(config.target_checks(target(">= 6.24, < 7"))) == []


@CI
@given(fields_of(TransitGateway, {"strategy": st.just("transit_gateway")}))
def test_a_transit_gateway_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(TransitGateway, data)


def test_every_strategy_has_a_name() -> None:
    assert ", ".join(EGRESS) == NAMES
