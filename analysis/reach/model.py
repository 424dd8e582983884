"""What a function needs to reach, and whether it can."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from analysis.finding import Finding
from analysis.plan import Resource


class Verdict(StrEnum):
    """Whether a destination can be reached."""

    REACHABLE = "reachable"
    UNREACHABLE = "unreachable"
    UNDECIDABLE = "undecidable"


class Kind(StrEnum):
    """What a destination is."""

    SERVICE = "service"
    """An AWS service's API, such as `secretsmanager`."""

    RESOURCE = "resource"
    """Something with a network interface in a VPC, such as a database, a proxy, a cache or a mount target."""

    INTERNET = "internet"
    """Hosts outside AWS."""


@dataclass(frozen=True)
class Destination:
    """Where requests go.

    Attributes:
        kind: service, resource or internet.
        name: endpoint suffix of the service, such as `secretsmanager`; address of the resource; host on the internet.
        region: region of the service; empty for the caller's own.
        resource: the resource.
        ports: TCP ports that are tried; empty where the plan does not tell.
        actions: IAM actions that the caller may use there.
        objects: resources that are acted on, such as a bucket; for policies of endpoints.
    """

    kind: Kind
    name: str
    region: str = ""
    resource: Resource | None = None
    ports: tuple[int, ...] = (443,)
    actions: tuple[str, ...] = ()
    objects: tuple[Resource, ...] = ()


@dataclass(frozen=True)
class Origin:
    """Where requests come from: network interfaces.

    Attributes:
        resource: function, or the event source whose pollers are meant.
        subnets: dotted path of its subnets, such as `vpc_config.subnet_ids`.
        security_groups: dotted path of its security groups.
    """

    resource: Resource
    subnets: str = "vpc_config.subnet_ids"
    security_groups: str = "vpc_config.security_group_ids"


@dataclass(frozen=True)
class Need:
    """Something a function needs to reach.

    Attributes:
        function: the function.
        origin: whose network interfaces send the requests: the function's, or those of pollers.
        destination: where they go.
        reasons: what in the plan says so, such as `aws_iam_role_policy.api allows secretsmanager:GetSecretValue`.
        unknown: why the need itself is not certain; empty when it is.
    """

    function: Resource
    origin: Origin
    destination: Destination
    reasons: tuple[str, ...]
    unknown: str = ""


@dataclass(frozen=True)
class Hop:
    """One step of a path.

    Attributes:
        kind: such as `security group rule`, `route`, `nat gateway`, `interface endpoint`, `network acl`.
        address: resource of the plan; empty for what AWS gives, such as a route within the VPC.
        note: what it does, such as `0.0.0.0/0 to the NAT gateway in eu-west-1a`.
    """

    kind: str
    address: str
    note: str = ""


@dataclass(frozen=True)
class Pair:
    """A function and a destination.

    Attributes:
        need: what is needed, and why.
        verdict: whether it can be reached from every subnet of the origin.
        hops: the path, as far as it goes.
        missing: the first missing hop; what is unknown when it cannot be told; empty when it is reachable.
        fix: what to do; empty when it is reachable.
    """

    need: Need
    verdict: Verdict
    hops: tuple[Hop, ...] = ()
    missing: str = ""
    fix: str = ""


@dataclass(frozen=True)
class Reach:
    """All that a plan's functions need to reach.

    Attributes:
        pairs: by function and destination.
        findings: unreachable and undecidable pairs, and weak spots of the network, such as one zone for everything.
    """

    pairs: tuple[Pair, ...]
    findings: tuple[Finding, ...] = field(default=())
