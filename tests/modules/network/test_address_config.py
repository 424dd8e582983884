"""Where a network's addresses come from: explicit ranges, IPAM, secondary ranges, the tiers lambda and transit."""

from __future__ import annotations

from typing import Any

import pytest

from modules.network import NetworkConfig
from tests.modules.core.samples import KNOWN_LATER, NUMBER_TOKEN, STRING_TOKEN, refusal, sentence

A, B = "eu-west-1a", "eu-west-1b"
VALID: dict[str, Any] = {"cidr": "10.20.0.0/16", "availability_zones": [A, B]}
POOL = {"pool_id": "ipam-pool-0123456789abcdef0", "netmask_length": 20}
EXAMPLE = "write a network address such as 10.20.0.0/16"
SHARED = {"secondary_cidrs": ["100.64.0.0/18"]}
TRANSIT = {"strategy": "transit_gateway", "transit_gateway_id": "tgw-12345678"}
IN_THE_VPC = "choose a part of one, or add secondary_cidrs"


def network(**fields: Any) -> NetworkConfig:
    return NetworkConfig.parse({**VALID, **fields})


def refused(**fields: Any) -> str:
    return sentence(NetworkConfig, {**VALID, **fields})


@pytest.mark.parametrize(
    ("fields", "given"),
    [({"cidr": None}, "neither cidr nor ipam is given"), ({"ipam": POOL}, "both cidr and ipam are given")],
)
def test_a_range_comes_from_one_place(fields: dict[str, Any], given: str) -> None:
    assert refused(**fields) == f"{given}; a VPC's range comes from one of them; give exactly one of the two"


@pytest.mark.parametrize("pool_id", ["ipam-pool-0123456789abcdef0", STRING_TOKEN])
def test_a_pool_gives_the_range(pool_id: str) -> None:
    assert network(cidr=None, ipam={**POOL, "pool_id": pool_id}).prefix_length == 20


@pytest.mark.parametrize(
    ("ipam", "expected"),
    [
        (
            {**POOL, "netmask_length": 23},
            (
                "ipam.netmask_length is 23; the range of a VPC that is split automatically takes 16 to 22 bits (VPC "
                "guide; "
                "/22 at least); set a value from 16 to 22"
            ),
        ),
        ({**POOL, "netmask_length": NUMBER_TOKEN}, f"ipam.netmask_length is {NUMBER_TOKEN}; {KNOWN_LATER}"),
        (
            {**POOL, "pool_id": "pool"},
            (
                'ipam.pool_id is "pool"; an IPAM pool\'s id reads like ipam-pool-0123456789abcdef0; copy it from '
                "the VPC IP "
                "address manager"
            ),
        ),
    ],
)
def test_a_pool_that_cannot_be_used_is_refused(ipam: dict[str, Any], expected: str) -> None:
    assert refused(cidr=None, ipam=ipam) == expected


@pytest.mark.parametrize(
    ("cidr", "secondary"),
    [
        ("10.20.0.0/16", "10.21.0.0/16"),
        ("10.20.0.0/16", "100.64.0.0/16"),
        ("10.20.0.0/16", "10.0.0.0/16"),
        ("172.16.0.0/16", "172.20.0.0/28"),
        ("192.168.0.0/20", "192.168.16.0/20"),
        ("100.64.0.0/16", "100.65.0.0/16"),
    ],
)
def test_ranges_that_aws_combines_are_taken(cidr: str, secondary: str) -> None:
    assert network(cidr=cidr, secondary_cidrs=[secondary]).secondary_cidrs == (secondary,)


