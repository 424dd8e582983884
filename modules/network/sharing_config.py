"""Configuration of what a network shares: subnets through RAM, a service through PrivateLink, and public access."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason
from modules.network.existing_config import ExistingTier

_PARTITION = r"arn:aws(?:-cn|-us-gov)?"


class SubnetShareConfig(ConfigModel):
    """Subnets of a network that other accounts of the organization may use; the network stays its owner's."""

    tiers: tuple[ExistingTier, ...] = Field(default=("private",), description="Tiers whose subnets are shared.")
    principals: tuple[
        Annotated[
            str,
            Matching(
                rf"\d{{12}}|{_PARTITION}:organizations::\d{{12}}:(?:organization/o-[a-z0-9]{{10,32}}"
                r"|ou/o-[a-z0-9]{10,32}/ou-[a-z0-9]{4,32}-[a-z0-9]{8,32})",
                "a principal is an account's 12 digits, or the ARN of an organization or an organizational unit (RAM)",
                "write it in quotes",
                literal=True,
            ),
        ],
        ...,
    ] = Field(description="Who may use the subnets.")
    external_principals_reason: Reason = Field(
        default="",
        description="Why accounts outside the organization are admitted; AWS takes them for few kinds of resource.",
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Somebody, something, and each once."""
        for field in ("tiers", "principals"):
            values = getattr(self, field)
            if not values:
                yield Problem("", f"{field} is empty", "a share is of something, with somebody", "name one")
            for value in sorted({each for each in values if values.count(each) > 1}):
                yield Problem("", f'{field} holds "{value}" twice', "each once", "remove one")


class EndpointServiceConfig(ConfigModel):
    """A service of one's own that other VPCs reach through PrivateLink."""

    network_load_balancer_arns: tuple[
        Annotated[
            str,
            Matching(
                rf"{_PARTITION}:elasticloadbalancing:[a-z0-9-]+:\d{{12}}:loadbalancer/net/[A-Za-z0-9-]{{1,32}}/[0-9a-f]+",
                "a service stands behind network load balancers, named by their ARNs",
                "write the load balancer's ARN",
            ),
        ],
        ...,
    ] = Field(description="Network load balancers that the service stands behind.")
    allowed_principals: tuple[
        Annotated[
            str,
            Matching(
                rf"\*|{_PARTITION}:iam::\d{{12}}:(?:root|(?:user|role)/[\w+=,.@/-]+)",
                "a principal is the ARN of an account's root, a role or a user",
                "write it like arn:aws:iam::123456789012:root",
            ),
        ],
        ...,
    ] = Field(default=(), description="Who may ask for an endpoint; nobody but this account without one.")
    everybody_reason: Reason = Field(default="", description="Why * is among allowed_principals.")
    automatic_acceptance_reason: Reason = Field(
        default="", description="Why endpoints are accepted unseen; without it each waits for acceptance."
    )
    supported_ip_address_types: tuple[Annotated[str, OneOf(("ipv4", "ipv6"), "an address type", literal=True)], ...] = (
        Field(default=("ipv4",), description="Address types of the load balancers' listeners.")
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Behind something; open to everybody only with a reason."""
        if not self.network_load_balancer_arns:
            given = "network_load_balancer_arns is empty"
            yield Problem("", given, "a service stands behind at least one", "name it")
        if not self.supported_ip_address_types:
            yield Problem("", "supported_ip_address_types is empty", "it takes ipv4, ipv6 or both", "name one")
        if "*" in self.allowed_principals and not self.everybody_reason:
            yield Problem(
                "",
                'allowed_principals holds "*"',
                "then every AWS account may ask for an endpoint",
                "name accounts, or set everybody_reason",
            )


class BlockPublicAccessExclusionConfig(ConfigModel):
    """A VPC that keeps its internet gateway."""

    vpc_id: Annotated[
        str, Matching(r"vpc-[0-9a-f]{8,17}", "a VPC is named by its id, like vpc-0123456789abcdef0", "copy it from EC2")
    ] = Field(description="The VPC.")
    mode: Annotated[str, OneOf(("allow-egress", "allow-bidirectional"), "an exclusion's mode", literal=True)] = Field(
        default="allow-egress", description="Open for what leaves, or in both directions."
    )
    reason: Reason = Field(description="Why the VPC is left out.")

    def cross_checks(self) -> Iterator[Problem]:
        """A reason that says something."""
        if not self.reason:
            yield Problem("", "reason is empty", "a VPC that is left out is open to the internet", "write why")


class BlockPublicAccessConfig(ConfigModel):
    """Internet gateways of a whole account and region, shut."""

    mode: Annotated[str, OneOf(("block-bidirectional", "block-ingress"), "a mode", literal=True)] = Field(
        default="block-bidirectional",
        description="Shut in both directions, or only for what comes in (NAT and egress-only gateways keep working).",
    )
    exclusions: dict[
        Annotated[
            str, Matching(r"[a-z0-9]+(?:-[a-z0-9]+)*", "an exclusion is named by a word", "rename it", 40, literal=True)
        ],
        BlockPublicAccessExclusionConfig,
    ] = Field(default_factory=dict, description="VPCs that are left out, by a name of your choice.")
