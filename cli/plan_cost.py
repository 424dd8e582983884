"""The view of costs.

JSON of a result, amounts in USD a month as text, unrounded: `totals` and `totals_before` (`fixed`, `usage`, `total`),
`change`, `complete`, `lines` (`address`, `region`, `item`, `title`, `kind`, `status`, `quantity`, `unit`, `unit_price`,
`monthly`, `basis`, `reason`), `changes` (`address`, `before`, `after`, `difference`), `unmatched`, `unclassified`, and
the comparisons of `cli.plan_cost_comparisons`.
"""

from __future__ import annotations

from typing import Any

from analysis.cost import Cost, Line, Totals, usd
from cli.plan_cost_comparisons import Compared, as_text, document, sheets, shown
from cli.plan_output import Result, Sheet

_LINES = ("resource", "what", "quantity", "USD a month", "how")
_CHANGES = ("resource", "before", "after", "difference")


def result_of(source: str, found: Cost, compared: Compared) -> Result:
    """The cost of one plan."""
    lines = Sheet("What it costs a month", _LINES, (*map(_shown, found.lines), *_sums(found)), frozenset({2, 3}))
    changes = tuple(
        (change.address or "the account", *map(shown, (change.before_usd, change.after_usd, change.difference_usd)))
        for change in found.changes
    )
    changed = Sheet("What changes, in USD a month", _CHANGES, changes, frozenset({1, 2, 3}))
    return Result(
        (source,), found.findings, (lines, changed, *sheets(compared)), {**_body(found), **document(compared)}
    )


def _shown(line: Line) -> tuple[str, ...]:
    quantity = "" if line.quantity is None else f"{line.quantity.normalize():f} {line.unit}".strip()
    how = line.basis if line.monthly_usd is not None else f"{line.status}: {line.reason}".rstrip(": ")
    amount = "" if line.monthly_usd is None else usd(line.monthly_usd)
    return line.address or "the account", line.title, quantity, amount, how


def _sums(found: Cost) -> tuple[tuple[str, ...], ...]:
    complete = "everything has an amount" if found.is_complete else "of what has an amount"
    if found.unclassified:
        types = ", ".join(f"{name} ({number})" for name, number in found.unclassified)
        complete = f"{complete}; not known whether these cost anything: {types}"
    return (("together", "", "", usd(found.totals.total_usd), complete),)


def _body(found: Cost) -> dict[str, Any]:
    return {
        "totals": _totals(found.totals),
        "totals_before": _totals(found.totals_before),
        "change": as_text(found.change_usd),
        "complete": found.is_complete,
        "lines": [_line(line) for line in found.lines],
        "changes": [
            {
                "address": change.address,
                "before": as_text(change.before_usd),
                "after": as_text(change.after_usd),
                "difference": as_text(change.difference_usd),
            }
            for change in found.changes
        ],
        "unmatched": list(found.unmatched),
        "unclassified": dict(found.unclassified),
    }


def _totals(totals: Totals) -> dict[str, str | None]:
    return {"fixed": as_text(totals.fixed_usd), "usage": as_text(totals.usage_usd), "total": as_text(totals.total_usd)}


def _line(line: Line) -> dict[str, Any]:
    return {
        "address": line.address,
        "region": line.region,
        "item": line.item,
        "title": line.title,
        "kind": line.kind.value,
        "status": line.status.value,
        "quantity": as_text(line.quantity),
        "unit": line.unit,
        "unit_price": as_text(line.unit_price_usd),
        "monthly": as_text(line.monthly_usd),
        "basis": line.basis,
        "reason": line.reason,
    }
