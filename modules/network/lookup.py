"""Data sources that find a network by its tags, each with the conditions that what is found must meet."""

from __future__ import annotations

import modules.core.engine

from cdktf import Fn, Postcondition, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.data_aws_route_table import DataAwsRouteTable
from cdktf_cdktf_provider_aws.data_aws_subnet import DataAwsSubnet
from cdktf_cdktf_provider_aws.data_aws_subnets import DataAwsSubnets, DataAwsSubnetsFilter
from cdktf_cdktf_provider_aws.data_aws_vpc import DataAwsVpc
from constructs import Construct

from modules.network.addresses import zone_letter
from modules.network.existing_config import NetworkLookupConfig

Tiers = dict[str, dict[str, str]]


def find_network(scope: Construct, config: NetworkLookupConfig) -> tuple[str, Tiers, Tiers]:
    """The VPC, its subnets and its route tables, by tier and zone, as tokens that a plan resolves."""
    vpc = DataAwsVpc(scope, "vpc", tags=config.vpc_tags)
    vpc.lifecycle = TerraformResourceLifecycle(
        postcondition=[
            Postcondition(
                condition="${self.enable_dns_support && self.enable_dns_hostnames}",
                error_message=f"{scope.node.path}: the VPC found by vpc_tags has enable_dns_support or "
                "enable_dns_hostnames off; endpoints with private DNS need both; turn them on where the VPC is made",
            )
        ]
    )
    vpc_id: str = vpc.id
    subnets: Tiers = {tier: {} for tier in sorted(config.subnet_tags)}
    tables: Tiers = {tier: {} for tier in subnets} if config.finds_route_tables else {}
    for tier in subnets:
        for zone in sorted(config.availability_zones):
            subnets[tier][zone] = _subnet(scope, config, vpc_id=vpc_id, tier=tier, zone=zone)
        for zone, subnet_id in subnets[tier].items() if tables else ():
            table = DataAwsRouteTable(scope, f"routes-{tier}-{zone_letter(zone)}", subnet_id=subnet_id)
            tables[tier][zone] = table.route_table_id
    return vpc_id, subnets, tables


def _subnet(scope: Construct, config: NetworkLookupConfig, *, vpc_id: str, tier: str, zone: str) -> str:
    place = f"{tier}-{zone_letter(zone)}"
    found = DataAwsSubnets(
        scope,
        f"subnets-{place}",
        filter=[
            DataAwsSubnetsFilter(name="vpc-id", values=[vpc_id]),
            DataAwsSubnetsFilter(name="availability-zone", values=[zone]),
        ],
        tags=config.subnet_tags[tier],
    )
    found.lifecycle = TerraformResourceLifecycle(
        postcondition=[
            Postcondition(
                condition="${length(self.ids) == 1}",
                error_message=f"{scope.node.path}: subnet_tags.{tier} finds no subnet in {zone}, or several; each zone "
                "has one subnet of a tier; correct the tags, or leave the zone out",
            )
        ]
    )
    subnet = DataAwsSubnet(scope, f"subnet-{place}", id=Fn.element(found.ids, 0))
    subnet.lifecycle = TerraformResourceLifecycle(postcondition=_conditions(scope, config, tier, zone))
    subnet_id: str = subnet.id
    return subnet_id


def _conditions(scope: Construct, config: NetworkLookupConfig, tier: str, zone: str) -> list[Postcondition]:
    conditions = []
    if tier != "public":
        conditions.append(
            Postcondition(
                condition="${!self.map_public_ip_on_launch}",
                error_message=f"{scope.node.path}: the subnet of the tier {tier} in {zone} gives out public addresses; "
                f"subnets of the tier {tier} do not; correct subnet_tags.{tier}",
            )
        )
    if config.is_dual_stack and tier in {"private", "lambda"}:
        conditions.append(
            Postcondition(
                condition='${self.ipv6_cidr_block != ""}',
                error_message=f"{scope.node.path}: the subnet of the tier {tier} in {zone} has no IPv6 range; "
                "is_dual_stack says that it has; give it one, or unset is_dual_stack",
            )
        )
    return conditions
