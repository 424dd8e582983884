"""What AWS, or the plan, refuses about a network's ranges. Nothing here knows Terraform."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from itertools import combinations

from modules.core.errors import Problem
from modules.network.addresses import (
    LAMBDA_SUBNET_PREFIX_LENGTHS,
    SLOT_BITS,
    SUBNET_PREFIX_LENGTHS,
    split,
    subnet_cidr,
    zone_slot,
)

Network = ipaddress.IPv4Network

_EXAMPLE = "write a network address such as 10.20.0.0/16"
_SHARED = Network("100.64.0.0/10")
_PRIVATE = tuple(Network(cidr) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_MOST_SECONDARIES = 49  # VPC quotas: 5 ranges per VPC, which can be raised to 50
_NEVER_ADDED = Network("172.31.0.0/16")  # VPC guide: not added to a VPC in 172.16.0.0/12
_LOW_TEN, _FIRST_TEN = Network("10.0.0.0/15"), Network("10.0.0.0/16")  # VPC guide: the second not beside the first


class Ranges:
    """The ranges of a VPC and of its subnets, gathered and held against each other.

    Attributes:
        is_complete: whether every range so far could be read, so that subnets can be held against them.
    """

    def __init__(self) -> None:
        self.is_complete = True
        self._vpc: dict[str, Network] = {}
        self._subnets: dict[str, Network] = {}

    def add_primary(self, cidr: str, *, longest: int, why: str) -> Iterator[Problem]:
        """The VPC's own range, at most as small as `longest`."""
        problems, network = _read("cidr", cidr)
        yield from problems
        if network is None:
            self.is_complete = False
            return
        if not SUBNET_PREFIX_LENGTHS[0] <= network.prefixlen <= longest:
            self.is_complete = False
            yield Problem("", f'cidr is "{cidr}"', why, _EXAMPLE)
        if not _is_private(network):
            yield _public(f'cidr is "{cidr}"')
        self._vpc["cidr"] = network

    def add_secondaries(self, cidrs: tuple[str, ...]) -> Iterator[Problem]:
        """Further ranges, which AWS lets combine with the others."""
        if len(cidrs) > _MOST_SECONDARIES:
            given = f"secondary_cidrs has {len(cidrs)} entries"
            yield Problem("", given, "a VPC takes 49 beside its own range, when its quota is raised", "remove some")
        for number, cidr in enumerate(cidrs):
            name = f"secondary_cidrs[{number}]"
            problems, network = _read(name, cidr)
            yield from problems
            if network is None:
                self.is_complete = False
                continue
            given = f'{name} is "{cidr}"'
            if not SUBNET_PREFIX_LENGTHS[0] <= network.prefixlen <= SUBNET_PREFIX_LENGTHS[1]:
                yield Problem("", given, "a VPC's range has a prefix length of /16 to /28 (VPC guide)", _EXAMPLE)
            elif not _is_private(network):
                yield _public(given)
            else:
                yield from self._combination_problems(given, network)
            self._vpc[name] = network

    def add_explicit(
        self, tier: str, by_zone: Mapping[str, str], *, zones: tuple[str, ...], is_used: bool
    ) -> Iterator[Problem]:
        """Ranges that the configuration names for a tier."""
        if not is_used:
            given = f"subnet_cidrs names the tier {tier}"
            fix = "remove it, or choose the egress, or lambda_tier, that makes it"
            yield Problem("", given, "the network has no such tier", fix)
            return
        for zone in sorted(set(zones) - set(by_zone)):
            yield Problem("", f"subnet_cidrs.{tier} lacks {zone}", "a tier has a subnet in each zone", "add it")
        for zone in sorted(set(by_zone) - set(zones)):
            given = f"subnet_cidrs.{tier} names {zone}"
            yield Problem("", given, "it is one of availability_zones", "correct it, or add the zone")
        for zone, cidr in sorted(by_zone.items()):
            name = f"subnet_cidrs.{tier}.{zone}"
            problems, network = _read(name, cidr)
            yield from problems
            if network is not None:
                yield from self._size_problems(f'{name} is "{cidr}"', tier, network)
                yield from self._place_problems(f'{name} is "{cidr}"', network)
                self._subnets[name] = network

    def add_lambda(self, cidr: str, *, zones: tuple[str, ...]) -> Iterator[Problem]:
        """The range that the tier lambda is split from."""
        problems, network = _read("lambda_cidr", cidr)
        yield from problems
        if network is None:
            return
        given = f'lambda_cidr is "{cidr}"'
        longest = LAMBDA_SUBNET_PREFIX_LENGTHS[1] - SLOT_BITS
        if not SUBNET_PREFIX_LENGTHS[0] - SLOT_BITS <= network.prefixlen <= longest:
            allowed = f"it is split in eight, each /16 to /26, so it is /13 to /{longest}"
            yield Problem("", given, allowed, "write a range such as 100.64.0.0/18")
            return
        yield from self._place_problems(given, network)
        for zone in zones:
            self._subnets[f"lambda in {zone}"] = Network(split(cidr, SLOT_BITS, zone_slot(zone)))

    def add_automatic(self, cidr: str, *, tiers: tuple[str, ...], zones: tuple[str, ...]) -> None:
        """The ranges of the automatic plan."""
        for tier in tiers:
            for zone in zones:
                self._subnets[f"{tier} in {zone}"] = Network(subnet_cidr(cidr, tier, zone))

    def overlap_problems(self) -> Iterator[Problem]:
        """Subnets that lie over one another."""
        for (name, one), (other_name, other) in combinations(sorted(self._subnets.items()), 2):
            if one.overlaps(other):
                given = f"the subnets {name} ({one}) and {other_name} ({other}) overlap"
                yield Problem("", given, "an address belongs to one subnet", "move one of them")

    def _combination_problems(self, given: str, network: Network) -> Iterator[Problem]:
        for name, other in self._vpc.items():
            if network.overlaps(other):
                yield Problem("", given, f"it overlaps {name} ({other})", "choose another range")
        primary = self._vpc.get("cidr")
        if primary is None:
            return
        if not network.subnet_of(_SHARED) and _family(network) != _family(primary):
            allowed = f"AWS adds to a VPC of {_family(primary)} only ranges of {_added_to(primary)} (VPC guide)"
            yield Problem("", given, allowed, "choose such a range")
        elif network.subnet_of(_NEVER_ADDED):
            yield Problem("", given, "AWS adds nothing of 172.31.0.0/16 (VPC guide)", "choose another range")
        elif network.subnet_of(_FIRST_TEN) and any(other.subnet_of(_LOW_TEN) for other in self._vpc.values()):
            allowed = "AWS adds nothing of 10.0.0.0/16 to a VPC with a range of 10.0.0.0/15 (VPC guide)"
            yield Problem("", given, allowed, "choose another range")

    def _size_problems(self, given: str, tier: str, network: Network) -> Iterator[Problem]:
        shortest, longest = LAMBDA_SUBNET_PREFIX_LENGTHS if tier == "lambda" else SUBNET_PREFIX_LENGTHS
        if not shortest <= network.prefixlen <= longest:
            why = "so that functions never run out of addresses" if tier == "lambda" else "VPC guide"
            allowed = f"a subnet of the tier {tier} is /{shortest} to /{longest} ({why})"
            yield Problem("", given, allowed, "choose such a range")

    def _place_problems(self, given: str, network: Network) -> Iterator[Problem]:
        if not any(network.subnet_of(other) for other in self._vpc.values()):
            known = ", ".join(map(str, self._vpc.values())) or "chosen by IPAM"
            yield Problem("", given, f"the VPC's ranges are {known}", "choose a part of one, or add secondary_cidrs")


def _read(name: str, cidr: str) -> tuple[list[Problem], Network | None]:
    given = f'{name} is "{cidr}"'
    try:
        network = Network(cidr, strict=False)
    except ValueError as error:
        return [Problem("", given, f"it is an IPv4 network ({error})", _EXAMPLE)], None
    if str(network) != cidr and "/" in cidr:
        allowed = "it is a network's first address and its prefix length"
        return [Problem("", given, allowed, f"write {network}")], None
    return [], network


def _is_private(network: Network) -> bool:
    return any(network.subnet_of(private) for private in (*_PRIVATE, _SHARED))


def _public(given: str) -> Problem:
    allowed = "a VPC here uses private ranges (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10)"
    return Problem("", given, allowed, _EXAMPLE)


def _family(network: Network) -> Network:
    return next((private for private in (*_PRIVATE, _SHARED) if network.subnet_of(private)), network)


def _added_to(primary: Network) -> str:
    family = _family(primary)
    return str(_SHARED) if family == _SHARED else f"{family} and {_SHARED}"
