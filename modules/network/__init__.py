"""The VPC that functions attach to: subnets, egress, endpoints, flow log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.core.lazy import on_first_use
from modules.network.address_config import IpamConfig
from modules.network.alarms_config import NetworkAlarmsConfig
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
from modules.network.flow_log_config import FlowLogBucketConfig, FlowLogConfig
from modules.network.network_acl_config import NetworkAclConfig, NetworkAclRuleConfig
from modules.network.vpn_config import VpnGatewayConfig

if TYPE_CHECKING:
    from modules.network.base import NetworkBase
    from modules.network.bastion import Bastion
    from modules.network.bastion_config import BastionConfig
    from modules.network.block_public_access import BlockPublicAccess
    from modules.network.construct import Network
    from modules.network.endpoint_service import EndpointService
    from modules.network.endpoints import GatewayEndpoint, InterfaceEndpoint
    from modules.network.existing import ExistingNetwork
    from modules.network.existing_config import ExistingEndpointConfig, ExistingNetworkConfig, NetworkLookupConfig
    from modules.network.security_group import SecurityGroup
    from modules.network.sharing import SubnetShare
    from modules.network.sharing_config import (
        BlockPublicAccessConfig,
        BlockPublicAccessExclusionConfig,
        EndpointServiceConfig,
        SubnetShareConfig,
    )

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
    "NetworkAlarmsConfig",
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

__getattr__ = on_first_use(
    __name__,
    {
        "Bastion": "bastion",
        "BastionConfig": "bastion_config",
        "BlockPublicAccess": "block_public_access",
        "BlockPublicAccessConfig": "sharing_config",
        "BlockPublicAccessExclusionConfig": "sharing_config",
        "EndpointService": "endpoint_service",
        "EndpointServiceConfig": "sharing_config",
        "ExistingEndpointConfig": "existing_config",
        "ExistingNetwork": "existing",
        "ExistingNetworkConfig": "existing_config",
        "GatewayEndpoint": "endpoints",
        "InterfaceEndpoint": "endpoints",
        "Network": "construct",
        "NetworkBase": "base",
        "NetworkLookupConfig": "existing_config",
        "SecurityGroup": "security_group",
        "SubnetShare": "sharing",
        "SubnetShareConfig": "sharing_config",
    },
)
