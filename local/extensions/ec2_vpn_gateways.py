"""EC2 VPN gateways: propagation of their routes to route tables.

moto 5.2.5 has neither `EnableVgwRoutePropagation` nor `DisableVgwRoutePropagation`.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.responses import EmptyResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.responses.virtual_private_gateways import VirtualPrivateGateways

from local.extensions.patching import add_action, add_attribute


def install() -> None:
    """Extend moto."""
    add_attribute(RouteTable, "propagating_vgws", property(_propagating))
    add_action(VirtualPrivateGateways, enable_vgw_route_propagation)
    add_action(VirtualPrivateGateways, disable_vgw_route_propagation)


def enable_vgw_route_propagation(response: Any) -> Any:
    """Let a gateway that is attached to the table's VPC add routes to the table."""
    table, gateway_id = _request(response)
    gateway = response.ec2_backend.describe_vpn_gateways(None, [gateway_id])[0]
    if table.vpc_id not in [attachment.vpc_id for attachment in gateway.attachments.values()]:
        raise EC2ClientError("Gateway.NotAttached", f"The gateway {gateway_id} is not attached to {table.vpc_id}")
    _gateways(table).append(gateway_id)
    return EmptyResult()


def disable_vgw_route_propagation(response: Any) -> Any:
    """Take the gateway's routes away."""
    table, gateway_id = _request(response)
    if gateway_id in _gateways(table):
        _gateways(table).remove(gateway_id)
    return EmptyResult()


def _request(response: Any) -> tuple[Any, str]:
    return response.ec2_backend.get_route_table(response.params["RouteTableId"]), response.params["GatewayId"]


def _gateways(table: Any) -> list[str]:
    gateways: list[str] = table.__dict__.setdefault("lambdanet_vpn_gateways", [])
    return gateways


def _propagating(table: Any) -> list[dict[str, str]]:
    return [{"GatewayId": gateway_id} for gateway_id in _gateways(table)]
