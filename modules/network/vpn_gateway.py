"""A VPN gateway: the VPC's end of site-to-site VPN connections and of Direct Connect."""

from __future__ import annotations

from collections.abc import Mapping

import modules.core.engine

from cdktf_cdktf_provider_aws.vpn_gateway import VpnGateway as AwsVpnGateway
from cdktf_cdktf_provider_aws.vpn_gateway_attachment import VpnGatewayAttachment
from cdktf_cdktf_provider_aws.vpn_gateway_route_propagation import VpnGatewayRoutePropagation
from constructs import Construct

from modules.core.context import target_of
from modules.network.vpn_config import VpnGatewayConfig


class VpnGateway(Construct):
    """A gateway that is attached to the VPC, and whose routes reach the tiers' route tables.

    Attributes:
        id: the gateway's id, as a token; connections are made with it.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: VpnGatewayConfig,
        vpc_id: str,
        route_table_ids: Mapping[str, str],
    ) -> None:
        """Make it.

        Args:
            scope: parent.
            construct_id: its id.
            config: its number.
            vpc_id: the VPC.
            route_table_ids: route tables that learn its routes, by a short constant of tier and zone.
        """
        super().__init__(scope, construct_id)
        gateway = AwsVpnGateway(
            self,
            "gateway",
            amazon_side_asn=str(config.amazon_side_asn),
            tags={"Name": target_of(self).naming.name("vpn", max_length=255)},
        )
        attachment = VpnGatewayAttachment(self, "attachment", vpc_id=vpc_id, vpn_gateway_id=gateway.id)
        self.id: str = attachment.vpn_gateway_id
        for place, route_table_id in sorted(route_table_ids.items()):
            VpnGatewayRoutePropagation(self, f"routes-{place}", route_table_id=route_table_id, vpn_gateway_id=self.id)
