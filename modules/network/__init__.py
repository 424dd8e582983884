"""The VPC that functions attach to: subnets, egress, endpoints, flow log."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from modules.network.address_config import IpamConfig
from modules.network.bastion_config import BastionConfig
from modules.network.config import NetworkConfig, SubnetGroupsConfig
from modules.network.dhcp_config import DhcpOptionsConfig
from modules.network.egress_config import (
    EndpointsOnly,
    Ipv6EgressOnly,
    NatInstance,
    NatPerZone,
    NatRegional,
    NatSingle,
    NoEgress,
    TransitGateway,
)
from modules.network.endpoint_config import EndpointPolicyConfig, EndpointsConfig
from modules.network.existing_config import ExistingEndpointConfig, ExistingNetworkConfig, NetworkLookupConfig
from modules.network.flow_log_config import FlowLogBucketConfig, FlowLogConfig
from modules.network.network_acl_config import NetworkAclConfig, NetworkAclRuleConfig
from modules.network.sharing_config import (
    BlockPublicAccessConfig,
    BlockPublicAccessExclusionConfig,
    EndpointServiceConfig,
    SubnetShareConfig,
)
from modules.network.vpn_config import VpnGatewayConfig

if TYPE_CHECKING:
    from modules.network.base import NetworkBase
    from modules.network.bastion import Bastion
    from modules.network.block_public_access import BlockPublicAccess
    from modules.network.construct import Network
    from modules.network.endpoint_service import EndpointService
    from modules.network.endpoints import GatewayEndpoint, InterfaceEndpoint
    from modules.network.existing import ExistingNetwork
    from modules.network.security_group import SecurityGroup
    from modules.network.sharing import SubnetShare

__all__ = [
    "Bastion",
    "BastionConfig",
    "BlockPublicAccess",
    "BlockPublicAccessConfig",
    "BlockPublicAccessExclusionConfig",
    "DhcpOptionsConfig",
    "EndpointPolicyConfig",
    "EndpointService",
    "EndpointServiceConfig",
    "EndpointsConfig",
    "EndpointsOnly",
    "ExistingEndpointConfig",
    "ExistingNetwork",
    "ExistingNetworkConfig",
    "FlowLogBucketConfig",
    "FlowLogConfig",
    "GatewayEndpoint",
    "InterfaceEndpoint",
    "IpamConfig",
    "Ipv6EgressOnly",
    "NatInstance",
    "NatPerZone",
    "NatRegional",
    "NatSingle",
    "Network",
    "NetworkAclConfig",
    "NetworkAclRuleConfig",
    "NetworkBase",
    "NetworkConfig",
    "NetworkLookupConfig",
    "NoEgress",
    "SecurityGroup",
    "SubnetGroupsConfig",
    "SubnetShare",
    "SubnetShareConfig",
    "TransitGateway",
    "VpnGatewayConfig",
]

_CONSTRUCTS = {
    "Bastion": "bastion",
    "BlockPublicAccess": "block_public_access",
    "EndpointService": "endpoint_service",
    "ExistingNetwork": "existing",
    "GatewayEndpoint": "endpoints",
    "InterfaceEndpoint": "endpoints",
    "Network": "construct",
    "NetworkBase": "base",
    "SecurityGroup": "security_group",
    "SubnetShare": "sharing",
}
"""Construct → its file."""


def __getattr__(name: str) -> object:
    """Import the constructs, and with them the engine, on first use only."""
    if name not in _CONSTRUCTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_CONSTRUCTS[name]}"), name)
