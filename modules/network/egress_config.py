"""The way out of the private and function subnets: one choice among eight."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, StrictBool

from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, refuse
from modules.core.tokens import is_token
from modules.network.fields import AvailabilityZone, ElasticIpAllocationId


class _Strategy(ConfigModel):
    """What every strategy tells about itself.

    Attributes:
        has_internet_gateway: whether the VPC gets one.
        has_public_subnets: whether the tier `public` exists.
        reaches_internet: whether an IPv4 route leads to the internet.
        adds_endpoints: whether `endpoint_for` may add endpoints; those with a way to the internet are asked for less.
    """

    has_internet_gateway: ClassVar[bool] = False
    has_public_subnets: ClassVar[bool] = False
    adds_endpoints: ClassVar[bool] = True

    @property
    def reaches_internet(self) -> bool:
        """Whether an IPv4 route leads to the internet."""
        return self.has_internet_gateway


class NoEgress(_Strategy):
    """No route out, and nothing is added: what is needed must be named in `endpoints`."""

    adds_endpoints: ClassVar[bool] = False
    strategy: Literal["none"] = "none"


class EndpointsOnly(_Strategy):
    """No route out; each AWS service that something declares gets an interface endpoint."""

    strategy: Literal["endpoints_only"] = "endpoints_only"


class Ipv6EgressOnly(_Strategy):
    """Out over IPv6 only, through an egress-only internet gateway, which costs nothing; needs `ipv6`.

    What has no IPv6 address is not reached; AWS services that something declares get interface endpoints.
    """

    strategy: Literal["ipv6_egress_only"] = "ipv6_egress_only"


class _PublicNat(_Strategy):
    has_internet_gateway: ClassVar[bool] = True
    has_public_subnets: ClassVar[bool] = True


class NatInstance(_PublicNat):
    """One EC2 instance that translates addresses: cheap, and when it stops, nothing leaves."""

    strategy: Literal["nat_instance"] = "nat_instance"
    zone: AvailabilityZone | None = Field(
        default=None, description="Zone of the instance; required, so that adding a zone never moves it."
    )
    instance_type: Annotated[
        str,
        Matching(
            r"[a-z][a-z0-9-]*\.[a-z0-9-]+", "an instance type reads like t4g.nano", "write one that EC2 offers", 32,
            literal=True,
        ),
    ] = Field(default="t4g.nano", description="EC2 instance type; it decides the image's architecture.")  # fmt: skip
    ami_id: Annotated[
        str, Matching(r"ami-[0-9a-f]{8,17}", "an image's id reads like ami-0123456789abcdef0", "copy it from EC2")
    ] | None = Field(
        default=None,
        description="Image with dnf or nft; without it the newest Amazon Linux 2023 when the instance is made.",
    )  # fmt: skip
    elastic_ip_allocation_id: ElasticIpAllocationId | None = Field(
        default=None, description="An elastic IP address that exists already; without it one is made."
    )
    session_manager: StrictBool = Field(
        default=False, description="Let Session Manager open a shell on the instance (AmazonSSMManagedInstanceCore)."
    )

    @property
    def architecture(self) -> str:
        """Architecture of the instance type: Graviton families have a g after the generation."""
        return "arm64" if re.match(r"(?:a1|[a-z]+\d+g[a-z]*)\.", self.instance_type) else "x86_64"


class NatSingle(_PublicNat):
    """One NAT gateway for all zones: the other zones' traffic crosses zones, and its zone's outage stops all."""

    strategy: Literal["nat_single"] = "nat_single"
    zone: AvailabilityZone | None = Field(
        default=None, description="Zone of the NAT gateway; required, so that adding a zone never moves it."
    )
    elastic_ip_allocation_id: ElasticIpAllocationId | None = Field(
        default=None, description="An elastic IP address that exists already; without it one is made."
    )


class NatPerZone(_PublicNat):
    """A NAT gateway in each zone."""

    strategy: Literal["nat_per_zone"] = "nat_per_zone"
    elastic_ip_allocation_ids: dict[AvailabilityZone, ElasticIpAllocationId] = Field(
        default_factory=dict, description="Elastic IP addresses that exist already, by zone; other zones get new ones."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Each address once."""
        yield from _repeated(self.elastic_ip_allocation_ids.values())


