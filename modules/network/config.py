"""Configuration of a network: address plan, egress, endpoints, flow log."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field, StrictBool

from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Reason
from modules.core.target import Target
from modules.network.address_config import AddressConfig
from modules.network.addresses import TIERS
from modules.network.alarms_config import NetworkAlarmsConfig
from modules.network.dhcp_config import DhcpOptionsConfig
from modules.network.egress_config import Egress, EndpointsOnly, NatRegional, TransitGateway, egress_problems
from modules.network.endpoint_config import EndpointsConfig
from modules.network.existing_config import ExistingTier
from modules.network.fields import AvailabilityZone, zones_of_another_region
from modules.network.flow_log_config import FlowLogConfig
from modules.network.network_acl_config import NetworkAclConfig
from modules.network.vpn_config import VpnGatewayConfig


class SubnetGroupsConfig(ConfigModel):
    """Subnet groups over the isolated subnets, for databases and caches that others make; they cost nothing.

    A group gains a subnet when a zone is added, which changes the group in place.
    """

    database: StrictBool = Field(default=False, description="A subnet group for RDS.")
    cache: StrictBool = Field(default=False, description="A subnet group for ElastiCache.")


class NetworkConfig(AddressConfig):
    """A VPC with subnets by tier, in at least two availability zones.

    Raises:
        ConfigError: with every refused field.
    """

    availability_zones: tuple[AvailabilityZone, ...] = Field(
        description="Zones to use. Their order does not matter; adding one later changes nothing else."
    )
    single_zone_reason: Reason = Field(
        default="",
        description="Why one zone is enough; without it two are required, as a zone outage stops a function.",
    )
    egress: Egress = Field(
        default_factory=EndpointsOnly,
        description="Way out of the private and function subnets: a strategy's name, or a mapping with its fields. "
        "Without a word nothing leaves but to AWS services, and no NAT gateway is paid for.",
    )
    endpoints: EndpointsConfig = Field(default_factory=EndpointsConfig, description="VPC endpoints.")
    flow_log: FlowLogConfig = Field(default_factory=FlowLogConfig, description="Flow log of the VPC.")
    subnet_groups: SubnetGroupsConfig = Field(
        default_factory=SubnetGroupsConfig, description="Subnet groups over the isolated subnets."
    )
    network_address_usage_metrics: StrictBool = Field(
        default=False, description="Publish the VPC's network address usage to CloudWatch (VPC guide)."
    )
    network_acls: dict[ExistingTier, NetworkAclConfig] = Field(
        default_factory=dict, description="Network ACLs by tier; the subnets of other tiers keep the VPC's open one."
    )
    dhcp_options: DhcpOptionsConfig | None = Field(
        default=None, description="DHCP options; without them those of the region."
    )
    vpn_gateway: VpnGatewayConfig | None = Field(default=None, description="VPN gateway of the VPC.")
    alarms: NetworkAlarmsConfig = Field(
        default_factory=NetworkAlarmsConfig, description="Alarms of the way out and of interface endpoints."
    )

    @property
    def tiers(self) -> tuple[str, ...]:
        """Tiers of subnets that the network has, in the order of `TIERS`."""
        optional = {
            "public": self.egress.has_public_subnets,
            "lambda": self.lambda_tier,
            "transit": isinstance(self.egress, TransitGateway),
        }
        return tuple(tier for tier in TIERS if optional.get(tier, True))

    @property
    def zones(self) -> tuple[str, ...]:
        """Zones of the network, sorted."""
        return tuple(sorted(self.availability_zones))

    @property
    def is_hardened(self) -> bool:
        """Whether the network has network ACLs, DHCP options or a VPN gateway."""
        return bool(self.network_acls or self.dhcp_options or self.vpn_gateway)

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """The zones lie in the target's region, and its AWS provider knows the way out."""
        yield from zones_of_another_region(self.availability_zones, target)
        if isinstance(self.egress, NatRegional) and target.allows_provider_5:
            yield Problem(
                "",
                'egress is "nat_regional"',
                f"AWS provider 5 knows no regional NAT gateway, and the target allows {target.aws_provider_version}",
                'use nat_per_zone, or set the target\'s aws_provider_version to ">= 6.24, < 7"',
            )

    def cross_checks(self) -> Iterator[Problem]:
        """The ranges can be split, the zones belong to one region, and the way out can be built."""
        yield from self.address_problems()
        yield from self._zone_problems()
        yield from egress_problems(self.egress, zones=self.zones, ipv6=self.ipv6)
        yield from self._tier_problems()

    def _tier_problems(self) -> Iterator[Problem]:
        propagated = self.vpn_gateway.propagate_to if self.vpn_gateway else ()
        for field, named in (("network_acls", self.network_acls), ("vpn_gateway.propagate_to", propagated)):
            for tier in sorted(set(named) - set(self.tiers)):
                yield Problem(
                    "",
                    f"{field} names the tier {tier}",
                    f"the network has the tiers {', '.join(self.tiers)}",
                    "remove it",
                )
        for tier, acl in sorted(self.network_acls.items()):
            for problem in acl.range_problems(1 + len(self.secondary_cidrs)):
                yield problem.within(f"network_acls.{tier}")
        for service, zones in sorted(self.endpoints.zones.items()):
            for zone in sorted(set(zones) - set(self.availability_zones)):
                yield Problem(
                    "",
                    f"endpoints.zones.{service} holds {zone}",
                    "an endpoint stands in zones of the network",
                    "correct it, or add the zone",
                )

    def _zone_problems(self) -> Iterator[Problem]:
        zones = self.availability_zones
        for zone in sorted({z for z in zones if zones.count(z) > 1}):
            yield Problem("", f'availability_zones holds "{zone}" twice', "each zone once", "remove one")
        if not zones and self.single_zone_reason:
            yield Problem("", "availability_zones is empty", "a network has at least one zone", "name it")
        elif len(set(zones)) < (1 if self.single_zone_reason else _FEWEST_ZONES):
            yield Problem(
                "",
                f"availability_zones is {_listed(zones)}",
                "a VPC function needs 2 availability zones (a zone outage stops it)",
                "add another zone, or set single_zone_reason",
            )
        regions = sorted({zone[:-1] for zone in zones})
        if len(regions) > 1:
            yield Problem(
                "",
                f"availability_zones are in {', '.join(regions)}",
                "a VPC lies in one region",
                "keep one region's zones",
            )


_FEWEST_ZONES = 2


def _listed(values: tuple[str, ...]) -> str:
    return f"({', '.join(values)})" if values else "empty"