@pytest.mark.parametrize(
    ("cidr", "secondary", "expected"),
    [
        (
            "10.20.0.0/16",
            "172.16.0.0/16",
            (
                "AWS adds to a VPC of 10.0.0.0/8 only ranges of 10.0.0.0/8 and 100.64.0.0/10 (VPC guide); "
                "choose such a range"
            ),
        ),
        (
            "192.168.0.0/20",
            "10.0.0.0/16",
            (
                "AWS adds to a VPC of 192.168.0.0/16 only ranges of 192.168.0.0/16 and 100.64.0.0/10 (VPC guide); "
                "choose such "
                "a range"
            ),
        ),
        (
            "100.64.0.0/16",
            "10.0.0.0/16",
            "AWS adds to a VPC of 100.64.0.0/10 only ranges of 100.64.0.0/10 (VPC guide); choose such a range",
        ),
        ("172.16.0.0/16", "172.31.0.0/16", "AWS adds nothing of 172.31.0.0/16 (VPC guide); choose another range"),
        (
            "10.1.0.0/16",
            "10.0.0.0/16",
            "AWS adds nothing of 10.0.0.0/16 to a VPC with a range of 10.0.0.0/15 (VPC guide); choose another range",
        ),
        ("10.20.0.0/16", "10.20.128.0/17", "it overlaps cidr (10.20.0.0/16); choose another range"),
        ("10.20.0.0/16", "10.24.0.0/15", f"a VPC's range has a prefix length of /16 to /28 (VPC guide); {EXAMPLE}"),
        (
            "10.20.0.0/16",
            "9.0.0.0/16",
            "a VPC here uses private ranges (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10); " + EXAMPLE,
        ),
        ("10.20.0.0/16", "10.21.1.0/16", "it is a network's first address and its prefix length; write 10.21.0.0/16"),
    ],
)
def test_ranges_that_aws_does_not_combine_are_refused(cidr: str, secondary: str, expected: str) -> None:
    assert refused(cidr=cidr, secondary_cidrs=[secondary]) == f'secondary_cidrs[0] is "{secondary}"; {expected}'


def test_a_vpc_takes_no_more_ranges_than_its_quota_can_be_raised_to() -> None:
    many = [f"10.{number}.0.0/16" for number in range(100, 150)]
    assert refused(secondary_cidrs=many) == (
        "secondary_cidrs has 50 entries; a VPC takes 49 beside its own range, when its quota is raised; remove some"
    )


def test_subnets_may_be_given_where_a_vpc_is_too_small_to_be_split() -> None:
    given = {"private": {A: "10.20.0.0/26", B: "10.20.0.64/26"}, "isolated": {A: "10.20.0.128/28", B: "10.20.0.144/28"}}
    assert network(cidr="10.20.0.0/24", egress="none", subnet_cidrs=given).tiers == ("private", "isolated")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"public": {A: "10.20.255.0/24", B: "10.20.254.0/24"}},
            [
                (
                    "subnet_cidrs names the tier public; the network has no such tier; remove it, or choose the "
                    "egress, or "
                    "lambda_tier, that makes it"
                )
            ],
        ),
        (
            {"databases": {}},
            [
                (
                    'subnet_cidrs.databases is "databases"; a tier is one of private, isolated, public, lambda, '
                    "transit; choose "
                    "one of them"
                )
            ],
        ),
        (
            {"private": {A: "10.20.0.0/24"}},
            ["subnet_cidrs.private lacks eu-west-1b; a tier has a subnet in each zone; add it"],
        ),
        (
            {"private": {A: "10.20.0.0/24", B: "10.20.1.0/24", "eu-west-1c": "10.20.2.0/24"}},
            ["subnet_cidrs.private names eu-west-1c; it is one of availability_zones; correct it, or add the zone"],
        ),
        (
            {"private": {A: "10.20.0.0/24", B: "10.20.0.128/25"}},
            [
                (
                    "the subnets subnet_cidrs.private.eu-west-1a (10.20.0.0/24) and subnet_cidrs.private.eu-west-1b "
                    "(10.20.0.128/25) overlap; an address belongs to one subnet; move one of them"
                )
            ],
        ),
        (
            {"private": {A: "10.20.128.0/24", B: "10.20.0.0/24"}},
            [
                (
                    "the subnets isolated in eu-west-1a (10.20.128.0/21) and subnet_cidrs.private.eu-west-1a "
                    "(10.20.128.0/24) "
                    "overlap; an address belongs to one subnet; move one of them"
                )
            ],
        ),
        (
            {"private": {A: "10.20.0.0/29", B: "10.21.0.0/24"}},
            [
                (
                    'subnet_cidrs.private.eu-west-1a is "10.20.0.0/29"; a subnet of the tier private is /16 to /28 '
                    "(VPC guide); "
                    "choose such a range"
                ),
                f'subnet_cidrs.private.eu-west-1b is "10.21.0.0/24"; the VPC\'s ranges are 10.20.0.0/16; {IN_THE_VPC}',
            ],
        ),
        (
            {"private": {A: STRING_TOKEN, B: "10.20.0.0/24"}},
            [f'subnet_cidrs.private.eu-west-1a is "{STRING_TOKEN}"; {KNOWN_LATER}'],
        ),
    ],
)
def test_subnets_that_do_not_fit_are_refused(given: dict[str, Any], expected: list[str]) -> None:
    assert refusal(NetworkConfig, {**VALID, "egress": "none", "subnet_cidrs": given}) == expected


