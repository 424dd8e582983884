"""A VPC with three tiers of subnets, egress, endpoints and a flow log."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import modules.core.engine

from cdktf_cdktf_provider_aws.default_security_group import DefaultSecurityGroup
from cdktf_cdktf_provider_aws.vpc import Vpc
from cdktf_cdktf_provider_aws.vpc_ipv4_cidr_block_association import VpcIpv4CidrBlockAssociation
from constructs import Construct

from modules.core.context import target_of
from modules.core.skips import skip
from modules.key import KeyBase
from modules.network.addresses import zone_letter
from modules.network.alarms import endpoint_alarms
from modules.network.alarms_config import NetworkAlarmsConfig
from modules.network.base import NetworkBase
from modules.network.config import NetworkConfig
from modules.network.egress import add_egress, nat_gateways_of, reaches_internet_ipv6
from modules.network.egress_config import NatInstance
from modules.network.endpoint_registry import EndpointRegistry
from modules.network.endpoints import InterfaceEndpoint
from modules.network.flow_log import FlowLog
from modules.network.subnet_groups import SubnetGroups
from modules.network.subnets import Tier, VpcRanges
from modules.observability import AlarmTopic, create_alarms

if TYPE_CHECKING:
    from modules.network.existing import ExistingNetwork
    from modules.network.existing_config import ExistingNetworkConfig, NetworkLookupConfig

WITHOUT_REJECTED = ("CKV2_LNET_114",)
"""Checks that a VPC with functions skips whose flow log leaves out what is rejected."""


class Network(NetworkBase):
    """The network that functions, databases and proxies live in.

    Interface endpoints go to the private subnets, functions to those of the tier lambda or else the private ones,
    databases and proxies to the isolated ones; only NAT gateways and instances stand in the public ones.

    Attributes:
        vpc_id: the VPC's id, as a token.
        availability_zones: zones in use, sorted.
        private_subnet_ids: one per zone, in the order of `availability_zones`.
        isolated_subnet_ids: likewise, without any route out.
        public_subnet_ids: likewise; empty unless the way out stands in them.
        function_subnet_ids: likewise, of the tier lambda, or else of private.
        locked_security_group_id: the VPC's default group, without any rule.
        database_subnet_group_name: subnet group for RDS; empty when none is asked for.
        cache_subnet_group_name: likewise for ElastiCache.
        vpn_gateway_id: the VPN gateway, to make connections with; empty without one.
        alarm_names: alarms of the way out, and with an alarm topic those of interface endpoints.

    Raises:
        ConfigError: a zone lies outside the target's region, its AWS provider knows no regional NAT gateway, or alarms
            have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: NetworkConfig,
        key: KeyBase,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        target = target_of(self)
        self.availability_zones = tuple(sorted(config.availability_zones))
        self.single_zone_reason = config.single_zone_reason
        config.require(target, where=self.node.path)
        name = target.naming.name("", max_length=255)

        vpc = _vpc(self, config, name)
        self.vpc_id: str = vpc.vpc_id
        locked = DefaultSecurityGroup(
            self, "default-security-group", vpc_id=self.vpc_id, tags={"Name": f"{name}-locked"}
        )
        self.locked_security_group_id = self.parking_security_group_id = locked.id
        FlowLog(self, "flow-log", config=config.flow_log, vpc_id=self.vpc_id, key=key)
        self._vpc, self._flow_log = vpc.resource, config.flow_log

        tiers = {tier: Tier(self, tier, config=config, vpc=vpc) for tier in config.tiers}
        self.private_subnet_ids = tiers["private"].subnet_ids
        self.isolated_subnet_ids = tiers["isolated"].subnet_ids
        self.isolated_addresses = config.isolated_addresses
        self.public_subnet_ids = tiers["public"].subnet_ids if "public" in tiers else ()
        self.function_subnet_ids = tiers["lambda"].subnet_ids if "lambda" in tiers else self.private_subnet_ids
        self.function_zones = self.availability_zones
        self.is_dual_stack = config.ipv6
        self.reaches_internet = config.egress.reaches_internet
        self.reaches_internet_ipv6 = reaches_internet_ipv6(config)
        specs = add_egress(self, config=config, vpc=vpc, tiers=tiers, key=key)
        self.nat_gateways = nat_gateways_of(specs)
        self.alarm_names: tuple[str, ...] = ()
        if specs:
            self.alarm_names = create_alarms(self, specs, thing="", config=config.alarms, topic=alarm_topic)
        groups = SubnetGroups(self, "subnet-groups", config=config.subnet_groups, subnet_ids=self.isolated_subnet_ids)
        self.database_subnet_group_name, self.cache_subnet_group_name = groups.database, groups.cache

        self.vpn_gateway_id = ""
        if config.is_hardened:
            from modules.network.hardening import add_hardening  # noqa: PLC0415  # few networks need its bindings

            self.vpn_gateway_id = add_hardening(self, config=config, vpc=vpc, tiers=tiers)

        self._adds_endpoints = config.egress.adds_endpoints
        self._endpoints = EndpointRegistry(
            self,
            vpc_id=self.vpc_id,
            config=config.endpoints,
            route_table_ids=_gateway_endpoint_route_tables(config, tiers),
            subnet_ids=dict(zip(self.availability_zones, self.private_subnet_ids, strict=True)),
            watch=partial(self._watch_endpoint, config.alarms, alarm_topic),
            single_zone_reason=self.single_zone_reason,
        )

    def _watch_endpoint(
        self, config: NetworkAlarmsConfig, alarm_topic: AlarmTopic | None, endpoint: InterfaceEndpoint
    ) -> None:
        """Watch an endpoint where somebody can be told; a network of endpoints alone needs no alarm topic."""
        if alarm_topic is None and config.notify:
            return
        specs = endpoint_alarms(
            endpoint.service, endpoint_id=endpoint.id, service_name=endpoint.service_name, vpc_id=self.vpc_id,
            dropped_per_minute=config.endpoint_packets_dropped_per_minute,
        )  # fmt: skip
        self.alarm_names += create_alarms(self, specs, thing="", config=config, topic=alarm_topic)

    def hosts_functions(self) -> None:
        """Take note that a function is attached: from now on the VPC is held to a flow log of what is rejected."""
        if self._flow_log.traffic_type == "ACCEPT":
            skip(self._vpc, self._flow_log.partial_reason, *WITHOUT_REJECTED)

    @staticmethod
    def from_existing(scope: Construct, construct_id: str, *, config: ExistingNetworkConfig) -> ExistingNetwork:
        """A network that stands outside the stack, named part by part; it takes part in everything an owned one does.

        Raises:
            ConfigError: a zone lies outside the target's region, or an endpoint is to be added that stands already.
        """
        from modules.network.existing import ExistingNetwork  # noqa: PLC0415  # its data sources are rarely needed

        return ExistingNetwork(scope, construct_id, config=config)

    @staticmethod
    def lookup(scope: Construct, construct_id: str, *, config: NetworkLookupConfig) -> ExistingNetwork:
        """A network that stands outside the stack, found by its tags when Terraform plans.

        Raises:
            ConfigError: a zone lies outside the target's region, or an endpoint is to be added that stands already.
        """
        from modules.network.existing import ExistingNetwork  # noqa: PLC0415  # its data sources are rarely needed

        return ExistingNetwork(scope, construct_id, config=config)


