"""Limits that are over, nearly used up, not decidable, or used more than before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis.budget import Budget, Row
from analysis.budget.limits import KINDS, WARN_PERCENT
from analysis.budget.model import Verdict
from rollout.review.masking import Mask
from rollout.review.model import BudgetRow

_WHOLE = 100
_NEARLY = "nearly used"
_ORDER = (Verdict.OVER.value, _NEARLY, Verdict.UNDECIDABLE.value, Verdict.FITS.value)
_NAMED = 2


def budget_rows(found: Budget, base: Budget | None, mask: Mask) -> tuple[BudgetRow, ...]:
    """Rows worth reading, those that are over first; rows that are alike are one.

    Args:
        found: budget of all plans.
        base: budget of the base branch's plans; None to compare with the state before the plans.
        mask: takes out what is sensitive.
    """
    was = {(row.rule, row.scope): row.after for row in base.rows} if base else {}
    alike: dict[tuple[str, int, int, int | None, str], list[Row]] = {}
    for row in found.rows:
        before = was.get((row.rule, row.scope), 0) if base else row.before
        verdict = _verdict(row)
        if row.after > before or (verdict not in {Verdict.FITS.value, Verdict.UNDECIDABLE.value} and row.after):
            alike.setdefault((row.rule, before, row.after, row.limit.value, verdict), []).append(row)
    rows = [_row(key, members, mask) for key, members in alike.items()]
    return tuple(sorted(rows, key=_order))


def _verdict(row: Row) -> str:
    most = row.limit.value
    warns = KINDS[row.rule].warns and row.limit.warns
    if row.verdict is Verdict.FITS and warns and most is not None and row.after * _WHOLE >= most * WARN_PERCENT:
        return _NEARLY
    return row.verdict.value


def _row(key: tuple[str, int, int, int | None, str], rows: Sequence[Row], mask: Mask) -> BudgetRow:
    _, before, after, limit, verdict = key
    scopes = tuple(sorted(mask.text(row.scope) for row in rows))
    return BudgetRow(rows[0].unit, scopes, before, after, limit, verdict, mask.text(_growers(rows)))


def _growers(rows: Iterable[Row]) -> str:
    texts = list(dict.fromkeys(str(share) for row in rows for share in row.growers))
    more = f"; {len(texts) - _NAMED} more" if len(texts) > _NAMED else ""
    return "; ".join(texts[:_NAMED]) + more


def _order(row: BudgetRow) -> tuple[int, float, str, tuple[str, ...]]:
    share = row.after / row.limit if row.limit else 0.0
    return _ORDER.index(row.verdict), -share, row.what, row.scopes
