"""Configuration of a function's attachment to a VPC: subnets, security groups, and how it is detached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason
from modules.core.target import Target

SecurityGroupId = Annotated[
    str, Matching(r"sg-[0-9a-f]{8,17}", "a security group's id reads like sg-0a1b2c3d4e5f60718", "copy it from EC2")
]
SubnetId = Annotated[
    str, Matching(r"subnet-[0-9a-f]{8,17}", "a subnet's id reads like subnet-0a1b2c3d4e5f60718", "copy it from EC2")
]
_Zone = Annotated[
    str,
    Matching(
        rf"{limits.REGION}[a-z]", "an availability zone is a region and a letter, like eu-west-1a", "write its name",
        literal=True,
    ),
]  # fmt: skip

ATTACHMENT_STATES = ("attached", "detaching", "detached")
"""States of an attachment; a function leaves a VPC through `detaching`, one apply long."""


class SubnetConfig(ConfigModel):
    """A subnet that stands outside the network's tiers."""

    id: SubnetId = Field(description="Id of the subnet; it has to be a private one of the network's VPC.")
    availability_zone: _Zone = Field(description="Its zone, such as eu-west-1a.")
    has_ipv6: StrictBool = Field(default=False, description="Whether it has an IPv6 range beside its IPv4 range.")


