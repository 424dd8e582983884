"""Configuration of a network that stands outside the stack: named part by part, or looked up by tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason
from modules.core.target import Target
from modules.core.tokens import is_token
from modules.network.endpoint_catalogue import GATEWAY_ENDPOINTS
from modules.network.endpoint_config import EndpointsConfig, InterfaceService
from modules.network.fields import AvailabilityZone, zones_of_another_region

EXISTING_TIERS = ("private", "isolated", "public", "lambda")
ExistingTier = Annotated[str, OneOf(EXISTING_TIERS, "a tier", literal=True)]


def _id(prefix: str, what: str) -> Matching:
    return Matching(
        rf"{prefix}-[0-9a-f]{{8,17}}", f"{what} is named by its id, like {prefix}-0123456789abcdef0", "copy it from EC2"
    )


VpcId = Annotated[str, _id("vpc", "a VPC")]
SubnetId = Annotated[str, _id("subnet", "a subnet")]
_RouteTableId = Annotated[str, _id("rtb", "a route table")]
_SecurityGroupId = Annotated[str, _id("sg", "a security group")]
_PrefixListId = Annotated[str, _id("pl", "a prefix list")]
_TagText = Annotated[str, Matching(r"[^\0]{1,256}", "a tag has 1 to 256 characters", "correct it")]


class ExistingEndpointConfig(ConfigModel):
    """An endpoint that the VPC has already: what functions need to reach it, and so that no second one is made."""

    security_group_id: _SecurityGroupId | None = Field(
        default=None, description="Group of an interface endpoint; it gets a rule for whoever connects."
    )
    prefix_list_id: _PrefixListId | None = Field(default=None, description="Prefix list of a gateway endpoint.")

    def cross_checks(self) -> Iterator[Problem]:
        """One of the two says which kind it is."""
        if (self.security_group_id is None) == (self.prefix_list_id is None):
            both = self.security_group_id is not None
            yield Problem(
                "",
                f"security_group_id and prefix_list_id are {'both' if both else 'neither'} given",
                "an interface endpoint has a security group, a gateway endpoint a prefix list",
                "give one of them",
            )


class _Standing(ConfigModel):
    """What cannot be seen from ids and tags."""

    single_zone_reason: Reason = Field(
        default="", description="Why one zone is enough; without it functions need two, as a zone outage stops them."
    )
    reaches_internet: StrictBool = Field(
        default=False, description="Whether an IPv4 route leads from the function subnets to the internet."
    )
    reaches_internet_ipv6: StrictBool = Field(default=False, description="Whether an IPv6 route does.")
    is_dual_stack: StrictBool = Field(default=False, description="Whether the function subnets have IPv6 too.")
    existing_endpoints: dict[InterfaceService, tuple[ExistingEndpointConfig, ...]] = Field(
        default_factory=dict, description="Endpoints that the VPC has, by service; a second one is then refused."
    )
    endpoints: EndpointsConfig = Field(
        default_factory=lambda: EndpointsConfig(gateway=()), description="Endpoints that are added to the VPC."
    )
    adds_endpoints: StrictBool = Field(
        default=True, description="Whether an endpoint is added for a service that a function declares."
    )
    parking_security_group_id: _SecurityGroupId | None = Field(
        default=None,
        description="Group without rules that a function's interfaces are moved to when the function is destroyed.",
    )

    def _standing_problems(self) -> Iterator[Problem]:
        for service, found in sorted(self.existing_endpoints.items()):
            kinds = ["gateway" if each.prefix_list_id else "interface" for each in found]
            if "gateway" in kinds and service not in GATEWAY_ENDPOINTS:
                yield Problem(
                    "",
                    f"existing_endpoints.{service} has a prefix_list_id",
                    f"gateway endpoints lead to {' and '.join(GATEWAY_ENDPOINTS)}",
                    "give its security_group_id",
                )
            if len(set(kinds)) < len(kinds) or not kinds:
                yield Problem(
                    "",
                    f"existing_endpoints.{service} holds {len(kinds)} endpoints",
                    "a service has one endpoint of each kind",
                    "correct the list",
                )


class ExistingNetworkConfig(_Standing):
    """A VPC whose parts are named one by one.

    Raises:
        ConfigError: with every refused field.
    """

    vpc_id: VpcId = Field(description="The VPC.")
    subnets: dict[ExistingTier, dict[AvailabilityZone, SubnetId]] = Field(
        description="Subnets by tier and zone. Functions and endpoints need the tier private."
    )
    route_table_ids: dict[ExistingTier, dict[AvailabilityZone, _RouteTableId]] = Field(
        default_factory=dict, description="Route tables of subnets, by tier and zone, for gateway endpoints; or none."
    )

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """The zones lie in the target's region."""
        zones = {zone for subnets in self.subnets.values() for zone in subnets}
        foreign = sorted(zone for zone in zones if zone[:-1] != target.region)
        if foreign:
            yield Problem(
                "", f"subnets are in {', '.join(foreign)}", f"the target's region is {target.region}", "name others"
            )
        yield from self.endpoints.target_checks(target)

    def cross_checks(self) -> Iterator[Problem]:
        """Nothing is given by halves, and no subnet is two things at once."""
        private = self.subnets.get("private", {})
        if not private:
            yield Problem(
                "", "subnets has no tier private", "interface endpoints and functions stand in it", "name its subnets"
            )
        for tier, subnets in sorted(self.subnets.items()):
            for zone in sorted(set(private) ^ set(subnets)) if private else ():
                lacks, has = (tier, "private") if zone in private else ("private", tier)
                yield Problem(
                    "",
                    f"subnets.{has} has the zone {zone}, and subnets.{lacks} has not",
                    "every tier has a subnet in each zone",
                    "name it, or leave the zone out",
                )
        if len(private) == 1 and not self.single_zone_reason:
            yield Problem(
                "",
                f"subnets.private is in {next(iter(private))} only",
                "a VPC function needs 2 availability zones (a zone outage stops it)",
                "add a subnet in another zone, or set single_zone_reason",
            )
        yield from self._shared_ids()
        yield from self._route_table_problems()
        yield from self._standing_problems()

    def _shared_ids(self) -> Iterator[Problem]:
        places: dict[str, list[str]] = {}
        for tier, subnets in self.subnets.items():
            for zone, subnet in subnets.items():
                if not is_token(subnet):
                    places.setdefault(subnet, []).append(f"subnets.{tier}.{zone}")
        for subnet, found in sorted(places.items()):
            if len(found) > 1:
                yield Problem(
                    "",
                    f'{" and ".join(sorted(found))} are "{subnet}"',
                    "a subnet lies in one zone and belongs to one tier",
                    "correct one of them",
                )

    def _route_table_problems(self) -> Iterator[Problem]:
        if not self.route_table_ids:
            if self.endpoints.gateway:
                yield Problem(
                    "",
                    f"endpoints.gateway is ({', '.join(self.endpoints.gateway)}), and route_table_ids is empty",
                    "a gateway endpoint is a route",
                    "give route_table_ids",
                )
            return
        wanted = {f"{tier}.{zone}" for tier, subnets in self.subnets.items() for zone in subnets}
        given = {f"{tier}.{zone}" for tier, tables in self.route_table_ids.items() for zone in tables}
        for place in sorted(wanted - given):
            yield Problem(
                "",
                f"route_table_ids has no {place}",
                "a gateway endpoint that some subnets have no route to is a trap",
                "name the route table, or remove route_table_ids",
            )
        for place in sorted(given - wanted):
            yield Problem("", f"route_table_ids.{place} has no subnet", "subnets has none there", "correct it")


