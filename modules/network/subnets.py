"""Subnets of a tier with their route tables, and NAT gateways. Ids derive from tier and zone, never from order."""

from __future__ import annotations

from collections.abc import Mapping

import modules.core.engine

from cdktf_cdktf_provider_aws.eip import Eip
from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from cdktf_cdktf_provider_aws.nat_gateway import NatGateway
from cdktf_cdktf_provider_aws.route import Route
from cdktf_cdktf_provider_aws.route_table import RouteTable
from cdktf_cdktf_provider_aws.route_table_association import RouteTableAssociation
from cdktf_cdktf_provider_aws.subnet import Subnet
from constructs import Construct

from modules.core.context import target_of
from modules.network.addresses import subnet_cidr, zone_letter
from modules.network.config import NetworkConfig

_ANYWHERE = "0.0.0.0/0"


class Tier(Construct):
    """One subnet and one route table per zone.

    Attributes:
        subnet_ids: one per zone, in the order of the sorted zones.
        route_table_ids: likewise.
    """

    def __init__(self, scope: Construct, tier: str, *, config: NetworkConfig, vpc_id: str) -> None:
        super().__init__(scope, tier)
        naming = target_of(self).naming
        self._subnets: dict[str, str] = {}
        self._tables: dict[str, str] = {}
        for zone in sorted(config.availability_zones):
            letter = zone_letter(zone)
            name = naming.name(f"{tier}-{letter}", max_length=255)
            subnet = Subnet(
                self,
                f"subnet-{letter}",
                vpc_id=vpc_id,
                availability_zone=zone,
                cidr_block=subnet_cidr(config.cidr, tier, zone),
                map_public_ip_on_launch=False,
                tags={"Name": name, "tier": tier},
            )
            table = RouteTable(self, f"routes-{letter}", vpc_id=vpc_id, tags={"Name": name})
            self._subnets[zone], self._tables[zone] = subnet.id, table.id
            RouteTableAssociation(
                self, f"association-{letter}", subnet_id=self._subnets[zone], route_table_id=self._tables[zone]
            )
        self.subnet_ids = tuple(self._subnets.values())
        self.route_table_ids = tuple(self._tables.values())

    def subnet_id(self, zone: str) -> str:
        """The subnet in `zone`."""
        return self._subnets[zone]

    def route_to_internet_gateway(self, gateway_id: str) -> None:
        """A default route to the internet gateway from every zone."""
        for zone, table in self._tables.items():
            Route(
                self,
                f"default-{zone_letter(zone)}",
                route_table_id=table,
                destination_cidr_block=_ANYWHERE,
                gateway_id=gateway_id,
            )

    def route_to_nat_gateways(self, nat_gateway_ids: Mapping[str, str]) -> None:
        """A default route from every zone to its own NAT gateway, or to the only one there is."""
        only = next(iter(nat_gateway_ids.values()))
        for zone, table in self._tables.items():
            Route(
                self,
                f"default-{zone_letter(zone)}",
                route_table_id=table,
                destination_cidr_block=_ANYWHERE,
                nat_gateway_id=nat_gateway_ids.get(zone, only),
            )


class NatGateways(Construct):
    """A NAT gateway with an elastic IP in each given zone.

    Attributes:
        ids: gateway ids by zone.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        zones: tuple[str, ...],
        public: Tier,
        internet_gateway: InternetGateway,
    ) -> None:
        super().__init__(scope, construct_id)
        naming = target_of(self).naming
        self.ids: dict[str, str] = {}
        for zone in zones:
            letter = zone_letter(zone)
            tags = {"Name": naming.name(f"nat-{letter}", max_length=255)}
            address = Eip(self, f"address-{letter}", domain="vpc", tags=tags)
            gateway = NatGateway(
                self,
                f"gateway-{letter}",
                allocation_id=address.allocation_id,
                subnet_id=public.subnet_id(zone),
                tags=tags,
                depends_on=[internet_gateway],
            )
            self.ids[zone] = gateway.id
