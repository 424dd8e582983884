"""The VPC that functions attach to: subnets, egress, endpoints, flow log."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from modules.network.config import NetworkConfig
from modules.network.endpoint_config import EndpointPolicyConfig, EndpointsConfig
from modules.network.flow_log_config import FlowLogBucketConfig, FlowLogConfig

if TYPE_CHECKING:
    from modules.network.base import NetworkBase
    from modules.network.construct import Network
    from modules.network.endpoints import GatewayEndpoint, InterfaceEndpoint
    from modules.network.security_group import SecurityGroup

__all__ = [
    "EndpointPolicyConfig",
    "EndpointsConfig",
    "FlowLogBucketConfig",
    "FlowLogConfig",
    "GatewayEndpoint",
    "InterfaceEndpoint",
    "Network",
    "NetworkBase",
    "NetworkConfig",
    "SecurityGroup",
]

_CONSTRUCTS = {
    "GatewayEndpoint": "endpoints",
    "InterfaceEndpoint": "endpoints",
    "Network": "construct",
    "NetworkBase": "base",
    "SecurityGroup": "security_group",
}
"""Construct → its file."""


def __getattr__(name: str) -> object:
    """Import the constructs, and with them the engine, on first use only."""
    if name not in _CONSTRUCTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_CONSTRUCTS[name]}"), name)