def test_with_ipam_explicit_subnets_lie_in_a_range_that_is_known() -> None:
    given = {"private": {A: "10.64.0.0/24", B: "100.64.0.0/24"}}
    assert refused(cidr=None, ipam=POOL, **SHARED, subnet_cidrs=given) == (
        f'subnet_cidrs.private.eu-west-1a is "10.64.0.0/24"; the VPC\'s ranges are 100.64.0.0/18; {IN_THE_VPC}'
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"lambda_tier": True},
        {"lambda_tier": True, "lambda_cidr": "100.64.0.0/18", **SHARED},
        {"lambda_tier": True, "cidr": None, "ipam": POOL, "lambda_cidr": "100.64.0.0/18", **SHARED},
        {"lambda_tier": True, "subnet_cidrs": {"lambda": {A: "10.20.240.0/26", B: "10.20.241.0/24"}}},
    ],
)
def test_functions_may_have_a_tier_of_their_own(fields: dict[str, Any]) -> None:
    assert "lambda" in network(**fields).tiers


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"lambda_cidr": "100.64.0.0/18", **SHARED},
            'lambda_cidr is "100.64.0.0/18"; only the tier lambda takes it; set lambda_tier, or remove it',
        ),
        (
            {"lambda_tier": True, "cidr": "10.20.0.0/20"},
            (
                "the VPC's range is a /20; the automatic address plan has room for the tier lambda from /16 to /19; "
                "give "
                "lambda_cidr, or subnet_cidrs.lambda, or a larger range"
            ),
        ),
        (
            {"lambda_tier": True, "lambda_cidr": "100.64.0.0/18"},
            f'lambda_cidr is "100.64.0.0/18"; the VPC\'s ranges are 10.20.0.0/16; {IN_THE_VPC}',
        ),
        (
            {"lambda_tier": True, "lambda_cidr": "100.64.0.0/24", **SHARED},
            (
                'lambda_cidr is "100.64.0.0/24"; it is split in eight, each /16 to /26, so it is /13 to /23; write '
                "a range "
                "such as 100.64.0.0/18"
            ),
        ),
        (
            {
                "lambda_tier": True,
                "lambda_cidr": "100.64.0.0/18",
                **SHARED,
                "subnet_cidrs": {"lambda": {A: "100.64.0.0/24", B: "100.64.1.0/24"}},
            },
            "both lambda_cidr and subnet_cidrs.lambda are given; the tier's ranges come from one of them; remove one",
        ),
        (
            {"lambda_tier": True, "subnet_cidrs": {"lambda": {A: "10.20.240.0/27", B: "10.20.241.0/24"}}},
            (
                'subnet_cidrs.lambda.eu-west-1a is "10.20.240.0/27"; a subnet of the tier lambda is /16 to /26 (so '
                "that "
                "functions never run out of addresses); choose such a range"
            ),
        ),
        (
            {"egress": TRANSIT, "cidr": "10.20.0.0/22"},
            (
                "the VPC's range is a /22; the automatic address plan has room for the tier transit from /16 to "
                "/21; give "
                "subnet_cidrs.transit, or a larger range"
            ),
        ),
    ],
)
def test_tiers_without_room_are_refused(fields: dict[str, Any], expected: str) -> None:
    assert refused(**fields) == expected


def test_isolated_subnets_have_addresses_but_five_of_each() -> None:
    zones = ("eu-west-1a", "eu-west-1b")
    assert NetworkConfig(cidr="10.0.0.0/16", availability_zones=zones).isolated_addresses == 2 * (2_048 - 5)
    isolated = {"eu-west-1a": "10.0.3.0/28", "eu-west-1b": "10.0.3.32/27"}
    small = {"cidr": "10.0.0.0/22", "availability_zones": zones, "subnet_cidrs": {"isolated": isolated}}
    assert NetworkConfig.parse(small).isolated_addresses == 11 + 27
