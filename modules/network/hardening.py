"""What a network may have beside its subnets and its way out: network ACLs, DHCP options, a VPN gateway."""

from __future__ import annotations

from collections.abc import Mapping

import modules.core.engine

from constructs import Construct

from modules.network.addresses import zone_letter
from modules.network.config import NetworkConfig
from modules.network.dhcp import DhcpOptions
from modules.network.network_acls import NetworkAcl
from modules.network.subnets import Tier, VpcRanges
from modules.network.vpn_gateway import VpnGateway


def add_hardening(scope: Construct, *, config: NetworkConfig, vpc: VpcRanges, tiers: Mapping[str, Tier]) -> str:
    """Add what the configuration asks for; returns the VPN gateway's id, empty without one."""
    ranges = {"": vpc.cidr} | {cidr.replace("/", "-"): cidr for cidr in config.secondary_cidrs}
    for tier, acl in sorted(config.network_acls.items()):
        NetworkAcl(
            scope,
            f"network-acl-{tier}",
            tier=tier,
            config=acl,
            vpc_id=vpc.vpc_id,
            vpc_cidrs=ranges,
            subnet_ids=dict(zip(config.zones, tiers[tier].subnet_ids, strict=True)),
        )
    if config.dhcp_options is not None:
        DhcpOptions(scope, "dhcp-options", config=config.dhcp_options, vpc_id=vpc.vpc_id)
    if config.vpn_gateway is None:
        return ""
    gateway = VpnGateway(
        scope,
        "vpn-gateway",
        config=config.vpn_gateway,
        vpc_id=vpc.vpc_id,
        route_table_ids={
            f"{tier}-{zone_letter(zone)}": table
            for tier in config.vpn_gateway.propagate_to
            for zone, table in tiers[tier].route_tables.items()
        },
    )
    return gateway.id