class AttachmentConfig(ConfigModel):
    """How a function is attached to a network; by default to its function subnets, in the group functions share.

    Lambda makes one network interface for each pair of a subnet and a set of security groups, and every function with
    the same pair shares it (Lambda guide, VPC access): functions in the shared group need the fewest.

    Raises:
        ConfigError: with every refused field.
    """

    state: Annotated[str, OneOf(ATTACHMENT_STATES, "an attachment's state", literal=True)] = Field(
        default="attached",
        description="attached; or, to take the function out of the VPC, detaching for one apply and then detached. "
        "detaching removes the VPC's subnets and groups from the function but leaves its role the permissions with "
        "which Lambda deletes the network interfaces, which takes up to 20 minutes (Lambda guide, VPC access).",
    )
    detaching_applied: Reason = Field(
        default="",
        description="When and where the state detaching was applied, or that the function never was in a VPC; "
        "state detached requires it.",
    )
    tier: Annotated[
        str,
        Matching(
            "function|lambda|private|isolated",
            "a function's tier is function (lambda if the network has that tier, else private), lambda, private or "
            "isolated; in a public subnet it would have neither a public address nor a way to the internet "
            "(Lambda guide, VPC access)",
            "choose one of them",
            literal=True,
        ),
    ] = Field(
        default="function",
        description="Subnets of the network: function (its lambda tier if it has one, else private), lambda, private "
        "or isolated.",
    )
    zones: tuple[_Zone, ...] = Field(
        default=(),
        description="Zones of the tier's subnets to use; none takes all, so that a zone added to the network updates "
        "the function.",
    )
    subnets: tuple[SubnetConfig, ...] = Field(
        default=(), description="Subnets instead of a tier's, at most 16 (lambda API model); none takes the tier's."
    )
    single_zone_reason: Reason = Field(
        default="", description="Why one availability zone is enough; without it two are required."
    )
    security_group: Annotated[
        str, OneOf(("application", "own", "none"), "security_group", literal=True)
    ] = Field(
        default="application",
        description="application: the network's group that functions share, so that what one may reach over the "
        "network all of them may, and IAM tells them apart; own: one for this function, with network interfaces of "
        "its own; none: those of security_group_ids only.",
    )  # fmt: skip
    security_group_ids: tuple[SecurityGroupId, ...] = Field(
        default=(), description="Further groups; 5 with the function's (lambda API model). Their rules are left alone."
    )
    ipv6_allowed_for_dual_stack: StrictBool = Field(
        default=False,
        description="Whether the function uses IPv6 too; every subnet has to have IPv4 and IPv6 (Lambda guide).",
    )
    replace_security_groups_on_destroy: StrictBool = Field(
        default=True,
        description="Move the function's network interfaces to other groups at destroy, so that its own can be deleted "
        "without waiting for the interfaces, which takes up to 45 minutes (aws_lambda_function).",
    )
    replacement_security_group_ids: tuple[SecurityGroupId, ...] = Field(
        default=(),
        description="Groups that they are moved to, at most 5; none takes the network's locked default group.",
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Subnets and groups together or neither, as many as Lambda takes, and no step of detaching left out."""
        yield from self._state_problems()
        yield from self._zone_problems()
        yield from self._subnet_problems()
        yield from self._group_problems()
        if self.replacement_security_group_ids and not self.replace_security_groups_on_destroy:
            yield Problem(
                "",
                "replacement_security_group_ids is set and replace_security_groups_on_destroy is false",
                "Terraform takes both or neither (aws_lambda_function)",
                "remove the ids, or set replace_security_groups_on_destroy to true",
            )

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """Subnets and zones lie in the target's region."""
        for field, zones in (
            ("subnets are in", {subnet.availability_zone for subnet in self.subnets}),
            ("zones holds", set(self.zones)),
        ):
            foreign = ", ".join(sorted(zone for zone in zones if zone[:-1] != target.region))
            if foreign:
                allowed = f"the target's region is {target.region}"
                yield Problem("", f"{field} {foreign}", allowed, f"name {field.split()[0]} of that region")

    def _state_problems(self) -> Iterator[Problem]:
        if self.state == "detached" and not self.detaching_applied:
            yield Problem(
                "",
                'state is "detached" and detaching_applied is empty',
                "without the permissions that state detaching leaves for one apply, Lambda can never delete the "
                "function's network interfaces",
                "apply state detaching first, wait 20 minutes, then say so in detaching_applied",
            )
        elif self.state != "detached" and self.detaching_applied:
            yield Problem(
                "",
                f'state is "{self.state}" and detaching_applied is set',
                "it goes with state detached",
                "remove it, or set state to detached",
            )

    def _zone_problems(self) -> Iterator[Problem]:
        zones = self.zones
        for repeated in sorted({zone for zone in zones if zones.count(zone) > 1}):
            yield Problem("", f'zones holds "{repeated}" twice', "each zone once", "remove one")
        if zones and self.subnets:
            yield Problem("", "zones and subnets are both set", "one of them says where the function is", "remove one")
        elif len(zones) == 1 and not self.single_zone_reason:
            yield Problem(
                "",
                f"zones holds {zones[0]} only",
                "a VPC function needs 2 availability zones (a zone outage stops it)",
                "add another zone, or set single_zone_reason",
            )

    def _subnet_problems(self) -> Iterator[Problem]:
        if not self.subnets:
            return
        if self.tier != "function":
            yield Problem(
                "", f'tier is "{self.tier}" and subnets is set', "one of them says where the function is", "remove one"
            )
        ids = [subnet.id for subnet in self.subnets]
        for repeated in sorted({subnet for subnet in ids if ids.count(subnet) > 1}):
            yield Problem("", f'subnets holds "{repeated}" twice', "each subnet once", "remove one")
        if len(ids) > limits.LAMBDA_MAX_SUBNETS:
            yield Problem(
                "",
                f"subnets has {len(ids)} entries",
                f"Lambda takes {limits.LAMBDA_MAX_SUBNETS} (lambda API model)",
                "remove some",
            )
        without = [subnet.id for subnet in self.subnets if not subnet.has_ipv6]
        if self.ipv6_allowed_for_dual_stack and without:
            yield Problem(
                "",
                f"ipv6_allowed_for_dual_stack is true, and has_ipv6 is not for {', '.join(without)}",
                "every subnet of the function has to have IPv4 and IPv6 (Lambda guide)",
                "set has_ipv6 where it is so, or ipv6_allowed_for_dual_stack to false",
            )
        zones = sorted({subnet.availability_zone for subnet in self.subnets})
        if len(zones) < _FEWEST_ZONES and not self.single_zone_reason:
            yield Problem(
                "",
                f"subnets are all in {zones[0]}",
                "a VPC function needs 2 availability zones (a zone outage stops it)",
                "add a subnet in another zone, or set single_zone_reason",
            )

    def _group_problems(self) -> Iterator[Problem]:
        if self.security_group == "none" and not self.security_group_ids:
            yield Problem(
                "",
                'security_group is "none" and security_group_ids is empty',
                "Lambda takes subnets and security groups together or neither (lambda API model)",
                "name a group, or set security_group to application or own",
            )
        own = 0 if self.security_group == "none" else 1
        for field, others in (("security_group_ids", own), ("replacement_security_group_ids", 0)):
            ids = getattr(self, field)
            if any(member.startswith("#{") for member in ids):
                yield Problem(
                    "",
                    f"{field} is a list that is known only later",
                    f"Lambda takes {limits.LAMBDA_MAX_SECURITY_GROUPS} groups (lambda API model), so they are counted",
                    "name each group by itself",
                )
            for repeated in sorted({member for member in ids if ids.count(member) > 1}):
                yield Problem("", f'{field} holds "{repeated}" twice', "each group once", "remove one")
            if len(ids) + others > limits.LAMBDA_MAX_SECURITY_GROUPS:
                counted = ", the one of security_group among them" if others else ""
                yield Problem(
                    "",
                    f"{field} has {len(ids)} entries",
                    f"Lambda takes {limits.LAMBDA_MAX_SECURITY_GROUPS} groups{counted} (lambda API model)",
                    "remove some",
                )


_FEWEST_ZONES = 2
