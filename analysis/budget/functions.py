"""Network interfaces of functions: one for each subnet with each set of security groups, whoever shares it.

Lambda guide, VPC networking: functions with the same subnet and the same security groups share one interface. A version
that was published keeps the subnets and groups it was published with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from analysis.budget.states import After, Before, State
from analysis.budget.view import SUBNETS, Keys, View
from analysis.plan import UNKNOWN, Resource

FUNCTION = "aws_lambda_function"
_SUBNET_IDS, _GROUP_IDS = "vpc_config.subnet_ids", "vpc_config.security_group_ids"

Pair = tuple[str, frozenset[str]]
"""A subnet and a set of security groups."""


@dataclass(frozen=True)
class Attachment:
    """A function's place in a VPC.

    Attributes:
        view: the plan.
        resource: the function, as it is after the plan; as it was where it is destroyed.
        subnets: after the plan.
        groups: after the plan.
        before: pairs before the plan.
        kept: pairs of published versions that the plan moves the function away from.
        vpc: the VPC where AWS has told it already; empty otherwise.
    """

    view: View
    resource: Resource
    subnets: Keys = field(default=Keys())
    groups: Keys = field(default=Keys())
    before: tuple[Pair, ...] = ()
    kept: tuple[Pair, ...] = ()
    vpc: str = ""

    @property
    def address(self) -> str:
        """The function in sentences."""
        return self.view.address(self.resource)

    @property
    def unknown(self) -> str:
        """What is not known of subnets or groups."""
        return self.subnets.unknown or self.groups.unknown

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Pairs after the plan, as far as they are known; with groups that are not known, it shares none."""
        own = (f"?{self.address}",) if self.groups.unknown else ()
        groups = frozenset((*self.groups.keys, *own))
        return tuple((subnet, groups) for subnet in self.subnets.keys)


def attachments(states: Sequence[tuple[After, Before]]) -> Iterator[Attachment]:
    """Functions of all plans that are in a VPC after the plan, or were before."""
    for after, before in states:
        was = {entry.address: entry for entry in before.of(FUNCTION)}
        for function in after.of(FUNCTION):
            yield _attachment(after, before, function, was.pop(function.address, None))
        for function in was.values():
            yield Attachment(after.view, function, before=_pairs(before, function), vpc=_vpc(function))


def is_attached(attachment: Attachment) -> bool:
    """Whether the function has, or had, anything to do with a VPC."""
    return bool(attachment.subnets.keys or attachment.subnets.unknown or attachment.before)


def _attachment(after: After, before: Before, function: Resource, was: Resource | None) -> Attachment:
    subnets = after.keys(function, _SUBNET_IDS, *SUBNETS)
    groups = after.groups(function, _GROUP_IDS)
    earlier = () if was is None else _pairs(before, was)
    found = Attachment(after.view, function, subnets, groups, earlier, vpc=_vpc(function))
    is_published = was is not None and was.get("publish") is True and not function.is_replaced
    if not is_published or found.unknown:
        return found
    kept = tuple(pair for pair in earlier if pair not in set(found.pairs))
    return Attachment(after.view, function, subnets, groups, earlier, kept, found.vpc)


def _pairs(state: State, function: Resource) -> tuple[Pair, ...]:
    groups = frozenset(state.groups(function, _GROUP_IDS).keys)
    return tuple((subnet, groups) for subnet in state.keys(function, _SUBNET_IDS, *SUBNETS).keys)


def _vpc(function: Resource) -> str:
    known = function.get("vpc_config.vpc_id", "")
    return known if known is not UNKNOWN and isinstance(known, str) else ""
