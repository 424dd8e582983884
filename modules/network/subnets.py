"""Subnets of a tier with their route tables, and the VPC's ranges. Ids derive from tier and zone, never from order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import modules.core.engine

from cdktf import Fn
from cdktf_cdktf_provider_aws.route import Route
from cdktf_cdktf_provider_aws.route_table import RouteTable
from cdktf_cdktf_provider_aws.route_table_association import RouteTableAssociation
from cdktf_cdktf_provider_aws.subnet import Subnet
from constructs import Construct

from modules.core.context import target_of
from modules.network.addresses import IPV6_NEW_BITS, SLOT_BITS, block, ipv6_number, split, zone_letter, zone_slot
from modules.network.config import NetworkConfig

_ANYWHERE = {"destination_cidr_block": "0.0.0.0/0"}
_ANYWHERE_IPV6 = {"destination_ipv6_cidr_block": "::/0"}


@dataclass(frozen=True)
class VpcRanges:
    """The VPC, as its subnets see it.

    Attributes:
        vpc_id: its id.
        cidr: its IPv4 range, as a token.
        ipv6_cidr: its IPv6 range, as a token; empty without one.
        secondary: the resources that add further ranges, to depend on.
        resource: the VPC itself; None where the stack does not make it.
    """

    vpc_id: str
    cidr: str
    ipv6_cidr: str = ""
    secondary: Mapping[str, Any] = field(default_factory=dict)
    resource: Any = None


class Tier(Construct):
    """One subnet and one route table per zone.

    Attributes:
        subnet_ids: one per zone, in the order of the sorted zones.
        route_table_ids: likewise.
        route_tables: the same by zone.
        cidrs: IPv4 ranges by zone, tokens where IPAM chooses them.
    """

    def __init__(self, scope: Construct, tier: str, *, config: NetworkConfig, vpc: VpcRanges) -> None:
        super().__init__(scope, tier)
        naming = target_of(self).naming
        self._subnets: dict[str, str] = {}
        self._tables: dict[str, str] = {}
        self.cidrs: dict[str, str] = {}
        for zone in config.zones:
            letter = zone_letter(zone)
            name = naming.name(f"{tier}-{letter}", max_length=255)
            self.cidrs[zone] = _cidr(config, vpc, tier, zone)
            subnet = Subnet(
                self,
                f"subnet-{letter}",
                vpc_id=vpc.vpc_id,
                availability_zone=zone,
                cidr_block=self.cidrs[zone],
                map_public_ip_on_launch=False,
                tags={"Name": name, "tier": tier},
                depends_on=list(vpc.secondary.values()) if _is_secondary(config, tier) else None,
            )
            if vpc.ipv6_cidr:
                subnet.ipv6_cidr_block = Fn.cidrsubnet(vpc.ipv6_cidr, IPV6_NEW_BITS, ipv6_number(tier, zone))
                subnet.assign_ipv6_address_on_creation = True
            table = RouteTable(self, f"routes-{letter}", vpc_id=vpc.vpc_id, tags={"Name": name})
            self._subnets[zone], self._tables[zone] = subnet.id, table.id
            RouteTableAssociation(
                self, f"association-{letter}", subnet_id=self._subnets[zone], route_table_id=self._tables[zone]
            )
        self.subnet_ids = tuple(self._subnets.values())
        self.route_table_ids = tuple(self._tables.values())
        self.route_tables: Mapping[str, str] = dict(self._tables)

    def subnet_id(self, zone: str) -> str:
        """The subnet in `zone`."""
        return self._subnets[zone]

    def route_out(self, argument: str, targets: Mapping[str, str] | str, *, after: Iterable[Any] = ()) -> None:
        """A default IPv4 route from every zone.

        Args:
            argument: Terraform argument that names the target, such as `nat_gateway_id`.
            targets: the target; or targets by zone, and where a zone has none of its own, the only one there is.
            after: resources that must exist first.
        """
        self._route("default", _ANYWHERE, argument, targets, after)

    def route_out_ipv6(self, argument: str, target: str, *, after: Iterable[Any] = ()) -> None:
        """A default IPv6 route from every zone; arguments as for `route_out`."""
        self._route("default-ipv6", _ANYWHERE_IPV6, argument, target, after)

    def _route(
        self,
        name: str,
        destination: Mapping[str, str],
        argument: str,
        targets: Mapping[str, str] | str,
        after: Iterable[Any],
    ) -> None:
        only = targets if isinstance(targets, str) else next(iter(targets.values()))
        own = {} if isinstance(targets, str) else targets
        for zone, table in self._tables.items():
            Route(
                self,
                f"{name}-{zone_letter(zone)}",
                route_table_id=table,
                depends_on=list(after) or None,
                **{**destination, argument: own.get(zone, only)},  # type: ignore[arg-type]  # all of them are text
            )


def _cidr(config: NetworkConfig, vpc: VpcRanges, tier: str, zone: str) -> str:
    if tier in config.subnet_cidrs:
        return config.subnet_cidrs[tier][zone]
    if tier == "lambda" and config.lambda_cidr is not None:
        return split(config.lambda_cidr, SLOT_BITS, zone_slot(zone))
    bits, number = block(config.prefix_length, tier, zone)
    return split(config.cidr, bits, number) if config.cidr else str(Fn.cidrsubnet(vpc.cidr, bits, number))


def _is_secondary(config: NetworkConfig, tier: str) -> bool:
    """Whether a tier's subnets may lie in a secondary range, which must then exist before them."""
    is_given = tier in config.subnet_cidrs or (tier == "lambda" and config.lambda_cidr is not None)
    return is_given and bool(config.secondary_cidrs)
