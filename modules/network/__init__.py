"""The VPC that functions attach to: subnets, egress, endpoints, flow log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.network.config import EndpointsConfig, FlowLogConfig, NetworkConfig

if TYPE_CHECKING:
    from modules.network.base import NetworkBase
    from modules.network.construct import Network
    from modules.network.endpoints import GatewayEndpoint, InterfaceEndpoint
    from modules.network.security_group import SecurityGroup

__all__ = [
    "EndpointsConfig",
    "FlowLogConfig",
    "GatewayEndpoint",
    "InterfaceEndpoint",
    "Network",
    "NetworkBase",
    "NetworkConfig",
    "SecurityGroup",
]


def __getattr__(name: str) -> object:
    """Import the constructs, and with them the engine, on first use only."""
    if name == "Network":
        from modules.network.construct import Network

        return Network
    if name == "NetworkBase":
        from modules.network.base import NetworkBase

        return NetworkBase
    if name in {"GatewayEndpoint", "InterfaceEndpoint"}:
        from modules.network import endpoints

        return getattr(endpoints, name)
    if name == "SecurityGroup":
        from modules.network.security_group import SecurityGroup

        return SecurityGroup
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