def _vpc(scope: Construct, config: NetworkConfig, name: str) -> VpcRanges:
    """The VPC with all its ranges."""
    vpc = Vpc(
        scope,
        "vpc",
        cidr_block=config.cidr,
        ipv4_ipam_pool_id=config.ipam.pool_id if config.ipam else None,
        ipv4_netmask_length=config.ipam.netmask_length if config.ipam else None,
        assign_generated_ipv6_cidr_block=config.ipv6 or None,
        enable_dns_support=True,
        enable_dns_hostnames=True,
        enable_network_address_usage_metrics=config.network_address_usage_metrics or None,
        tags={"Name": name},
    )
    vpc_id: str = vpc.id
    secondary = {
        cidr: VpcIpv4CidrBlockAssociation(scope, f"range-{cidr.replace('/', '-')}", vpc_id=vpc_id, cidr_block=cidr)
        for cidr in sorted(config.secondary_cidrs)
    }
    return VpcRanges(
        vpc_id=vpc_id,
        cidr=vpc.cidr_block,
        ipv6_cidr=vpc.ipv6_cidr_block if config.ipv6 else "",
        secondary=secondary,
        resource=vpc,
    )


def _gateway_endpoint_route_tables(config: NetworkConfig, tiers: Mapping[str, Tier]) -> dict[str, str]:
    """Route tables that gateway endpoints are added to, by tier and zone letter, such as `private-a`: all but one kind.

    A NAT instance fetches its package from Amazon Linux's repository in S3 without credentials, which the policy of an
    endpoint would refuse; so its own subnets keep the way through the internet gateway.
    """
    left_out = "public" if isinstance(config.egress, NatInstance) else ""
    return {
        f"{name}-{zone_letter(zone)}": table
        for name, tier in sorted(tiers.items())
        for zone, table in tier.route_tables.items()
        if name != left_out
    }
