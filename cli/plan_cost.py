"""The view of costs.

JSON of a result, amounts in USD a month as text, unrounded: `totals` and `totals_before` (`fixed`, `usage`, `total`),
`change`, `complete`, `lines` (`address`, `region`, `item`, `title`, `kind`, `status`, `quantity`, `unit`, `unit_price`,
`monthly`, `basis`, `reason`), `changes` (`address`, `before`, `after`, `difference`), `unmatched` and `unclassified`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from analysis.cost import Cost, Line, Totals, usd
from cli.plan_output import Result, Sheet

_LINES = ("resource", "what", "quantity", "USD a month", "how")
_CHANGES = ("resource", "before", "after", "difference")


def result_of(source: str, found: Cost) -> Result:
    """The cost of one plan."""
    lines = Sheet("What it costs a month", _LINES, (*map(_shown, found.lines), *_sums(found)), frozenset({2, 3}))
    changes = tuple(
        (change.address or "the account", *map(_amount, (change.before_usd, change.after_usd, change.difference_usd)))
        for change in found.changes
    )
    sheets = (lines, Sheet("What changes, in USD a month", _CHANGES, changes, frozenset({1, 2, 3})))
    return Result((source,), found.findings, sheets, _body(found))


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


def _amount(amount: Decimal | None) -> str:
    return "not known" if amount is None else usd(amount)


def _body(found: Cost) -> dict[str, Any]:
    return {
        "totals": _totals(found.totals),
        "totals_before": _totals(found.totals_before),
        "change": _text(found.change_usd),
        "complete": found.is_complete,
        "lines": [_line(line) for line in found.lines],
        "changes": [
            {
                "address": change.address,
                "before": _text(change.before_usd),
                "after": _text(change.after_usd),
                "difference": _text(change.difference_usd),
            }
            for change in found.changes
        ],
        "unmatched": list(found.unmatched),
        "unclassified": dict(found.unclassified),
    }


def _totals(totals: Totals) -> dict[str, str | None]:
    return {"fixed": _text(totals.fixed_usd), "usage": _text(totals.usage_usd), "total": _text(totals.total_usd)}


def _line(line: Line) -> dict[str, Any]:
    return {
        "address": line.address,
        "region": line.region,
        "item": line.item,
        "title": line.title,
        "kind": line.kind.value,
        "status": line.status.value,
        "quantity": _text(line.quantity),
        "unit": line.unit,
        "unit_price": _text(line.unit_price_usd),
        "monthly": _text(line.monthly_usd),
        "basis": line.basis,
        "reason": line.reason,
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"
