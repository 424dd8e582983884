"""What a plan costs a month: lines, totals, and what could not be priced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from analysis.cost.charges import Kind
from analysis.finding import Finding


class Status(StrEnum):
    """Whether a line has an amount."""

    PRICED = "priced"
    NO_PRICE = "no price known"
    UNDECIDABLE = "undecidable"
    UNDECLARED = "usage not declared"


@dataclass(frozen=True)
class Line:
    """What one item of one resource costs a month.

    Attributes:
        address: the resource; empty for the account.
        region: its region; empty where it is not known.
        item: key of the item in a price table, or words for what none has.
        title: what it is, in words.
        kind: fixed or usage.
        status: whether it has an amount.
        quantity: units a month; None where it is unknown or not declared.
        unit: unit of `quantity`.
        unit_price_usd: price of a unit, of the first tier where there are several; None where none is known.
        monthly_usd: amount, unrounded; None where there is none.
        basis: how the quantity comes about, and source and day of the price.
        reason: why there is no amount; empty where there is one.
    """

    address: str
    region: str
    item: str
    title: str
    kind: Kind
    status: Status
    quantity: Decimal | None
    unit: str
    unit_price_usd: Decimal | None
    monthly_usd: Decimal | None
    basis: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Totals:
    """Sums of the lines that have an amount, in USD a month."""

    fixed_usd: Decimal
    usage_usd: Decimal

    @property
    def total_usd(self) -> Decimal:
        """Both together."""
        return self.fixed_usd + self.usage_usd


@dataclass(frozen=True)
class Change:
    """What a resource cost before the plan, and what it will cost.

    Attributes:
        address: the resource; empty for the account.
        before_usd: before the plan; None where a line of it had no amount for another reason than undeclared usage.
        after_usd: after it; None likewise.
    """

    address: str
    before_usd: Decimal | None
    after_usd: Decimal | None

    @property
    def difference_usd(self) -> Decimal | None:
        """After less before; None where one of them is not known."""
        if self.before_usd is None or self.after_usd is None:
            return None
        return self.after_usd - self.before_usd


@dataclass(frozen=True)
class Cost:
    """What a plan costs a month.

    Attributes:
        lines: by resource and item.
        lines_before: the same of what was there before the plan, with the same usage.
        unmatched: names of the declared usage that stand for no resource, before or after.
        unclassified: resource types of which it is not known whether they cost anything, with their number.
        findings: whether a maximum is kept; none where none was given.
    """

    lines: tuple[Line, ...]
    lines_before: tuple[Line, ...] = ()
    unmatched: tuple[str, ...] = ()
    unclassified: tuple[tuple[str, int], ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def totals(self) -> Totals:
        """Sums after the plan, of the lines that have an amount."""
        return totals_of(self.lines)

    @property
    def totals_before(self) -> Totals:
        """Sums before the plan."""
        return totals_of(self.lines_before)

    @property
    def change_usd(self) -> Decimal:
        """What the plan adds a month, of the lines that have an amount."""
        return self.totals.total_usd - self.totals_before.total_usd

    @property
    def without_price(self) -> tuple[Line, ...]:
        """Lines of which no price is known."""
        return self.with_status(Status.NO_PRICE)

    @property
    def undecidable(self) -> tuple[Line, ...]:
        """Lines whose quantity the plan does not tell."""
        return self.with_status(Status.UNDECIDABLE)

    @property
    def undeclared(self) -> tuple[Line, ...]:
        """Lines whose usage is not declared."""
        return self.with_status(Status.UNDECLARED)

    @property
    def is_complete(self) -> bool:
        """Whether the sum holds everything: each line has an amount, and each type is known."""
        return not self.unclassified and all(line.status is Status.PRICED for line in self.lines)

    def with_status(self, status: Status) -> tuple[Line, ...]:
        """Lines of a status."""
        return tuple(line for line in self.lines if line.status is status)

    @property
    def changes(self) -> tuple[Change, ...]:
        """Resources whose cost changes, or may change, by address."""
        before, after = _by_address(self.lines_before), _by_address(self.lines)
        found = []
        for address in sorted(before.keys() | after.keys()):
            old, new = before.get(address, ()), after.get(address, ())
            change = Change(address, _sum(old), _sum(new))
            if change.difference_usd != 0 and [_key(line) for line in old] != [_key(line) for line in new]:
                found.append(change)
        return tuple(found)


def totals_of(lines: Iterable[Line]) -> Totals:
    """Sums of lines that have an amount."""
    sums = {Kind.FIXED: Decimal(0), Kind.USAGE: Decimal(0)}
    for line in lines:
        sums[line.kind] += line.monthly_usd or Decimal(0)
    return Totals(sums[Kind.FIXED], sums[Kind.USAGE])


def _by_address(lines: Iterable[Line]) -> dict[str, tuple[Line, ...]]:
    found: dict[str, tuple[Line, ...]] = {}
    for line in lines:
        found[line.address] = (*found.get(line.address, ()), line)
    return found


def _sum(lines: Iterable[Line]) -> Decimal | None:
    total = Decimal(0)
    for line in lines:
        if line.status in (Status.NO_PRICE, Status.UNDECIDABLE):
            return None
        total += line.monthly_usd or Decimal(0)
    return total


def _key(line: Line) -> tuple[str, Decimal | None, Decimal | None, str]:
    return line.item, line.quantity, line.monthly_usd, line.reason
