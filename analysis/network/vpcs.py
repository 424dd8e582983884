"""VPCs and subnets: addresses, zones, DNS."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analysis.network.answer import Check, no, unknown, yes
from analysis.network.lookups import VPC, Lookups
from analysis.network.ranges import Range, range_of
from analysis.network.strays import Part
from analysis.plan import UNKNOWN, Resource

_ATTRIBUTES_6 = ("ipv6_cidr_block", "ipv6_native", "assign_ipv6_address_on_creation", "ipv6_netmask_length")


@dataclass(frozen=True)
class Subnet:
    """One subnet.

    Attributes:
        part: resource of the plan, or the id of a subnet outside it.
        vpc: its VPC; None when it cannot be told.
        zone: name or id of its availability zone; empty when it cannot be told.
        ranges: ranges that hold its IPv4 addresses: its own, or its VPC's where only that is known.
        ranges_6: the same for IPv6.
        has_ipv6: whether it has an IPv6 range; UNKNOWN when it cannot be told.
    """

    part: Part
    vpc: Part | None
    zone: str
    ranges: tuple[Range, ...]
    ranges_6: tuple[Range, ...]
    has_ipv6: Any

    def __str__(self) -> str:
        """Address, or id."""
        return str(self.part)


class Vpcs:
    """The VPCs and subnets of a plan."""

    def __init__(self, lookups: Lookups) -> None:
        self._lookups, self._plan = lookups, lookups.plan
        self._subnets: dict[Part, Subnet] = {}

    def subnet(self, part: Part) -> Subnet:
        """What is known of a subnet."""
        if part not in self._subnets:
            self._subnets[part] = self._read(part)
        return self._subnets[part]

    def ranges(self, vpc: Part | None) -> tuple[Range, ...]:
        """All IPv4 ranges of a VPC; empty when one of them cannot be told."""
        if not isinstance(vpc, Resource):
            return ()
        values = [vpc.get("cidr_block"), *(entry.get("cidr_block") for entry in self._further.get(vpc, ()))]
        values.extend(block.get("cidr_block") for block in vpc.blocks("cidr_block_associations"))
        found = tuple(dict.fromkeys(known for value in values if (known := range_of(value)) is not None))
        return found if all(range_of(value) is not None for value in values) else ()

    def dns_support(self, vpc: Part | None) -> Check:
        """Whether names are resolved in a VPC."""
        return self._flag(vpc, "enable_dns_support", default=True)

    def dns_hostnames(self, vpc: Part | None) -> Check:
        """Whether a VPC has DNS host names."""
        is_default = isinstance(vpc, Resource) and vpc.type == "aws_default_vpc"
        return self._flag(vpc, "enable_dns_hostnames", default=is_default)

    def _flag(self, vpc: Part | None, name: str, *, default: bool) -> Check:
        if not isinstance(vpc, Resource):
            return unknown(f"{name} of the VPC" if vpc is None else f"{name} of {vpc}, which is outside the plan")
        value = vpc.get(name, default) if vpc.mode == "data" else self._lookups.setting(vpc, name, default)
        if value is UNKNOWN:
            return unknown(f"{name} of {vpc}", "set it to true", vpc.address)
        if value is True:
            return yes(name, vpc.address)
        return no(f"{name} of {vpc}", f"set {name} to true", vpc.address)

    def _read(self, part: Part) -> Subnet:
        if isinstance(part, str):
            return Subnet(part, None, "", (), (), UNKNOWN)
        vpc = self._lookups.vpc_of(part)
        zone = next((z for n in ("availability_zone", "availability_zone_id") if isinstance(z := part.get(n), str)), "")
        own, own_6 = range_of(part.get("cidr_block")), range_of(part.get("ipv6_cidr_block"))
        ranges = (own,) if own is not None else self.ranges(vpc)
        return Subnet(part, vpc, zone, ranges, () if own_6 is None else (own_6,), self._has_ipv6(part))

    def _has_ipv6(self, subnet: Resource) -> Any:
        values = [self._lookups.setting(subnet, name, None) for name in _ATTRIBUTES_6]
        if any(value is not UNKNOWN and value not in (None, False, "", 0) for value in values):
            return True
        if values[0] is UNKNOWN:  # configured, and given by AWS
            return True
        return UNKNOWN if UNKNOWN in values or (subnet.mode == "data" and not subnet.values) else False

    @cached_property
    def _further(self) -> dict[Part, list[Resource]]:
        found: dict[Part, list[Resource]] = {}
        for entry in self._plan.of("aws_vpc_ipv4_cidr_block_association"):
            vpc = self._lookups.parts(entry, "vpc_id", VPC).only
            if vpc is not None:
                found.setdefault(self._lookups.canonical(vpc) if isinstance(vpc, Resource) else vpc, []).append(entry)
        return found
