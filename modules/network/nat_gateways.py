"""NAT gateways: in one zone, in each zone, or one for the region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import modules.core.engine

from cdktf import TerraformResource
from cdktf_cdktf_provider_aws.eip import Eip
from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from cdktf_cdktf_provider_aws.nat_gateway import NatGateway
from constructs import Construct

from modules.core.context import target_of
from modules.core.skips import skip
from modules.network.addresses import zone_letter
from modules.network.egress_config import NatRegional
from modules.network.subnets import Tier

UNWATCHED = ("CKV2_LNET_606",)
"""Checks that a NAT gateway without alarms skips."""


class NatGateways(Construct):
    """A NAT gateway with an elastic IP in each given zone.

    Attributes:
        ids: gateway ids by zone.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        zones: tuple[str, ...],
        allocation_ids: Mapping[str, str],
        public: Tier,
        internet_gateway: InternetGateway,
        unwatched_reason: str = "",
    ) -> None:
        """Make them.

        Args:
            scope: parent.
            construct_id: its id.
            zones: zones that get one.
            allocation_ids: elastic IPs that exist, by zone; for other zones one is made.
            public: subnets that they stand in.
            internet_gateway: their way out.
            unwatched_reason: why they have no alarms; empty where they have.
        """
        super().__init__(scope, construct_id)
        naming = target_of(self).naming
        self.ids: dict[str, str] = {}
        for zone in zones:
            letter = zone_letter(zone)
            tags = {"Name": naming.name(f"nat-{letter}", max_length=255)}
            gateway = NatGateway(
                self,
                f"gateway-{letter}",
                allocation_id=allocation_ids.get(zone) or self._new_address(letter, tags),
                subnet_id=public.subnet_id(zone),
                tags=tags,
                depends_on=[internet_gateway],
            )
            skip(gateway, unwatched_reason, *UNWATCHED)
            self.ids[zone] = gateway.id

    def _new_address(self, letter: str, tags: dict[str, str]) -> str:
        allocation_id: str = Eip(self, f"address-{letter}", domain="vpc", tags=tags).allocation_id
        return allocation_id


class RegionalNatGateway(Construct):
    """One NAT gateway for every zone of the VPC; AWS provider 6 only.

    Attributes:
        id: the gateway's id, as a token.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: NatRegional,
        vpc_id: str,
        internet_gateway: InternetGateway,
        unwatched_reason: str = "",
    ) -> None:
        """Make it.

        Args:
            scope: parent.
            construct_id: its id.
            config: the addresses that it has.
            vpc_id: the VPC.
            internet_gateway: its way out.
            unwatched_reason: why it has no alarms; empty where it has.
        """
        super().__init__(scope, construct_id)
        # The bindings of AWS provider 5 require `subnet_id`, which a regional gateway has not.
        gateway = TerraformResource(
            self, "gateway", terraform_resource_type="aws_nat_gateway", depends_on=[internet_gateway]
        )
        gateway.add_override("availability_mode", "regional")
        gateway.add_override("vpc_id", vpc_id)
        gateway.add_override("tags", {"Name": target_of(self).naming.name("nat", max_length=255)})
        addresses: list[dict[str, Any]] = [
            {"availability_zone": zone, "allocation_ids": list(ids)}
            for zone, ids in sorted(config.elastic_ip_allocation_ids.items())
        ]
        if addresses:
            gateway.add_override("availability_zone_address", addresses)
        skip(gateway, unwatched_reason, *UNWATCHED)
        self.id: str = gateway.get_string_attribute("id")
