"""The attachment of the VPC to a transit gateway."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.ec2_transit_gateway_vpc_attachment import Ec2TransitGatewayVpcAttachment
from constructs import Construct

from modules.core.context import target_of
from modules.network.egress_config import TransitGateway


class TransitGatewayAttachment(Construct):
    """An attachment in the subnets of the tier `transit`; adding a zone adds its subnet to the attachment in place.

    Attributes:
        id: the attachment's id, as a token.
        resource: Terraform resource, to depend on: no route leads to a gateway before the VPC is attached.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: TransitGateway,
        vpc_id: str,
        subnet_ids: tuple[str, ...],
        ipv6: bool,
    ) -> None:
        super().__init__(scope, construct_id)
        self.resource = Ec2TransitGatewayVpcAttachment(
            self,
            "attachment",
            transit_gateway_id=config.transit_gateway_id,
            vpc_id=vpc_id,
            subnet_ids=list(subnet_ids),
            appliance_mode_support=_switch(on=config.appliance_mode),
            dns_support="enable",
            ipv6_support=_switch(on=ipv6),
            security_group_referencing_support="enable",
            transit_gateway_default_route_table_association=config.default_route_table_association,
            transit_gateway_default_route_table_propagation=config.default_route_table_propagation,
            tags={"Name": target_of(self).naming.name("", max_length=255)},
        )
        self.id: str = self.resource.id


def _switch(*, on: bool) -> str:
    return "enable" if on else "disable"
