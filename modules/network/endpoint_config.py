"""Configuration of a network's endpoints: which services, with which policies, in which zones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import Field

from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason
from modules.core.target import Target
from modules.network.endpoint_catalogue import (
    ENDPOINT_SERVICES,
    GATEWAY_ENDPOINTS,
    INTERFACE_ENDPOINTS,
)
from modules.network.fields import AvailabilityZone

GatewayService = Annotated[str, OneOf(GATEWAY_ENDPOINTS, "a gateway endpoint", literal=True)]
InterfaceService = Annotated[str, OneOf(INTERFACE_ENDPOINTS, "an interface endpoint", literal=True)]

S3_PRIVATE_DNS = ("inbound_resolver", "vpc", "none")
"""Who reaches S3's own host names through its interface endpoint."""

SUBNET_ATTACHMENT = ("association", "inline")
"""Where an interface endpoint's subnets stand in Terraform."""

_PrincipalArn = Annotated[
    str,
    Matching(
        r"arn:aws(?:-us-gov)?:(?:iam|sts)::\d{12}:(?:root|(?:user|role|assumed-role|federated-user)/[\w+=,.@/*-]+)",
        "a principal is the ARN of an account's root, a role or a user",
        "write it like arn:aws:iam::123456789012:role/orders",
        2048,
    ),
]
_Action = Annotated[
    str,
    Matching(r"[a-z0-9-]+:[A-Za-z*?]+|\*", "an IAM action reads like sqs:SendMessage", "write service:Action", 256),
]
_Resource = Annotated[
    str,
    Matching(
        r"arn:aws(?:-us-gov)?:[^\s]+|\*", "a resource is an ARN, in which * stands for anything", "write its ARN", 2048
    ),
]
_OrganizationId = Annotated[
    str, Matching(r"o-[a-z0-9]{10,32}", "an organization's id reads like o-exampleorgid", "copy it from Organizations")
]


