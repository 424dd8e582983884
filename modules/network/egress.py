"""The way out, as the configuration chooses it: gateways, and routes to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import modules.core.engine

from cdktf_cdktf_provider_aws.egress_only_internet_gateway import EgressOnlyInternetGateway
from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from constructs import Construct

from modules.core.context import target_of
from modules.key import KeyBase
from modules.network.addresses import zone_letter
from modules.network.alarms import nat_gateway_alarms, nat_instance_alarms, regional_nat_gateway_alarms
from modules.network.config import NetworkConfig
from modules.network.egress_config import NatInstance, NatPerZone, NatRegional, NatSingle, TransitGateway
from modules.network.nat_gateways import NatGateways, RegionalNatGateway
from modules.network.subnets import Tier, VpcRanges
from modules.observability import AlarmSpec

_CLOSED = ("none", "endpoints_only")
_NAT_NAMESPACE = "AWS/NATGateway"


def reaches_internet_ipv6(config: NetworkConfig) -> bool:
    """Whether an IPv6 route leads from the function subnets to the internet."""
    if not config.ipv6 or config.egress.strategy in _CLOSED:
        return False
    return not isinstance(config.egress, TransitGateway) or config.egress.leads_to_internet


def nat_gateways_of(specs: Iterable[AlarmSpec]) -> tuple[Mapping[str, str], ...]:
    """Dimensions of the metrics of each NAT gateway that is watched, once each."""
    found: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = {}
    for spec in specs:
        if spec.namespace == _NAT_NAMESPACE:
            found.setdefault(tuple(sorted(spec.dimensions.items())), spec.dimensions)
    return tuple(found.values())


def add_egress(
    network: Construct, *, config: NetworkConfig, vpc: VpcRanges, tiers: Mapping[str, Tier], key: KeyBase
) -> tuple[AlarmSpec, ...]:
    """Add gateways and routes below `network`.

    Returns:
        What to watch.
    """
    way = _WayOut(network, config, vpc, tiers, key)
    if isinstance(config.egress, TransitGateway):
        way.add_transit_gateway(config.egress)
        return ()
    if config.ipv6 and config.egress.strategy not in _CLOSED:
        way.add_egress_only_gateway()
    return way.add_nat() if config.egress.has_internet_gateway else ()


@dataclass(frozen=True)
class _WayOut:
    """Where gateways and routes are added."""

    network: Construct
    config: NetworkConfig
    vpc: VpcRanges
    tiers: Mapping[str, Tier]
    key: KeyBase

    @property
    def _leaving(self) -> list[Tier]:
        """Tiers that something leaves from."""
        return [self.tiers[tier] for tier in ("private", "lambda") if tier in self.tiers]

    @property
    def _tags(self) -> dict[str, str]:
        return {"Name": target_of(self.network).naming.name("", max_length=255)}

    def add_transit_gateway(self, egress: TransitGateway) -> None:
        from modules.network.transit_gateway import TransitGatewayAttachment  # noqa: PLC0415  # few networks need it

        attachment = TransitGatewayAttachment(
            self.network,
            "transit-gateway",
            config=egress,
            vpc_id=self.vpc.vpc_id,
            subnet_ids=self.tiers["transit"].subnet_ids,
            ipv6=self.config.ipv6,
        )
        for tier in self._leaving:
            tier.route_out("transit_gateway_id", egress.transit_gateway_id, after=[attachment.resource])
            if self.config.ipv6:
                tier.route_out_ipv6("transit_gateway_id", egress.transit_gateway_id, after=[attachment.resource])

    def add_egress_only_gateway(self) -> None:
        gateway = EgressOnlyInternetGateway(self.network, "egress-only", vpc_id=self.vpc.vpc_id, tags=self._tags)
        gateway_id: str = gateway.id
        for tier in self._leaving:
            tier.route_out_ipv6("egress_only_gateway_id", gateway_id)

    def add_nat(self) -> tuple[AlarmSpec, ...]:
        gateway = InternetGateway(self.network, "internet-gateway", vpc_id=self.vpc.vpc_id, tags=self._tags)
        if "public" in self.tiers:
            gateway_id: str = gateway.id
            self.tiers["public"].route_out("gateway_id", gateway_id)
            if self.config.ipv6:
                self.tiers["public"].route_out_ipv6("gateway_id", gateway_id)
        match self.config.egress:
            case NatInstance() as egress:
                return self._add_instance(egress)
            case NatRegional() as egress:
                return self._add_regional(egress, gateway)
            case NatSingle() as egress:
                zone = egress.zone or ""  # the configuration refuses a missing one
                own = {zone: egress.elastic_ip_allocation_id} if egress.elastic_ip_allocation_id else {}
                return self._add_gateways((zone,), own, gateway)
            case egress:
                own = egress.elastic_ip_allocation_ids if isinstance(egress, NatPerZone) else {}
                return self._add_gateways(self.config.zones, own, gateway)

    def _add_gateways(
        self, zones: tuple[str, ...], allocation_ids: Mapping[str, str], gateway: InternetGateway
    ) -> tuple[AlarmSpec, ...]:
        nat = NatGateways(
            self.network,
            "nat",
            zones=zones,
            allocation_ids=allocation_ids,
            public=self.tiers["public"],
            internet_gateway=gateway,
            unwatched_reason=self.config.alarms.off_reason,
        )
        for tier in self._leaving:
            tier.route_out("nat_gateway_id", nat.ids)
        unusual = self.config.alarms.nat_bytes_anomaly
        return tuple(
            spec
            for zone in zones
            for spec in nat_gateway_alarms(nat.ids[zone], zone_letter(zone), unusual_bytes=unusual)
        )

    def _add_regional(self, egress: NatRegional, gateway: InternetGateway) -> tuple[AlarmSpec, ...]:
        nat = RegionalNatGateway(
            self.network,
            "nat",
            config=egress,
            vpc_id=self.vpc.vpc_id,
            internet_gateway=gateway,
            unwatched_reason=self.config.alarms.off_reason,
        )
        for tier in self._leaving:
            tier.route_out("nat_gateway_id", nat.id)
        unusual = self.config.alarms.nat_bytes_anomaly
        return tuple(
            spec
            for zone in self.config.zones
            for spec in regional_nat_gateway_alarms(nat.id, zone, unusual_bytes=unusual)
        )

    def _add_instance(self, egress: NatInstance) -> tuple[AlarmSpec, ...]:
        from modules.network.nat_instance import NatInstanceHost  # noqa: PLC0415  # its bindings are large

        host = NatInstanceHost(
            self.network,
            "nat-instance",
            config=egress,
            vpc_id=self.vpc.vpc_id,
            public=self.tiers["public"],
            served=self._leaving,
            key=self.key,
        )
        for tier in self._leaving:
            tier.route_out("network_interface_id", host.network_interface_id)
        return nat_instance_alarms(host.instance_id, target_of(self.network))
