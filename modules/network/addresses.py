"""The automatic address plan: which range belongs to which tier and zone.

A subnet's range depends only on the VPC's range, its tier and its zone's letter, so adding a zone changes no other
subnet. For a VPC of prefix length p:

| share of the VPC | tier | each of 8 zone slots | in a /16 |
|---|---|---|---|
| first half | private | /p+4 | /20, 4091 usable addresses |
| third quarter | isolated | /p+5 | /21, 2043 usable addresses |
| seventh eighth | public | /p+6 | /22, 1019 usable addresses |
| last eighth | not assigned, kept for what comes later | | |
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

ZONE_LETTERS = "abcdefgh"
"""Zone letters with a slot; no AWS region has more than six zones today."""

AUTOMATIC_PREFIX_LENGTHS = (16, 22)
"""VPC prefix lengths that can be split: AWS takes /16 to /28, and the smallest subnet (p+6) must not pass /28."""

_SLOT_BITS = 3  # eight zones


@dataclass(frozen=True)
class _Share:
    """A part of the VPC: prefix bits added to the VPC's, and which of the blocks of that size it is."""

    bits: int
    index: int


_SHARES = {"private": _Share(1, 0), "isolated": _Share(2, 2), "public": _Share(3, 6)}

TIERS = tuple(sorted(_SHARES))
"""Tiers in the order of their names."""


def zone_letter(availability_zone: str) -> str:
    """The letter that ends a zone's name, such as `a` of `eu-west-1a`."""
    return availability_zone[-1]


def subnet_cidr(vpc_cidr: str, tier: str, availability_zone: str) -> str:
    """The range of one subnet.

    Args:
        vpc_cidr: range of the VPC, /16 to /22.
        tier: `public`, `private` or `isolated`.
        availability_zone: a zone whose letter is one of `ZONE_LETTERS`.
    """
    share = _SHARES[tier]
    vpc = ipaddress.IPv4Network(vpc_cidr)
    subnet_prefix = vpc.prefixlen + share.bits + _SLOT_BITS
    share_start = int(vpc.network_address) + share.index * 2 ** (32 - vpc.prefixlen - share.bits)
    slot = ZONE_LETTERS.index(zone_letter(availability_zone))
    return str(ipaddress.IPv4Network((share_start + slot * 2 ** (32 - subnet_prefix), subnet_prefix)))
