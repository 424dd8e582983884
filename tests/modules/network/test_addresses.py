"""The address plan: every subnet inside the VPC, none over another, none moved by a further zone."""

from __future__ import annotations

import ipaddress
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.limits import VPC_PREFIX_LENGTH, VPC_RESERVED_ADDRESSES_PER_SUBNET
from modules.network.addresses import (
    LONGEST_AUTOMATIC_PREFIX,
    SUBNET_PREFIX_LENGTHS,
    TIERS,
    ZONE_LETTERS,
    block,
    ipv6_number,
    split,
    subnet_cidr,
)
from tests.modules.core.samples import CI

BITS = {"private": 4, "isolated": 5, "public": 6, "lambda": 7}


@st.composite
def vpcs(draw: st.DrawFn) -> ipaddress.IPv4Network:
    prefix = draw(st.integers(SUBNET_PREFIX_LENGTHS[0], max(LONGEST_AUTOMATIC_PREFIX.values())))
    block = draw(st.integers(0, 2 ** (prefix - 8) - 1))
    return ipaddress.IPv4Network((10 * 2**24 + block * 2 ** (32 - prefix), prefix))


ZONES = st.lists(st.sampled_from([f"eu-west-1{letter}" for letter in ZONE_LETTERS]), min_size=1, unique=True)


def plan(vpc: ipaddress.IPv4Network, zones: list[str]) -> dict[tuple[str, str], ipaddress.IPv4Network]:
    """Every subnet that the VPC has room for."""
    tiers = [tier for tier in TIERS if vpc.prefixlen <= LONGEST_AUTOMATIC_PREFIX[tier]]
    return {(tier, zone): ipaddress.IPv4Network(subnet_cidr(str(vpc), tier, zone)) for zone in zones for tier in tiers}


@CI
@given(vpcs(), ZONES)
def test_subnets_lie_inside_the_vpc_and_not_over_one_another(vpc: ipaddress.IPv4Network, zones: list[str]) -> None:
    subnets = plan(vpc, zones)
    assert all(subnet.subnet_of(vpc) for subnet in subnets.values())
    assert not [pair for pair in combinations(subnets.values(), 2) if pair[0].overlaps(pair[1])]


@CI
@given(vpcs(), ZONES)
def test_sizes_are_those_documented_and_aws_takes_them(vpc: ipaddress.IPv4Network, zones: list[str]) -> None:
    for (tier, _), subnet in plan(vpc, zones).items():
        assert subnet.prefixlen == (28 if tier == "transit" else vpc.prefixlen + BITS[tier])
        assert VPC_PREFIX_LENGTH.minimum <= subnet.prefixlen <= VPC_PREFIX_LENGTH.maximum


@CI
@given(vpcs(), ZONES, st.randoms(use_true_random=False))
def test_a_further_zone_moves_nothing_and_order_does_not_matter(
    vpc: ipaddress.IPv4Network, zones: list[str], shuffle: Random
) -> None:
    before = plan(vpc, zones[:-1])
    shuffled = list(zones)
    shuffle.shuffle(shuffled)
    after = plan(vpc, shuffled)
    assert {key: after[key] for key in before} == before
    assert after == plan(vpc, zones)


@CI
@given(vpcs(), ZONES)
def test_terraform_computes_the_same_ranges(vpc: ipaddress.IPv4Network, zones: list[str]) -> None:
    for (tier, zone), subnet in plan(vpc, zones).items():
        bits, number = block(vpc.prefixlen, tier, zone)
        assert subnet == list(vpc.subnets(prefixlen_diff=bits))[number]
        assert split(str(vpc), bits, number) == str(subnet)


def test_every_subnet_has_an_ipv6_range_of_its_own_in_a_56() -> None:
    numbers = [ipv6_number(tier, f"eu-west-1{letter}") for tier in TIERS for letter in ZONE_LETTERS]
    assert numbers == list(range(40))
    assert max(numbers) < 2**8


@pytest.mark.parametrize(
    ("tier", "zone", "cidr", "usable"),
    [
        ("private", "us-east-1a", "10.20.0.0/20", 4_091),
        ("private", "us-east-1h", "10.20.112.0/20", 4_091),
        ("isolated", "us-east-1a", "10.20.128.0/21", 2_043),
        ("isolated", "us-east-1b", "10.20.136.0/21", 2_043),
        ("public", "us-east-1a", "10.20.192.0/22", 1_019),
        ("public", "us-east-1h", "10.20.220.0/22", 1_019),
        ("lambda", "us-east-1a", "10.20.224.0/23", 507),
        ("lambda", "us-east-1h", "10.20.238.0/23", 507),
        ("transit", "us-east-1a", "10.20.240.0/28", 11),
        ("transit", "us-east-1h", "10.20.240.112/28", 11),
    ],
)
def test_the_plan_of_a_16_is_what_the_table_says(tier: str, zone: str, cidr: str, usable: int) -> None:
    assert subnet_cidr("10.20.0.0/16", tier, zone) == cidr
    assert ipaddress.IPv4Network(cidr).num_addresses - VPC_RESERVED_ADDRESSES_PER_SUBNET == usable


def test_the_smallest_vpc_still_gives_every_subnet_a_usable_range() -> None:
    assert subnet_cidr("10.0.0.0/22", "public", "us-east-1h") == "10.0.3.112/28"
    assert subnet_cidr("10.0.0.0/22", "isolated", "us-east-1a") == "10.0.2.0/27"