class NatRegional(_Strategy):
    """One NAT gateway of availability mode `regional`, which follows the zones by itself. Needs AWS provider 6."""

    has_internet_gateway: ClassVar[bool] = True
    strategy: Literal["nat_regional"] = "nat_regional"
    elastic_ip_allocation_ids: dict[AvailabilityZone, tuple[ElasticIpAllocationId, ...]] = Field(
        default_factory=dict,
        description="Elastic IP addresses that exist already, by zone: then for every zone, and AWS adds none itself.",
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Each address once, and no zone without one."""
        yield from _repeated(each for ids in self.elastic_ip_allocation_ids.values() for each in ids)
        for zone in sorted(zone for zone, ids in self.elastic_ip_allocation_ids.items() if not ids):
            given = f"elastic_ip_allocation_ids.{zone} is empty"
            yield Problem("", given, "a zone has at least one address", "name it, or remove the zone")


class TransitGateway(_Strategy):
    """Everything leaves through a transit gateway, to a central way out or another network."""

    strategy: Literal["transit_gateway"] = "transit_gateway"
    transit_gateway_id: Annotated[
        str,
        Matching(r"tgw-[0-9a-f]{8,17}", "a transit gateway's id reads like tgw-0123456789abcdef0", "copy it from EC2"),
    ] = Field(description="The transit gateway, of this account or shared with it.")
    leads_to_internet: StrictBool = Field(
        default=True, description="Whether it leads to the internet; without that, services need endpoints."
    )
    appliance_mode: StrictBool = Field(
        default=False, description="Keep both directions of a flow in one zone, as stateful inspection needs."
    )
    default_route_table_association: StrictBool | None = Field(
        default=None, description="Associate with its default route table; leave out when another account shares it."
    )
    default_route_table_propagation: StrictBool | None = Field(
        default=None, description="Propagate to its default route table; leave out when another account shares it."
    )

    @property
    def reaches_internet(self) -> bool:
        """Whether the transit gateway leads to the internet."""
        return self.leads_to_internet


STRATEGIES: tuple[type[_Strategy], ...] = (
    NoEgress, EndpointsOnly, Ipv6EgressOnly, NatInstance, NatSingle, NatPerZone, NatRegional, TransitGateway,
)  # fmt: skip
EGRESS: tuple[str, ...] = tuple(strategy.model_fields["strategy"].default for strategy in STRATEGIES)
"""Names of the strategies."""


def _from_name(value: Any) -> Any:
    """A strategy's name alone is the strategy with its defaults."""
    if not isinstance(value, str):
        return value
    if is_token(value):
        raise refuse(
            "it decides what is synthesized, so it cannot be a value that is known only later", "write the value itself"
        )
    if value not in EGRESS:
        raise refuse(f"egress is one of {', '.join(EGRESS)}", "choose one of them")
    return {"strategy": value}


Egress = Annotated[
    Annotated[
        NoEgress | EndpointsOnly | Ipv6EgressOnly | NatInstance | NatSingle | NatPerZone | NatRegional | TransitGateway,
        Field(discriminator="strategy"),
    ],
    BeforeValidator(_from_name),
]
"""One strategy: its model, its fields as a mapping, or its name alone."""


def _repeated(allocation_ids: Any) -> Iterator[Problem]:
    ids = list(allocation_ids)
    for each in sorted({each for each in ids if ids.count(each) > 1}):
        yield Problem("", f'elastic_ip_allocation_ids holds "{each}" twice', "an address serves one zone", "remove one")


def egress_problems(egress: _Strategy, *, zones: tuple[str, ...], ipv6: bool) -> Iterator[Problem]:
    """What a strategy asks of the network around it.

    Args:
        egress: the strategy.
        zones: zones of the network.
        ipv6: whether the network has IPv6 addresses.
    """
    if isinstance(egress, Ipv6EgressOnly) and not ipv6:
        given, fix = 'egress is "ipv6_egress_only", and ipv6 is False', "set ipv6, or choose another egress"
        yield Problem("", given, "the egress-only internet gateway carries IPv6 only", fix)
    if isinstance(egress, NatSingle | NatInstance):
        yield from _single_zone_problems(egress, zones)
    if isinstance(egress, NatPerZone | NatRegional):
        ids = egress.elastic_ip_allocation_ids
        for zone in sorted(set(ids) - set(zones)):
            given = f"egress.elastic_ip_allocation_ids names {zone}"
            yield Problem("", given, "it is one of availability_zones", "correct it, or add the zone")
        if isinstance(egress, NatRegional) and ids:
            for zone in sorted(set(zones) - set(ids)):
                given = f"egress.elastic_ip_allocation_ids lacks {zone}"
                yield Problem("", given, "AWS adds no address of its own once one is given", "add the zone's")


def _single_zone_problems(egress: NatSingle | NatInstance, zones: tuple[str, ...]) -> Iterator[Problem]:
    if egress.zone is None:
        needs = f"egress {egress.strategy} needs it, so that adding a zone never moves it"
        yield Problem("", "egress.zone is missing", needs, "name one of availability_zones")
    elif egress.zone not in zones:
        given = f'egress.zone is "{egress.zone}"'
        yield Problem("", given, "it is one of availability_zones", "correct it, or add the zone")
