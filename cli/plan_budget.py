"""The view of budgets.

JSON of the result: `rows`, each with `rule`, `scope`, `unit`, `before`, `after`, `limit` (`value`, null where it is not
known, `source` and `certain`), `verdict` (`fits`, `over` or `undecidable`), `shares` (`address`, `before`, `after`,
`note`), `unknown` and `note`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.budget import Budget, Row
from cli.plan_output import Result, Sheet

_COLUMNS = ("what", "of", "before", "after", "limit", "verdict", "grows by")
_SHOWN = 2


def result_of(sources: Sequence[str], found: Budget) -> Result:
    """The budgets of plans together."""
    rows = tuple(
        (
            row.unit,
            row.scope,
            str(row.before),
            str(row.after),
            "unknown" if row.limit.value is None else str(row.limit.value),
            row.verdict.value,
            _growers(row),
        )
        for row in found.rows
    )
    sheet = Sheet("What is used of each limit", _COLUMNS, rows, frozenset({2, 3, 4}))
    return Result(tuple(sources), found.findings, (sheet,), {"rows": [_row(row) for row in found.rows]})


def _growers(row: Row) -> str:
    growers = row.growers
    shown = "; ".join(str(share) for share in growers[:_SHOWN])
    return shown if len(growers) <= _SHOWN else f"{shown}; {len(growers) - _SHOWN} more"


def _row(row: Row) -> dict[str, Any]:
    return {
        "rule": row.rule,
        "scope": row.scope,
        "unit": row.unit,
        "before": row.before,
        "after": row.after,
        "limit": {"value": row.limit.value, "source": row.limit.source, "certain": row.limit.is_certain},
        "verdict": row.verdict.value,
        "shares": [
            {"address": share.address, "before": share.before, "after": share.after, "note": share.note}
            for share in row.shares
        ],
        "unknown": list(row.unknown),
        "note": row.note,
    }
