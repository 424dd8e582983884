"""Configuration of a network's addresses: where its ranges come from, and how they are split."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Within
from modules.network import address_checks
from modules.network.addresses import LONGEST_AUTOMATIC_PREFIX, TIERS, block, usable_addresses, zone_letter
from modules.network.fields import AvailabilityZone, Cidr


class IpamConfig(ConfigModel):
    """An IPAM pool that gives the VPC its range."""

    pool_id: Annotated[
        str,
        Matching(
            r"ipam-pool-[0-9a-f]{8,17}", "an IPAM pool's id reads like ipam-pool-0123456789abcdef0",
            "copy it from the VPC IP address manager",
        ),
    ] = Field(description="Pool of IPv4 addresses, of this account or shared with it.")  # fmt: skip
    netmask_length: Annotated[
        int,
        Within(
            limits.Range(16, 22, "bits", "the range of a VPC that is split automatically", "VPC guide; /22 at least"),
            literal=True,
        ),
    ] = Field(description="Prefix length of the VPC's range. 16 to 22; it decides the size of every subnet.")


class AddressConfig(ConfigModel):
    """The addresses of a network; `NetworkConfig` is one."""

    cidr: Cidr | None = Field(
        default=None,
        description="IPv4 range of the VPC, /16 to /22, split automatically; /16 to /28 when subnet_cidrs names every "
        "tier. For example 10.20.0.0/16. Exactly one of cidr and ipam is given.",
    )
    ipam: IpamConfig | None = Field(default=None, description="An IPAM pool that gives the VPC its range instead.")
    secondary_cidrs: tuple[Cidr, ...] = Field(
        default=(),
        description="Further IPv4 ranges, such as 100.64.0.0/18 for functions; which may be combined is up to AWS "
        "(VPC guide). At most 4, or what the quota was raised to, 49 at most (VPC quotas).",
    )
    subnet_cidrs: dict[
        Annotated[str, OneOf(TIERS, "a tier", literal=True)], dict[AvailabilityZone, Cidr]
    ] = Field(
        default_factory=dict,
        description="Ranges of subnets by tier and zone, /16 to /28, in place of the automatic plan for those tiers.",
    )  # fmt: skip
    lambda_tier: StrictBool = Field(
        default=False,
        description="Subnets of their own for functions: from the VPC's fifteenth sixteenth (/16 to /19), or from "
        "lambda_cidr, or as subnet_cidrs says.",
    )
    lambda_cidr: Cidr | None = Field(
        default=None,
        description="Range that the tier lambda is split from, in eight: part of cidr or of secondary_cidrs.",
    )
    ipv6: StrictBool = Field(
        default=False,
        description="Give VPC and subnets IPv6 addresses too: a /56 from Amazon, a /64 for each subnet.",
    )

    @property
    def tiers(self) -> tuple[str, ...]:
        """Tiers of subnets that the network has, in the order of `TIERS`."""
        raise NotImplementedError

    @property
    def zones(self) -> tuple[str, ...]:
        """Zones of the network, sorted."""
        raise NotImplementedError

    @property
    def prefix_length(self) -> int:
        """Prefix length of the VPC's range."""
        return self.ipam.netmask_length if self.ipam else ipaddress.IPv4Network(self.cidr or "").prefixlen

    @property
    def isolated_addresses(self) -> int:
        """IPv4 addresses that the isolated subnets have together."""
        explicit = self.subnet_cidrs.get("isolated", {})
        prefixes = (
            ipaddress.IPv4Network(explicit[zone]).prefixlen
            if explicit
            else self.prefix_length + block(self.prefix_length, "isolated", zone)[0]
            for zone in self.zones
        )
        return sum(map(usable_addresses, prefixes))

    def address_problems(self) -> Iterator[Problem]:
        """What AWS or the plan refuses about the addresses."""
        if (self.cidr is None) == (self.ipam is None):
            given = "both cidr and ipam are given" if self.cidr else "neither cidr nor ipam is given"
            yield Problem("", given, "a VPC's range comes from one of them", "give exactly one of the two")
            return
        ranges = address_checks.Ranges()
        if self.cidr is not None:
            longest, why = self._longest_prefix()
            yield from ranges.add_primary(self.cidr, longest=longest, why=why)
        yield from ranges.add_secondaries(self.secondary_cidrs)
        if self.lambda_cidr is not None and not self.lambda_tier:
            given = f'lambda_cidr is "{self.lambda_cidr}"'
            yield Problem("", given, "only the tier lambda takes it", "set lambda_tier, or remove it")
        if self.lambda_cidr is not None and "lambda" in self.subnet_cidrs:
            given = "both lambda_cidr and subnet_cidrs.lambda are given"
            yield Problem("", given, "the tier's ranges come from one of them", "remove one")
        yield from self._room_problems()
        if ranges.is_complete:
            yield from self._subnet_problems(ranges)

    def _longest_prefix(self) -> tuple[int, str]:
        is_explicit = all(tier in self.subnet_cidrs or (tier == "lambda" and self.lambda_cidr) for tier in self.tiers)
        return (28, "a VPC has a prefix length of /16 to /28 (VPC guide)") if is_explicit else (
            22, "the automatic address plan splits /16 to /22",
        )  # fmt: skip

    def _room_problems(self) -> Iterator[Problem]:
        """Tiers that the automatic plan of a VPC this small has no room for."""
        for tier in self._automatic_tiers():
            longest = LONGEST_AUTOMATIC_PREFIX[tier]
            if tier in ("lambda", "transit") and self._known_prefix_length() > longest:
                where = "lambda_cidr, or subnet_cidrs.lambda" if tier == "lambda" else "subnet_cidrs.transit"
                yield Problem(
                    "",
                    f"the VPC's range is a /{self._known_prefix_length()}",
                    f"the automatic address plan has room for the tier {tier} from /16 to /{longest}",
                    f"give {where}, or a larger range",
                )

    def _known_prefix_length(self) -> int:
        try:
            return self.prefix_length
        except ValueError:
            return 0

    def _automatic_tiers(self) -> tuple[str, ...]:
        return tuple(
            tier
            for tier in self.tiers
            if tier not in self.subnet_cidrs and not (tier == "lambda" and self.lambda_cidr is not None)
        )

    def _subnet_problems(self, ranges: address_checks.Ranges) -> Iterator[Problem]:
        for tier, by_zone in sorted(self.subnet_cidrs.items()):
            yield from ranges.add_explicit(tier, by_zone, zones=self.zones, is_used=tier in self.tiers)
        if self.lambda_tier and self.lambda_cidr is not None and "lambda" not in self.subnet_cidrs:
            yield from ranges.add_lambda(self.lambda_cidr, zones=self.zones)
        if self.ipam is None and self.cidr is not None:
            fitting = (t for t in self._automatic_tiers() if self.prefix_length <= LONGEST_AUTOMATIC_PREFIX[t])
            ranges.add_automatic(self.cidr, tiers=tuple(fitting), zones=self.zones)
        if len({zone_letter(zone) for zone in self.zones}) == len(set(self.zones)):  # else they lie in two regions
            yield from ranges.overlap_problems()
