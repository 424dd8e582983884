"""The automatic address plan: which range belongs to which tier and zone.

A subnet's range depends only on the VPC's range, its tier and its zone's letter, so adding a zone changes no other
subnet. For a VPC of prefix length p:

| share of the VPC | tier | each of 8 zone slots | in a /16 |
|---|---|---|---|
| first half | private | /p+4 | /20, 4091 usable addresses |
| third quarter | isolated | /p+5 | /21, 2043 usable addresses |
| seventh eighth | public | /p+6 | /22, 1019 usable addresses |
| fifteenth sixteenth | lambda, when asked for | /p+7 | /23, 507 usable addresses |
| last sixteenth | transit, when asked for, at its beginning | /28 | /28, 11 usable addresses |
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

TAKEN_ADDRESSES = 5
"""Addresses of each subnet that AWS keeps (VPC guide)."""

ZONE_LETTERS = "abcdefgh"
"""Zone letters with a slot; no AWS region has more than six zones today."""

TIERS = ("private", "isolated", "public", "lambda", "transit")
"""Tiers; a subnet's IPv6 range follows from the place of its tier in this list, so it only grows at its end."""

LONGEST_AUTOMATIC_PREFIX = {"private": 22, "isolated": 22, "public": 22, "lambda": 19, "transit": 21}
"""Smallest VPC (longest prefix) with room for a tier: no subnet may pass /28, nor /26 in the tier lambda."""

SUBNET_PREFIX_LENGTHS = (16, 28)
LAMBDA_SUBNET_PREFIX_LENGTHS = (16, 26)
"""Sizes of subnets; functions get at least 59 addresses a zone, so that scaling never runs out of them."""

IPV6_NEW_BITS = 8
"""Amazon gives a VPC a /56, and a subnet takes a /64 (VPC guide)."""

SLOT_BITS = 3
"""A tier has eight zone slots."""

_TRANSIT_PREFIX = 28  # what AWS recommends for subnets that hold nothing but attachments (transit gateway guide)


@dataclass(frozen=True)
class _Share:
    """A part of the VPC: prefix bits added to the VPC's, and which of the blocks of that size it is."""

    bits: int
    index: int


_SHARES = {
    "private": _Share(1, 0),
    "isolated": _Share(2, 2),
    "public": _Share(3, 6),
    "lambda": _Share(4, 14),
    "transit": _Share(4, 15),
}


def zone_letter(availability_zone: str) -> str:
    """The letter that ends a zone's name, such as `a` of `eu-west-1a`."""
    return availability_zone[-1]


def zone_slot(availability_zone: str) -> int:
    """A zone's number within its tier, from 0."""
    return ZONE_LETTERS.index(zone_letter(availability_zone))


def ipv6_number(tier: str, availability_zone: str) -> int:
    """Which /64 of the VPC's /56 a subnet takes."""
    return (TIERS.index(tier) << SLOT_BITS) + zone_slot(availability_zone)


def block(prefix_length: int, tier: str, availability_zone: str) -> tuple[int, int]:
    """A subnet's place in its VPC, as Terraform's `cidrsubnet` takes it: prefix bits added, and number of the block.

    Args:
        prefix_length: the VPC's, at most `LONGEST_AUTOMATIC_PREFIX` of the tier.
        tier: one of `TIERS`.
        availability_zone: a zone whose letter is one of `ZONE_LETTERS`.
    """
    share = _SHARES[tier]
    bits = _TRANSIT_PREFIX - prefix_length if tier == "transit" else share.bits + SLOT_BITS
    first = share.index << (bits - share.bits)
    return bits, first + zone_slot(availability_zone)


def split(cidr: str, bits: int, number: int) -> str:
    """The block `number` of those with `bits` more prefix bits; the same as Terraform's `cidrsubnet`."""
    network = ipaddress.IPv4Network(cidr)
    length = network.prefixlen + bits
    return str(ipaddress.IPv4Network((int(network.network_address) + number * 2 ** (32 - length), length)))


def subnet_cidr(vpc_cidr: str, tier: str, availability_zone: str) -> str:
    """The range of one subnet in the automatic plan; arguments as for `block`."""
    return split(vpc_cidr, *block(ipaddress.IPv4Network(vpc_cidr).prefixlen, tier, availability_zone))


def usable_addresses(prefix_length: int) -> int:
    """IPv4 addresses of a subnet that interfaces can have."""
    return int(2 ** (32 - prefix_length)) - TAKEN_ADDRESSES
