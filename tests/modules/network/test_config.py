"""Networks: what AWS, the provider or the address plan would refuse."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core import limits
from modules.network import NetworkConfig
from modules.network.egress_config import EGRESS
from tests.modules.core.samples import (
    CI,
    KNOWN_LATER,
    LIST_TOKEN,
    STRING_TOKEN,
    fields_of,
    refusal,
    refuses_or_keeps,
    sentence,
)

VALID: dict[str, Any] = {"cidr": "10.20.0.0/16", "availability_zones": ["eu-west-1a", "eu-west-1b"]}
EXAMPLE = "write a network address such as 10.20.0.0/16"
TWO_ZONES = (
    "a VPC function needs 2 availability zones (a zone outage stops it); add another zone, or set single_zone_reason"
)
REASON = "a reason is a sentence; write why, or remove the field"
ZONE = (
    "an availability zone is a region and a letter from a to h, like eu-west-1a; "
    "write the zone's name; local and wavelength zones are not supported"
)


@pytest.mark.parametrize(
    "cidr", ["10.0.0.0/16", "10.255.252.0/22", "172.16.0.0/16", "172.31.0.0/17", "192.168.0.0/20", "100.127.252.0/22"]
)
def test_private_ranges_of_every_length_that_can_be_split_are_taken(cidr: str) -> None:
    assert NetworkConfig.parse({**VALID, "cidr": cidr}).cidr == cidr


@pytest.mark.parametrize(
    ("cidr", "expected"),
    [
        ("10.0.0.0/15", f"the automatic address plan splits /16 to /22; {EXAMPLE}"),
        ("10.0.0.0/23", f"the automatic address plan splits /16 to /22; {EXAMPLE}"),
        ("10.20.1.0/16", "it is a network's first address and its prefix length; write 10.20.0.0/16"),
        ("10.20.0.0/255.255.0.0", "it is a network's first address and its prefix length; write 10.20.0.0/16"),
        ("10.20.0.0/0.0.255.255", "it is a network's first address and its prefix length; write 10.20.0.0/16"),
        ("10.20.0.0/016", "it is a network's first address and its prefix length; write 10.20.0.0/16"),
        ("10.20.0.0", f"the automatic address plan splits /16 to /22; {EXAMPLE}"),
        ("10.20.0/16", f"it is an IPv4 network (Expected 4 octets in '10.20.0'); {EXAMPLE}"),
        ("fd00::/16", f"it is an IPv4 network (Expected 4 octets in 'fd00::'); {EXAMPLE}"),
        ("10.20.0.0/33", f"it is an IPv4 network ('33' is not a valid netmask); {EXAMPLE}"),
    ],
)
def test_what_is_no_range_to_split_is_refused(cidr: str, expected: str) -> None:
    assert sentence(NetworkConfig, {**VALID, "cidr": cidr}) == f'cidr is "{cidr}"; {expected}'


@pytest.mark.parametrize("cidr", ["8.8.0.0/16", "172.32.0.0/16", "192.169.0.0/16", "100.128.0.0/16", "127.0.0.0/16"])
def test_ranges_of_the_internet_are_refused(cidr: str) -> None:
    assert sentence(NetworkConfig, {**VALID, "cidr": cidr}) == (
        f'cidr is "{cidr}"; a VPC here uses private ranges (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or '
        f"100.64.0.0/10); {EXAMPLE}"
    )


@pytest.mark.parametrize(
    ("zones", "expected"),
    [
        ([], [f"availability_zones is empty; {TWO_ZONES}"]),
        (["eu-west-1a"], [f"availability_zones is (eu-west-1a); {TWO_ZONES}"]),
        (
            ["eu-west-1a", "eu-west-1a"],
            [
                'availability_zones holds "eu-west-1a" twice; each zone once; remove one',
                f"availability_zones is (eu-west-1a, eu-west-1a); {TWO_ZONES}",
            ],
        ),
        (
            ["eu-west-1a", "eu-west-2a", "eu-west-1b"],
            ["availability_zones are in eu-west-1, eu-west-2; a VPC lies in one region; keep one region's zones"],
        ),
        (["eu-west-1a", "eu-west-1i"], [f'availability_zones[1] is "eu-west-1i"; {ZONE}']),
        (["us-west-2-lax-1a", "eu-west-1"], [
            f'availability_zones[0] is "us-west-2-lax-1a"; {ZONE}', f'availability_zones[1] is "eu-west-1"; {ZONE}',
        ]),
        ([f"eu-west-1{letter}" for letter in "abcdefghijklmnopq"], [
            f'availability_zones[{index}] is "eu-west-1{letter}"; {ZONE}' for index, letter in enumerate("ijklmnopq", 8)
        ]),
        ("eu-west-1a", ['availability_zones is "eu-west-1a"; it takes a list; write a list, even of one value']),
    ],
)  # fmt: skip
def test_zones_that_make_no_network_are_refused(zones: Any, expected: list[str]) -> None:
    assert refusal(NetworkConfig, {**VALID, "availability_zones": zones}) == expected


def test_eight_zones_are_the_most_and_stay_below_the_sixteen_subnets_of_a_function() -> None:
    zones = [f"us-east-1{letter}" for letter in "abcdefgh"]
    assert len(NetworkConfig.parse({**VALID, "availability_zones": zones}).availability_zones) == 8
    assert len(zones) <= limits.LAMBDA_MAX_SUBNETS


def test_a_list_token_is_not_one_zone_but_cannot_shape_a_network_either() -> None:
    problems = refusal(NetworkConfig, {**VALID, "availability_zones": LIST_TOKEN})
    assert problems == [f'availability_zones[0] is "{LIST_TOKEN[0]}"; {KNOWN_LATER}']
    assert sentence(NetworkConfig, {**VALID, "cidr": STRING_TOKEN}) == f'cidr is "{STRING_TOKEN}"; {KNOWN_LATER}'


@pytest.mark.parametrize(("reason", "zones"), [("a demo", ["eu-west-1a"]), ("a demo", ["eu-west-1a", "eu-west-1b"])])
def test_one_zone_takes_a_reason(reason: str, zones: list[str]) -> None:
    config = NetworkConfig.parse({**VALID, "availability_zones": zones, "single_zone_reason": reason})
    assert config.availability_zones == tuple(zones)


def test_no_zone_is_too_few_even_with_a_reason() -> None:
    expected = "availability_zones is empty; a network has at least one zone; name it"
    assert sentence(NetworkConfig, {**VALID, "availability_zones": [], "single_zone_reason": "a demo"}) == expected


@pytest.mark.parametrize("reason", [" ", "\n"])
def test_a_reason_is_a_sentence(reason: str) -> None:
    shown = reason.replace("\n", "\\n")
    assert sentence(NetworkConfig, {**VALID, "single_zone_reason": reason}) == (
        f'single_zone_reason is "{shown}"; {REASON}'
    )


def test_all_problems_of_a_network_come_at_once() -> None:
    data = {"cidr": "8.0.0.0/8", "availability_zones": ["eu-west-1a", "us-east-1a"], "egress": "nat_single"}
    assert [problem.partition(";")[0] for problem in refusal(NetworkConfig, data)] == [
        'cidr is "8.0.0.0/8"',
        'cidr is "8.0.0.0/8"',
        "availability_zones are in eu-west-1, us-east-1",
        "egress.zone is missing",
    ]


ZONES = st.lists(st.sampled_from([f"eu-west-1{letter}" for letter in "abcdefghi"]), max_size=9)
CIDRS = st.builds("{}.0.0/{}".format, st.sampled_from(["10.20", "172.16", "100.64", "9.9"]), st.integers(15, 23))


@CI
@given(
    fields_of(
        NetworkConfig,
        {
            "cidr": CIDRS,
            "availability_zones": ZONES,
            "single_zone_reason": st.sampled_from(["", "a demo"]),
            "egress": st.sampled_from(EGRESS),
            "ipv6": st.booleans(),
            "lambda_tier": st.booleans(),
            "secondary_cidrs": st.lists(CIDRS, max_size=2),
            "lambda_cidr": st.none() | CIDRS,
        },
    )
)
def test_a_network_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(NetworkConfig, data)
