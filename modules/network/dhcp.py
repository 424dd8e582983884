"""DHCP options of a VPC."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.vpc_dhcp_options import VpcDhcpOptions
from cdktf_cdktf_provider_aws.vpc_dhcp_options_association import VpcDhcpOptionsAssociation
from constructs import Construct

from modules.core.context import target_of
from modules.network.dhcp_config import DhcpOptionsConfig


class DhcpOptions(Construct):
    """A set of options, and the VPC it is for.

    Attributes:
        id: the set's id, as a token.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: DhcpOptionsConfig, vpc_id: str) -> None:
        super().__init__(scope, construct_id)
        options = VpcDhcpOptions(
            self,
            "options",
            domain_name=config.domain_name,
            domain_name_servers=list(config.name_servers),
            ntp_servers=list(config.ntp_servers),
            tags={"Name": target_of(self).naming.name("", max_length=255)},
        )
        self.id: str = options.id
        VpcDhcpOptionsAssociation(self, "association", vpc_id=vpc_id, dhcp_options_id=self.id)
