"""A VPC with three tiers of subnets, egress, endpoints and a flow log."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.default_security_group import DefaultSecurityGroup
from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from cdktf_cdktf_provider_aws.vpc import Vpc
from constructs import Construct

from modules.core.context import target_of
from modules.key import Key
from modules.network.alarms import nat_gateway_alarms
from modules.network.base import NetworkBase
from modules.network.config import NetworkConfig
from modules.network.endpoints import GatewayEndpoint, InterfaceEndpoint
from modules.network.flow_log import FlowLog
from modules.network.subnets import NatGateways, Tier
from modules.observability import AlarmTopic, create_alarms


class Network(NetworkBase):
    """The network that functions, databases and proxies live in.

    Functions and endpoints go to the private subnets, databases and proxies to the isolated ones; only NAT gateways
    stand in the public ones.

    Attributes:
        vpc_id: the VPC's id, as a token.
        availability_zones: zones in use, sorted.
        private_subnet_ids: one per zone, in the order of `availability_zones`.
        isolated_subnet_ids: likewise, without any route out.
        public_subnet_ids: likewise; empty without NAT gateways.
        locked_security_group_id: the VPC's default group, without any rule.
        alarm_names: alarms of the NAT gateways.

    Raises:
        ConfigError: a zone lies outside the target's region, or alarms have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: NetworkConfig,
        key: Key,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        target = target_of(self)
        self.availability_zones = tuple(sorted(config.availability_zones))
        config.require(target, where=self.node.path)
        name = target.naming.name("", max_length=255)

        vpc = Vpc(
            self,
            "vpc",
            cidr_block=config.cidr,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={"Name": name},
        )
        self.vpc_id: str = vpc.id
        locked = DefaultSecurityGroup(
            self, "default-security-group", vpc_id=self.vpc_id, tags={"Name": f"{name}-locked"}
        )
        self.locked_security_group_id = self.parking_security_group_id = locked.id
        FlowLog(self, "flow-log", config=config.flow_log, vpc_id=self.vpc_id, key=key)

        tiers = {tier: Tier(self, tier, config=config, vpc_id=self.vpc_id) for tier in _tiers(config)}
        self.private_subnet_ids = tiers["private"].subnet_ids
        self.isolated_subnet_ids = tiers["isolated"].subnet_ids
        self.public_subnet_ids = tiers["public"].subnet_ids if "public" in tiers else ()
        self.function_subnet_ids, self.function_zones = self.private_subnet_ids, self.availability_zones
        self.is_dual_stack, self.reaches_internet_ipv6 = False, False
        self.reaches_internet = config.egress != "none"
        self.alarm_names: tuple[str, ...] = ()
        if "public" in tiers:
            self._add_nat_gateways(config, tiers, alarm_topic)

        route_tables = [table for tier in tiers.values() for table in tier.route_table_ids]
        for service in sorted(config.endpoints.gateway):
            self._endpoints[service] = GatewayEndpoint(
                self, f"endpoint-{service}", service=service, vpc_id=self.vpc_id, route_table_ids=route_tables
            )
        for service in sorted(config.endpoints.interface):
            self._endpoints[service] = InterfaceEndpoint(
                self,
                f"endpoint-{service}",
                service=service,
                vpc_id=self.vpc_id,
                subnet_ids=list(self.private_subnet_ids),
            )

    def _add_nat_gateways(self, config: NetworkConfig, tiers: dict[str, Tier], alarm_topic: AlarmTopic | None) -> None:
        gateway = InternetGateway(
            self, "internet-gateway", vpc_id=self.vpc_id, tags={"Name": target_of(self).naming.name("", max_length=255)}
        )
        tiers["public"].route_to_internet_gateway(gateway.id)
        zones = (config.nat_gateway_zone,) if config.nat_gateway_zone else self.availability_zones
        nat = NatGateways(self, "nat", zones=zones, public=tiers["public"], internet_gateway=gateway)
        tiers["private"].route_to_nat_gateways(nat.ids)
        specs = [spec for zone in zones for spec in nat_gateway_alarms(nat.ids[zone], zone[-1])]
        self.alarm_names = create_alarms(self, specs, thing="", config=config.alarms, topic=alarm_topic)


def _tiers(config: NetworkConfig) -> tuple[str, ...]:
    return ("isolated", "private") if config.egress == "none" else ("isolated", "private", "public")
