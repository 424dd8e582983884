"""What is found, reached, used, paid and forecast, in a comment."""

from __future__ import annotations

from collections.abc import Sequence

from rollout.review.escaping import code, inline, shortened
from rollout.review.markdown_parts import LONGEST_SENTENCE, Room, address_of, limited, targets_of
from rollout.review.model import BudgetRow, Notice, Review, Section
from rollout.review.wording import NO_COSTS, NO_POLICIES, counted, from_to, named, no_amounts, standing


def findings(review: Review, room: Room) -> list[str]:
    """Policies, reach, budget, cost and forecast."""
    lines = ["### Policies", ""]
    if review.policies is None:
        lines += [NO_POLICIES, ""]
    else:
        lines += _section(review.policies, review, room, "No new finding.")
    lines += [
        "### Reach",
        "",
        *_section(review.reach, review, room, "Nothing became unreachable or undecidable.", "destination"),
    ]
    lines += ["### Budget", ""]
    lines += [*_budget(review.budget, room), ""] if review.budget else ["No limit is nearly used up, or used more.", ""]
    lines += ["### Cost", "", *_costs(review, room), ""]
    if review.forecast.new or review.forecast.mended or review.longest_wait_minutes:
        lines += ["### Forecast", "", *_section(review.forecast, review, room, "Nothing beyond what stands above.")]
    if review.longest_wait_minutes:
        lines += [f"The longest documented wait of one step: {counted(review.longest_wait_minutes, 'minute')}.", ""]
    return lines


def _section(section: Section, review: Review, room: Room, none: str, word: str = "finding") -> list[str]:
    rows = [_notice(notice, review) for notice in section.new]
    lines = limited(("", "resource", "where", "what", "what to do"), rows, room) if rows else [none]
    note = standing(section, word)
    return [*lines, "", *([inline(note), ""] if note else [])]


def _notice(notice: Notice, review: Review) -> tuple[str, ...]:
    check = f" {code(notice.check)}" if notice.check else ""
    place = f" in {address_of(notice.place)}" if notice.place else ""
    return (
        f"{inline(notice.kind)}{check}",
        address_of(notice.address),
        targets_of(notice.targets, review),
        inline(shortened(notice.message, LONGEST_SENTENCE)),
        f"{inline(shortened(notice.fix, LONGEST_SENTENCE))}{place}",
    )


def _budget(rows: Sequence[BudgetRow], room: Room) -> list[str]:
    """What is tight as a table, and what fits folded below."""
    tight, fitting = [row for row in rows if not row.fits], [row for row in rows if row.fits]
    lines = _budget_table(tight, room) if tight else []
    if fitting and lines:
        lines.append("")
    if fitting:
        summary = f"{counted(len(fitting), 'limit')} used more than before, and not nearly used up"
        lines += [f"<details><summary>{summary}</summary>", "", *_budget_table(fitting, room), "", "</details>"]
    return lines


def _budget_table(rows: Sequence[BudgetRow], room: Room) -> list[str]:
    cells = [
        (
            inline(row.verdict),
            inline(row.what),
            inline(shortened(named(row.scopes, 1), LONGEST_SENTENCE)),
            f"{row.before:,} → {row.after:,}",
            "unknown" if row.limit is None else f"{row.limit:,}",
            inline(shortened(row.by, LONGEST_SENTENCE)),
        )
        for row in rows
    ]
    return limited(("", "what", "of", "used", "limit", "by"), cells, room)


def _costs(review: Review, room: Room) -> list[str]:
    costs = review.costs
    if costs is None:
        return [NO_COSTS]
    lines = [f"USD a month, all targets together: **{from_to(costs.total)}**."]
    rows = [(address_of(kind), from_to(amounts)) for kind, amounts in costs.types]
    if rows:
        lines += ["", *limited(("resource type", "USD a month"), rows, room)]
    left_out = no_amounts(review)
    return [*lines, *(["", inline(left_out)] if left_out else [])]