class EndpointPolicyConfig(ConfigModel):
    """What may pass an endpoint. Every field narrows; an endpoint without one admits this account's principals only."""

    principal_arns: tuple[_PrincipalArn, ...] = Field(
        default=(), description="Principals that may pass, as aws:PrincipalArn; * stands for any part of a name."
    )
    organization_id: _OrganizationId | None = Field(
        default=None, description="Admit the principals of this organization instead of this account's only."
    )
    actions: tuple[_Action, ...] = Field(default=("*",), description="IAM actions that may pass.")
    resources: tuple[_Resource, ...] = Field(default=("*",), description="ARNs that may be reached.")
    full_access_reason: Reason = Field(
        default="",
        description="Why the endpoint has no policy, so that anybody's credentials pass it; some services take none.",
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Either a policy or none, and no empty one."""
        for name in ("actions", "resources"):
            if not getattr(self, name):
                yield Problem("", f"{name} is empty", "a policy that admits nothing closes the endpoint", "name some")
        given = [name for name in ("principal_arns", "organization_id", "actions", "resources") if self._is_set(name)]
        if self.full_access_reason and given:
            yield Problem(
                "",
                f"full_access_reason stands beside {', '.join(given)}",
                "without a policy nothing is narrowed",
                "remove one or the other",
            )

    def _is_set(self, name: str) -> bool:
        return bool(getattr(self, name) != type(self).model_fields[name].default)


class EndpointsConfig(ConfigModel):
    """VPC endpoints of a network."""

    gateway: tuple[GatewayService, ...] = Field(
        default=GATEWAY_ENDPOINTS, description="Gateway endpoints, on every route table; free."
    )
    interface: tuple[InterfaceService, ...] = Field(
        default=(), description="Interface endpoints, one address per private subnet; about 7.30 USD a month and zone."
    )
    policies: dict[InterfaceService, EndpointPolicyConfig] = Field(
        default_factory=dict,
        description="Endpoint policies by service, for the endpoints above and those that functions ask for.",
    )
    zones: dict[InterfaceService, tuple[AvailabilityZone, ...]] = Field(
        default_factory=dict,
        description="Zones of an interface endpoint, by service, where the service is not offered in all of them.",
    )
    unchecked_zones_reason: Reason = Field(
        default="",
        description="Why a plan does not ask AWS whether the services are offered in the network's zones.",
    )
    s3_private_dns: Annotated[str, OneOf(S3_PRIVATE_DNS, "s3_private_dns", literal=True)] = Field(
        default="inbound_resolver",
        description="Who reaches S3's own host names through its interface endpoint: what comes in through a Route 53 "
        "Resolver inbound endpoint, while the VPC keeps its gateway endpoint; the whole vpc; or none.",
    )
    subnet_attachment: Annotated[str, OneOf(SUBNET_ATTACHMENT, "subnet_attachment", literal=True)] = Field(
        default="association",
        description="How an interface endpoint gets its subnets; to be chosen before the first apply. With association "
        "a resource for each zone: another zone changes nothing that exists, but the AWS provider waits a minute for "
        "each, one after the other, when it is made or removed. With inline the endpoint is updated in place.",
    )

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """The zones lie in the target's region."""
        for service, zones in sorted(self.zones.items()):
            for zone in sorted(zone for zone in zones if zone[:-1] != target.region):
                yield Problem(
                    "endpoints",
                    f"zones.{service} holds {zone}",
                    f"the target's region is {target.region}",
                    "name zones of that region",
                )

    def cross_checks(self) -> Iterator[Problem]:
        """Each service once, together with what it is of no use without."""
        for field in ("gateway", "interface"):
            services = getattr(self, field)
            for service in sorted({s for s in services if services.count(s) > 1}):
                yield Problem("", f'{field} holds "{service}" twice', "a service has one endpoint", "remove one")
        for service in sorted(set(self.interface)):
            yield from lacking(service, gateway=self.gateway, interface=self.interface, config=self)
        for service, zones in sorted(self.zones.items()):
            if not zones:
                yield Problem("", f"zones.{service} is empty", "an endpoint stands in at least one zone", "name it")
            for zone in sorted({each for each in zones if zones.count(each) > 1}):
                yield Problem("", f'zones.{service} holds "{zone}" twice', "each zone once", "remove one")
        for service, policy in sorted(self.policies.items()):
            if ENDPOINT_SERVICES[service].supports_policy is False and not policy.full_access_reason:
                yield Problem(
                    "", f"policies.{service} is given", "the service takes no endpoint policy", "set full_access_reason"
                )


def lacking(
    service: str, *, gateway: Iterable[str], interface: Iterable[str], config: EndpointsConfig
) -> Iterator[Problem]:
    """What the interface endpoint of `service` is of no use without, or in conflict with.

    Args:
        service: suffix of the service's name.
        gateway: services that have gateway endpoints.
        interface: services that have interface endpoints, or get them together with this one.
        config: what it says of S3's private DNS.
    """
    entry, gateways, interfaces = ENDPOINT_SERVICES[service], set(gateway), set(interface)
    for companion in entry.companions:
        if companion not in interfaces:
            yield Problem(
                "",
                f'interface holds "{service}" without "{companion}"',
                f"{service} is of no use without {companion} (ECR guide)",
                f'add "{companion}" to interface',
            )
    if entry.needs_s3_gateway and "s3" not in gateways:
        yield Problem(
            "",
            f'interface holds "{service}", and gateway has no "s3"',
            "ECR keeps the layers of images in S3, which need a way of their own (ECR guide)",
            'add "s3" to gateway',
        )
    if service == "s3" and config.s3_private_dns == "inbound_resolver" and "s3" not in gateways:
        yield Problem(
            "",
            'interface holds "s3", s3_private_dns is "inbound_resolver", and gateway has no "s3"',
            "private DNS for inbound resolvers only takes a gateway endpoint of S3 in the VPC (S3 guide)",
            'add "s3" to gateway, or set s3_private_dns to vpc or none',
        )
