"""What a month costs before and after, by resource type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from analysis.cost import Cost, Line, Prices, Status, Usage, cost
from analysis.plan import Plan
from rollout.review.model import Amounts, Costs

_ACCOUNT = "the account"


@dataclass(frozen=True)
class TargetCost:
    """What one target costs a month.

    Attributes:
        types: amounts by resource type.
        unpriced: lines without a price, or whose quantity the plan does not tell.
        undeclared: lines whose usage is not declared.
    """

    types: Mapping[str, Amounts]
    unpriced: int
    undeclared: int

    @property
    def total(self) -> Amounts:
        """Of all types."""
        return total_of(self.types.values())


def cost_of(plan: Plan, base: Plan | None, usage: Usage, prices: Prices) -> TargetCost:
    """What a plan costs, against the base branch's plan or, without one, the state before it."""
    found = cost(plan, usage, prices=prices)
    lines_before = found.lines_before if base is None else cost(base, usage, prices=prices).lines
    kinds = {entry.address: entry.type for entry in (*((base or plan).before), *plan.before)}
    kinds.update({entry.address: entry.type for each in (base, plan) if each for entry in each.of()})
    before, after = _sums(lines_before, kinds), _sums(found.lines, kinds)
    zero = Decimal(0)
    types = {kind: Amounts(before.get(kind, zero), after.get(kind, zero)) for kind in sorted({*before, *after})}
    return TargetCost(types, *_without_amount(found))


def costs_of(targets: Iterable[TargetCost]) -> Costs:
    """All targets together; types whose amount changes, the largest change first."""
    every = tuple(targets)
    types: dict[str, Amounts] = {}
    for entry in every:
        for kind, amounts in entry.types.items():
            types[kind] = types.get(kind, Amounts()) + amounts
    changed = [(kind, amounts) for kind, amounts in types.items() if amounts.change]
    ordered = sorted(changed, key=lambda entry: (-abs(entry[1].change), entry[0]))
    unpriced, undeclared = sum(entry.unpriced for entry in every), sum(entry.undeclared for entry in every)
    return Costs(total_of(types.values()), tuple(ordered), unpriced, undeclared)


def total_of(amounts: Iterable[Amounts]) -> Amounts:
    """Amounts added up."""
    return sum(amounts, start=Amounts())


def _sums(lines: Iterable[Line], kinds: Mapping[str, str]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for line in lines:
        if line.monthly_usd is not None:
            kind = kinds.get(line.address, _ACCOUNT)
            found[kind] = found.get(kind, Decimal(0)) + line.monthly_usd
    return found


def _without_amount(found: Cost) -> tuple[int, int]:
    return (
        sum(line.status in (Status.NO_PRICE, Status.UNDECIDABLE) for line in found.lines),
        len(found.with_status(Status.UNDECLARED)),
    )