class NetworkLookupConfig(_Standing):
    """A VPC that is found by its tags when Terraform plans.

    Raises:
        ConfigError: with every refused field.
    """

    vpc_tags: dict[_TagText, str] = Field(description="Tags of the VPC; exactly one VPC has all of them.")
    subnet_tags: dict[ExistingTier, dict[_TagText, str]] = Field(
        description="Tags of a tier's subnets; in each zone exactly one has all of them. It needs the tier private."
    )
    availability_zones: tuple[AvailabilityZone, ...] = Field(description="Zones to use.")
    finds_route_tables: StrictBool = Field(
        default=False, description="Find the subnets' own route tables too, so that gateway endpoints can be added."
    )

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """The zones lie in the target's region."""
        yield from zones_of_another_region(self.availability_zones, target)
        yield from self.endpoints.target_checks(target)

    def cross_checks(self) -> Iterator[Problem]:
        """There is something to look for, and tiers can be told apart."""
        if not self.vpc_tags:
            yield Problem("", "vpc_tags is empty", "every VPC has all of no tags", "name at least one tag")
        if "private" not in self.subnet_tags:
            yield Problem(
                "", "subnet_tags has no tier private", "interface endpoints and functions stand in it", "name its tags"
            )
        tiers = sorted(self.subnet_tags)
        for index, tier in enumerate(tiers):
            if not self.subnet_tags[tier]:
                yield Problem("", f"subnet_tags.{tier} is empty", "every subnet has all of no tags", "name a tag")
            for other in tiers[index + 1 :]:
                if self.subnet_tags[tier] == self.subnet_tags[other]:
                    yield Problem(
                        "",
                        f"subnet_tags.{tier} and subnet_tags.{other} are the same",
                        "a subnet belongs to one tier",
                        "name a tag that differs",
                    )
        zones = self.availability_zones
        for zone in sorted({each for each in zones if zones.count(each) > 1}):
            yield Problem("", f'availability_zones holds "{zone}" twice', "each zone once", "remove one")
        if len(set(zones)) < (1 if self.single_zone_reason else _FEWEST_ZONES):
            yield Problem(
                "",
                f"availability_zones is ({', '.join(zones)})" if zones else "availability_zones is empty",
                "a VPC function needs 2 availability zones (a zone outage stops it)",
                "add another zone, or set single_zone_reason",
            )
        if self.endpoints.gateway and not self.finds_route_tables:
            yield Problem(
                "",
                f"endpoints.gateway is ({', '.join(self.endpoints.gateway)}), and finds_route_tables is false",
                "a gateway endpoint is a route",
                "set finds_route_tables",
            )
        yield from self._standing_problems()


_FEWEST_ZONES = 2
