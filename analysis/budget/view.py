"""A plan as a budget reads it: what each attribute leads to as a key that several plans share, and where it lies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from analysis.budget.places import Place, Places
from analysis.plan import UNKNOWN, Plan, Resource

SUBNETS = ("aws_subnet", "aws_default_subnet")
GROUPS = ("aws_security_group", "aws_default_security_group")
VPCS = ("aws_vpc", "aws_default_vpc")
_DEFAULT_GROUP = "default_security_group_id"


@dataclass(frozen=True)
class Keys:
    """What an attribute leads to.

    Attributes:
        keys: an id where it is known, so that plans agree on it, else plan and address.
        unknown: why they may not be all; empty when they are.
    """

    keys: tuple[str, ...] = ()
    unknown: str = ""

    @property
    def first(self) -> str:
        """The first key; empty where there is none."""
        return self.keys[0] if self.keys else ""

    def __or__(self, other: Keys) -> Keys:
        """Both together."""
        return Keys(tuple(dict.fromkeys((*self.keys, *other.keys))), self.unknown or other.unknown)


@dataclass(frozen=True, eq=False)
class View:
    """A plan among several.

    Attributes:
        plan: the plan.
        name: its name in sentences; empty where it is the only one.
        places: account and region of each resource.
        labels: address or id of each key that was asked for; one mapping for all plans.
    """

    plan: Plan
    name: str
    places: Places
    labels: dict[str, str] = field(default_factory=dict)

    def address(self, resource: Resource) -> str:
        """The address for sentences, with the plan where there are several."""
        return f"{self.name}: {resource.address}" if self.name else resource.address

    def key(self, resource: Resource) -> str:
        """The id where it is known, else plan and address."""
        known = resource.get("id")
        key = known if isinstance(known, str) else f"{self.name}#{resource.address}"
        self.labels.setdefault(key, self.address(resource))
        return key

    def keys(self, resource: Resource, path: str, *types: str) -> Keys:
        """What an attribute leads to, after the plan."""
        links = self.plan.links(resource, path, *types)
        found = dict.fromkeys((*(self.key(entry) for entry in links.resources), *self._literals(links.literals)))
        return Keys(tuple(found), self._reason(resource, path, links.unresolved))

    def groups(self, resource: Resource, path: str) -> Keys:
        """Security groups that an attribute leads to, the default one of a VPC among them."""
        links = self.plan.links(resource, path, *GROUPS, *VPCS)
        found = dict[str, None]()
        for entry in links.resources:
            found[self._default_group(entry) if entry.type in VPCS else self.key(entry)] = None
        found.update(dict.fromkeys(self._literals(links.literals)))
        return Keys(tuple(found), self._reason(resource, path, links.unresolved))

    def place(self, resource: Resource) -> Place:
        """Account and region of a resource."""
        return self.places.of(resource)

    def _default_group(self, vpc: Resource) -> str:
        known = vpc.get(_DEFAULT_GROUP)
        key = known if isinstance(known, str) else f"{self.key(vpc)}.{_DEFAULT_GROUP}"
        self.labels.setdefault(key, f"{self.address(vpc)}.{_DEFAULT_GROUP}")
        return key

    def _literals(self, literals: Iterable[str]) -> Iterable[str]:
        for literal in literals:
            self.labels.setdefault(literal, literal)
            yield literal

    def _reason(self, resource: Resource, path: str, unresolved: Sequence[str]) -> str:
        named = ", ".join(text for text in unresolved if text != path)
        return f"{path} of {self.address(resource)}{f' ({named})' if named else ''}" if unresolved else ""


def views(
    plans: Sequence[Plan], *, account: str = "", region: str = "", is_named: bool | None = None
) -> tuple[View, ...]:
    """Plans side by side; by default they are named where there are several."""
    names = plan_names(plans)
    several = len(plans) > 1 if is_named is None else is_named
    labels: dict[str, str] = {}
    return tuple(
        View(plan, name if several else "", Places(plan, name, account=account, region=region), labels)
        for plan, name in zip(plans, names, strict=True)
    )


def plan_names(plans: Sequence[Plan]) -> tuple[str, ...]:
    """The name of each plan among others: its source, with a number where several have the same or none."""
    times = Counter(plan.source for plan in plans)
    return tuple(
        plan.source if plan.source and times[plan.source] == 1 else f"{plan.source or 'plan'} {number}"
        for number, plan in enumerate(plans, start=1)
    )


def number_at(resource: Resource, path: str, default: int) -> int | None:
    """A whole number; None where it is not known."""
    value = resource.get(path, default)
    if value is UNKNOWN:
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
