"""Configuration of a network: address plan, egress, endpoints, flow log."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason
from modules.core.target import Target
from modules.network.addresses import AUTOMATIC_PREFIX_LENGTHS, ZONE_LETTERS
from modules.observability import AlarmsConfig

AvailabilityZone = Annotated[
    str,
    Matching(
        rf"{limits.REGION}[{ZONE_LETTERS}]",
        f"an availability zone is a region and a letter from {ZONE_LETTERS[0]} to {ZONE_LETTERS[-1]}, like eu-west-1a",
        "write the zone's name; local and wavelength zones are not supported",
        literal=True,
    ),
]

EGRESS = ("none", "nat_single", "nat_per_zone")
"""Ways out of the private subnets."""

INTERFACE_ENDPOINTS = (
    "events", "kms", "lambda", "logs", "monitoring", "secretsmanager", "sns", "sqs", "ssm", "states", "sts", "xray",
)  # fmt: skip
"""Services offered as interface endpoints, by the suffix of their service name (AWS PrivateLink guide)."""

GATEWAY_ENDPOINTS = ("dynamodb", "s3")
"""Services with gateway endpoints; they cost nothing (AWS PrivateLink guide)."""


class EndpointsConfig(ConfigModel):
    """VPC endpoints of a network."""

    gateway: tuple[Annotated[str, OneOf(GATEWAY_ENDPOINTS, "a gateway endpoint", literal=True)], ...] = Field(
        default=("s3",), description="Gateway endpoints, on every route table; free."
    )
    interface: tuple[Annotated[str, OneOf(INTERFACE_ENDPOINTS, "an interface endpoint", literal=True)], ...] = Field(
        default=(), description="Interface endpoints, one address per private subnet; about 7.30 USD a month and zone."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Each service once: a second endpoint would claim the same private DNS name."""
        for field in ("gateway", "interface"):
            services = getattr(self, field)
            for service in sorted({s for s in services if services.count(s) > 1}):
                yield Problem("", f'{field} holds "{service}" twice', "a service has one endpoint", "remove one")


class FlowLogConfig(ConfigModel):
    """The VPC's flow log, in CloudWatch Logs."""

    retention_days: Annotated[int, OneOf(limits.LOG_RETENTION_DAYS, "log retention in days")] = Field(
        default=365, description="Days that records are kept (CloudWatch Logs PutRetentionPolicy)."
    )
    aggregation_seconds: Annotated[int, OneOf((60, 600), "a flow log's aggregation interval in seconds")] = Field(
        default=600, description="Longest time over which a flow is gathered into one record (VPC guide)."
    )


class NetworkConfig(ConfigModel):
    """A VPC with public, private and isolated subnets in at least two availability zones.

    Raises:
        ConfigError: with every refused field.
    """

    cidr: Annotated[
        str, Matching(r"[\s\S]*", "it is an IPv4 network", "write a network address such as 10.20.0.0/16", literal=True)
    ] = Field(description="IPv4 range of the VPC, /16 to /22, split automatically. For example 10.20.0.0/16.")
    availability_zones: tuple[AvailabilityZone, ...] = Field(
        description="Zones to use. Their order does not matter; adding one later changes nothing else."
    )
    single_zone_reason: Reason = Field(
        default="",
        description="Why one zone is enough; without it two are required, as a zone outage stops a function.",
    )
    egress: Annotated[str, OneOf(EGRESS, "egress", literal=True)] = Field(
        default="nat_per_zone",
        description="Way out of the private subnets: one NAT gateway per zone, a single one, or none.",
    )
    nat_gateway_zone: AvailabilityZone | None = Field(
        default=None, description="Zone of the NAT gateway; given with egress nat_single, and only then."
    )
    endpoints: EndpointsConfig = Field(default_factory=EndpointsConfig, description="VPC endpoints.")
    flow_log: FlowLogConfig = Field(default_factory=FlowLogConfig, description="Flow log of the VPC.")
    alarms: AlarmsConfig = Field(default_factory=AlarmsConfig, description="Alarms of the NAT gateways.")

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """The zones lie in the target's region."""
        foreign = sorted(zone for zone in self.availability_zones if zone[:-1] != target.region)
        if foreign:
            yield Problem(
                "",
                f"availability_zones holds {', '.join(foreign)}",
                f"the target's region is {target.region}",
                "name zones of that region",
            )

    def cross_checks(self) -> Iterator[Problem]:
        """The range can be split, and the zones belong to one region."""
        yield from self._cidr_problems()
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
        yield from self._egress_problems()

    def _egress_problems(self) -> Iterator[Problem]:
        zone = self.nat_gateway_zone
        if self.egress != "nat_single":
            if zone is not None:
                yield Problem(
                    "", f'nat_gateway_zone is "{zone}"', "only egress nat_single takes it", "remove it, or set egress"
                )
        elif zone is None:
            yield Problem(
                "",
                "nat_gateway_zone is missing",
                "egress nat_single needs it, so that adding a zone never moves it",
                "name one of availability_zones",
            )
        elif zone not in self.availability_zones:
            yield Problem(
                "", f'nat_gateway_zone is "{zone}"', "it is one of availability_zones", "correct it, or add the zone"
            )

    def _cidr_problems(self) -> Iterator[Problem]:
        given, fix = f'cidr is "{self.cidr}"', "write a network address such as 10.20.0.0/16"
        try:
            network = ipaddress.IPv4Network(self.cidr, strict=False)
        except ValueError as error:
            yield Problem("", given, f"it is an IPv4 network ({error})", fix)
            return
        if str(network) != self.cidr and "/" in self.cidr:
            yield Problem("", given, "it is a network's first address and its prefix length", f"write {network}")
            return
        shortest, longest = AUTOMATIC_PREFIX_LENGTHS
        if not shortest <= network.prefixlen <= longest:
            yield Problem("", given, f"the automatic address plan splits /{shortest} to /{longest}", fix)
        if not any(network.subnet_of(private) for private in _PRIVATE_RANGES):
            yield Problem(
                "",
                given,
                "a VPC here uses private ranges (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10)",
                fix,
            )


_FEWEST_ZONES = 2
_PRIVATE_RANGES = tuple(
    ipaddress.IPv4Network(cidr) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)


def _listed(values: tuple[str, ...]) -> str:
    return f"({', '.join(values)})" if values else "empty"
