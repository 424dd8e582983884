"""What the page of a pull request says."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

GIVEN = "(set by AWS)"
"""What stands for the value before of what the configuration does not set; each resource has another."""


class Action(StrEnum):
    """What a plan does to a resource; the gravest first."""

    DESTROY = "destroyed"
    REPLACE = "replaced"
    FORGET = "forgotten"
    UPDATE = "changed"
    CREATE = "created"

    @property
    def rank(self) -> int:
        """From 0, the gravest."""
        return list(type(self)).index(self)


class Level(StrEnum):
    """How much of a decision the page asks for."""

    STOP = "stop"
    LOOK = "look"
    QUIET = "quiet"


@dataclass(frozen=True, order=True)
class Difference:
    """One attribute that changes.

    Attributes:
        path: dotted path of the attribute.
        before: value before, as text; empty where there was none.
        after: value after, as text; empty where there will be none.
        is_own: whether a value holds the target's name, region or account, or an id of its resources.
    """

    path: str
    before: str
    after: str
    is_own: bool = False

    @property
    def is_given(self) -> bool:
        """Whether AWS sets it anew, and the configuration does not tell it."""
        return self.before == GIVEN


@dataclass(frozen=True)
class ResourceChange:
    """What happens to one resource.

    Attributes:
        address: of the resource.
        type: such as `aws_security_group`.
        action: what is done.
        differences: attributes that change, by path; none of what is destroyed or forgotten.
        forced_by: attributes that force a replacement.
        is_pending: whether the base branch would change the very same.
        refers_to: addresses of changing resources that it refers to, or did.
    """

    address: str
    type: str
    action: Action
    differences: tuple[Difference, ...] = field(default=(), repr=False)
    forced_by: tuple[str, ...] = ()
    is_pending: bool = False
    refers_to: tuple[str, ...] = field(default=(), repr=False)

    @property
    def told(self) -> tuple[Difference, ...]:
        """Attributes whose values say something."""
        return tuple(entry for entry in self.differences if not entry.is_given)

    @property
    def given(self) -> tuple[str, ...]:
        """Paths of attributes that AWS sets anew."""
        return tuple(entry.path for entry in self.differences if entry.is_given)


@dataclass(frozen=True)
class Amounts:
    """What something costs a month, in USD, as far as it has an amount."""

    before: Decimal = Decimal(0)
    after: Decimal = Decimal(0)

    @property
    def change(self) -> Decimal:
        """After less before."""
        return self.after - self.before

    def __add__(self, other: Amounts) -> Amounts:
        """Both together."""
        return Amounts(self.before + other.before, self.after + other.after)


@dataclass(frozen=True)
class Group:
    """Targets that change alike.

    Attributes:
        targets: their names, sorted.
        changes: what changes, with the values of the first target; the gravest first.
        cost: of all of them together; None where no prices are given.
    """

    targets: tuple[str, ...]
    changes: tuple[ResourceChange, ...]
    cost: Amounts | None = None


@dataclass(frozen=True)
class Loss:
    """A resource that is destroyed, replaced or forgotten.

    Attributes:
        address: of the resource.
        action: what is done.
        forced_by: attributes that force a replacement.
        notes: what it loses, hangs on or fails at.
        minutes: the longest documented wait; None where no document gives one.
        is_error: whether data is lost, or the destruction will fail.
        targets: where.
    """

    address: str
    action: Action
    forced_by: tuple[str, ...]
    notes: tuple[str, ...]
    minutes: int | None
    is_error: bool
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Notice:
    """Something said of a resource in one or several targets.

    Attributes:
        kind: severity, level or verdict.
        address: of the resource.
        message: what is so.
        fix: what to do; empty for nothing.
        targets: where.
        check: id of the check; empty for what is none.
        place: where it is written, such as `stacks/orders_api.py:24`; empty where that is not known.
    """

    kind: str
    address: str
    message: str
    fix: str
    targets: tuple[str, ...]
    check: str = ""
    place: str = ""


@dataclass(frozen=True)
class Section:
    """What is told anew against the base, and what stood there already by number.

    Attributes:
        new: new ones, the gravest first.
        open: how many stand there as they did.
        mended: how many are gone.
        undecided: how many cannot be told; not among the others.
        note: a sentence on what the section rests on, or why it is empty.
    """

    new: tuple[Notice, ...] = ()
    open: int = 0
    mended: int = 0
    undecided: int = 0
    note: str = ""


@dataclass(frozen=True)
class BudgetRow:
    """What is used of a limit, in one or several places alike.

    Attributes:
        what: what is counted.
        scopes: of what.
        before: used before.
        after: used after.
        limit: the most; None where it is not known.
        verdict: `over`, `nearly used`, `undecidable` or `fits`.
        by: who adds something.
    """

    what: str
    scopes: tuple[str, ...]
    before: int
    after: int
    limit: int | None
    verdict: str
    by: str

    @property
    def fits(self) -> bool:
        """Whether there is room left, though less than before."""
        return self.verdict == "fits"


@dataclass(frozen=True)
class Costs:
    """What everything costs a month.

    Attributes:
        total: of all targets.
        types: resource types whose cost changes, by size of the change.
        unpriced: lines without a price, or whose quantity the plan does not tell.
        undeclared: lines whose usage is not declared.
    """

    total: Amounts
    types: tuple[tuple[str, Amounts], ...]
    unpriced: int
    undeclared: int


@dataclass(frozen=True)
class Review:
    """The page.

    Attributes:
        title: heading.
        targets: every target, sorted.
        groups: targets that change alike, most targets first.
        losses: what is destroyed, replaced or forgotten, gravest first.
        policies: findings of the policies; None where none were given.
        reach: what is newly unreachable or undecidable.
        budget: rows that are over, nearly used up, undecidable or growing.
        costs: None where no prices are given.
        forecast: what this change adds to the forecast of destructions.
        longest_wait_minutes: the longest documented wait of one destruction; 0 for none.
        base: what is the base, in words.
    """

    title: str
    targets: tuple[str, ...]
    groups: tuple[Group, ...]
    losses: tuple[Loss, ...] = ()
    policies: Section | None = None
    reach: Section = Section()
    budget: tuple[BudgetRow, ...] = ()
    costs: Costs | None = None
    forecast: Section = Section()
    longest_wait_minutes: int = 0
    base: str = ""

    @property
    def unchanged(self) -> int:
        """How many targets nothing changes in."""
        return len(self.targets) - sum(len(group.targets) for group in self.groups)

    @property
    def counts(self) -> dict[Action, int]:
        """Resources by what happens to them, in all targets."""
        found = dict.fromkeys(Action, 0)
        for group in self.groups:
            for change in group.changes:
                found[change.action] += len(group.targets)
        return found
