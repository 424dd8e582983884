"""What a plan costs a month, before anything exists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from analysis.cost.charges import Charge, fixed, used
from analysis.cost.model import Cost, Totals, totals_of
from analysis.cost.network import account_charges
from analysis.cost.prices import Prices
from analysis.cost.pricing import priced
from analysis.cost.state import State, StateBefore
from analysis.cost.types import CALCULATORS, FREE, UNPRICED, UNPRICED_USAGE
from analysis.cost.usage import Usage
from analysis.finding import Finding, Level
from analysis.plan import Plan

_CENTS = Decimal("0.01")


def cost(
    plan: Plan,
    usage: Usage | None = None,
    *,
    prices: Prices,
    free_tier: bool = False,
    region: str = "",
    maximum_monthly_usd: Decimal | None = None,
) -> Cost:
    """What a plan's resources cost a month of 730 hours, in USD without taxes.

    What cannot be told is a line without an amount, never zero. Left out are backups and snapshots, Savings Plans,
    reserved capacity, credits and support.

    Args:
        plan: the plan.
        usage: declared usage; lines that need it have no amount without.
        prices: price tables.
        free_tier: whether what AWS gives every account for nothing is taken off, as if no other stack used it.
        region: region of resources that the plan does not tell the region of; empty for none.
        maximum_monthly_usd: a budget; above it there is a finding.

    Returns:
        Lines, totals, what could not be priced, and the change against the state before the plan.
    """
    declared = usage or Usage()
    after, before = State(plan, region), StateBefore(plan, region)
    lines = priced(_charges(after, declared, _account_region(after, region)), prices, free_tier=free_tier)
    addresses = {entry.address for state in (after, before) for entry in state.resources}
    found = Cost(
        lines=lines,
        lines_before=priced(
            _charges(before, declared, _account_region(before, region)) if before.resources else (),
            prices,
            free_tier=free_tier,
        ),
        unmatched=declared.unmatched(sorted(addresses)),
        unclassified=_unclassified(after),
    )
    findings = tuple(_budget(plan, totals_of(lines), found, maximum_monthly_usd))
    return Cost(found.lines, found.lines_before, found.unmatched, found.unclassified, findings)


def usd(amount: Decimal) -> str:
    """An amount rounded to cents, such as `36.50`."""
    return f"{amount.quantize(_CENTS, ROUND_HALF_UP):f}"


def _charges(state: State, usage: Usage, region: str) -> Iterator[Charge]:
    for resource in state.resources:
        calculator = CALCULATORS.get(resource.type)
        if calculator is not None:
            yield from calculator(state, resource, usage)
        elif resource.type in UNPRICED:
            yield fixed(state, resource, UNPRICED[resource.type], 1)
        elif resource.type in UNPRICED_USAGE:
            yield used(state, resource, UNPRICED_USAGE[resource.type], Decimal(1))
    yield from account_charges(usage, region)


def _account_region(state: State, region: str) -> str:
    """The one region of all resources; else the given one."""
    regions = {state.region(resource) for resource in state.resources} - {""}
    return regions.pop() if len(regions) == 1 else region


def _unclassified(state: State) -> tuple[tuple[str, int], ...]:
    known = CALCULATORS.keys() | UNPRICED.keys() | UNPRICED_USAGE.keys() | FREE
    counted = Counter(
        entry.type for entry in state.resources if entry.type.startswith("aws_") and entry.type not in known
    )
    return tuple(sorted(counted.items()))


def _budget(plan: Plan, totals: Totals, found: Cost, maximum: Decimal | None) -> Iterator[Finding]:
    if maximum is None:
        return
    total, address = totals.total_usd, plan.source or "the plan"
    if total > maximum:
        by_address: dict[str, Decimal] = {}
        for line in found.lines:
            name = line.address or "the account"
            by_address[name] = by_address.get(name, Decimal(0)) + (line.monthly_usd or Decimal(0))
        most = max(sorted(by_address), key=lambda name: by_address[name])
        yield Finding(
            rule="monthly-cost",
            level=Level.ERROR,
            address=address,
            missing=f"{usd(total - maximum)} USD a month",
            message=f"it costs {usd(total)} USD a month, {usd(total - maximum)} more than the maximum of "
            f"{usd(maximum)}; {most} costs most, {usd(by_address[most])}",
            fix="take something away, or raise the maximum",
        )
    elif not found.is_complete:
        without = [line for line in found.lines if line.monthly_usd is None]
        yield Finding(
            rule="monthly-cost",
            level=Level.UNDECIDABLE,
            address=address,
            missing=f"the amounts of {len(without)} lines",
            message=f"what can be priced costs {usd(total)} USD a month of at most {usd(maximum)}, but "
            f"{len(without)} lines have no amount",
            fix="declare the usage, and refresh the prices",
        )
