"""The page as a comment of a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rollout.review.each_target import About, each_target
from rollout.review.escaping import code, html_code, inline, shortened
from rollout.review.mermaid import mermaid
from rollout.review.model import Action, BudgetRow, Difference, Group, Level, Notice, ResourceChange, Review, Section
from rollout.review.wording import (
    NO_COSTS,
    NO_POLICIES,
    SIGNS,
    counted,
    from_to,
    headline,
    level_of,
    loss_notes,
    named,
    no_amounts,
    reason,
    standing,
    totals,
    verdict,
    where,
)

MARKER = "<!-- lambdanet review -->"
"""First line, by which a comment is found again and written anew."""

MOST_CHARACTERS = 65_536
"""What a comment on GitHub may hold (GitHub REST API, issue comments)."""

_SYMBOLS = {Level.STOP: "🛑", Level.LOOK: "🔎", Level.QUIET: "✅"}
_MOST_GIVEN = 6
_LONGEST_VALUE, _LONGEST_SENTENCE, _LONGEST_ADDRESS, _LONGEST_TITLE = 160, 600, 160, 200


@dataclass(frozen=True)
class _Room:
    """How much is told.

    Attributes:
        rows: most rows of each table.
        changes: most changes of each group.
        values: most attributes of each change.
        has_details: whether there is a part for each target.
        has_diagram: whether there is a diagram.
        lists_groups: whether changes of groups are listed, and not only counted.
    """

    rows: int = 40
    changes: int = 40
    values: int = 12
    has_details: bool = True
    has_diagram: bool = True
    lists_groups: bool = True


def _rooms() -> Iterator[_Room]:
    """From all to the least, in the order in which things are left out."""
    room = _Room()
    yield room
    room = replace(room, has_details=False)
    yield room
    room = replace(room, has_diagram=False)
    yield room
    room = replace(room, lists_groups=False)
    yield room
    while room.rows:
        room = replace(room, rows=room.rows // 2)
        yield room


def as_markdown(review: Review) -> str:
    """The page; shorter than GitHub takes, whatever is in it."""
    texts = (_page(review, room) for room in _rooms())
    return next(text for text in texts if _length(text) <= MOST_CHARACTERS)


def _length(text: str) -> int:
    """Characters as JavaScript counts them, which is never less than others count."""
    return len(text.encode("utf-16-le")) // 2


def _page(review: Review, room: _Room) -> str:
    lines = [MARKER, f"## {inline(shortened(review.title, _LONGEST_TITLE))}", ""]
    lines += [f"{_SYMBOLS[level_of(review)]} **{inline(verdict(review))}**", "", *_totals(review), ""]
    if review.groups:
        lines += [*_losses(review, room), *_groups(review, room), *_findings(review, room), *_diagram(review, room)]
    else:
        lines += _findings(review, room)
    lines += _details(review, room)
    return "\n".join(lines).rstrip() + "\n"


def _totals(review: Review) -> list[str]:
    told = totals(review)
    return _table([name for name, _ in told], [tuple(f"**{inline(number)}**" for _, number in told)])


def _losses(review: Review, room: _Room) -> list[str]:
    if not review.losses:
        return []
    rows = [
        (
            f"{SIGNS[loss.action]} {loss.action}",
            _address(loss.address),
            _targets(loss.targets, review),
            inline(shortened(reason(loss), _LONGEST_SENTENCE)),
            inline(shortened(loss_notes(loss), _LONGEST_SENTENCE)),
        )
        for loss in review.losses
    ]
    heads = ("", "resource", "where", "because of", "what it loses or hangs on")
    return ["### Destroyed or replaced", "", *_limited(heads, rows, room), ""]


def _groups(review: Review, room: _Room) -> list[str]:
    lines = ["### What changes", ""]
    shown = review.groups[: room.rows] if room.lists_groups else ()
    for group in shown:
        lines += [f"**{inline(headline(group, len(review.targets)))}**{_cost(group)}", ""]
        if len(group.targets) > 1:
            lines += [f"{inline(named(group.targets, 10))}", ""]
        lines += [*_changes(group.changes, room), ""]
    rest = review.groups[len(shown) :]
    if rest:
        lines += [_counted_groups(rest, review), ""]
    if review.unchanged:
        lines += [f"Nothing changes in {counted(review.unchanged, 'target')}.", ""]
    if any(change.is_pending for group in review.groups for change in group.changes):
        lines += ["*Pending*: the base branch would make the same change.", ""]
    return lines


def _counted_groups(groups: Sequence[Group], review: Review) -> str:
    targets = sum(len(group.targets) for group in groups)
    changes = sum(len(group.changes) * len(group.targets) for group in groups)
    others = " other" if len(groups) < len(review.groups) else ""
    return (
        f"{counted(len(groups), f'{others} group'.strip(), f'{others} groups'.strip())} of targets that change alike: "
        f"{counted(targets, 'target')}, {counted(changes, 'change')}; the largest has "
        f"{counted(len(groups[0].targets), 'target')}."
    )


def _changes(changes: Sequence[ResourceChange], room: _Room) -> list[str]:
    shown = changes[: room.changes]
    lines = []
    for change in shown:
        note = " *(pending)*" if change.is_pending else ""
        lines.append(f"- {change.action} {_address(change.address)}{note}")
        if change.action in {Action.UPDATE, Action.REPLACE}:
            lines += [f"  - {_difference(entry)}" for entry in change.told[: room.values]]
            lines += _more(len(change.told) - room.values, "attribute", "  - ")
            lines += [f"  - {_given(change.given)}"] if change.given else []
    return [*lines, *_more(len(changes) - len(shown), "change", "- ")]


def _more(number: int, word: str, begin: str) -> list[str]:
    return [f"{begin}and {counted(number, f'more {word}')}"] if number > 0 else []


def _difference(entry: Difference) -> str:
    before, after = (code(shortened(side, _LONGEST_VALUE)) for side in (entry.before, entry.after))
    own = " (each target its own)" if entry.is_own else ""
    return f"{_address(entry.path)}: {before or 'not set'} → {after or 'not set'}{own}"


def _given(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - _MOST_GIVEN:,} more" if len(paths) > _MOST_GIVEN else ""
    return f"AWS sets anew: {', '.join(map(_address, paths[:_MOST_GIVEN]))}{more}"


def _findings(review: Review, room: _Room) -> list[str]:
    lines = ["### Policies", ""]
    if review.policies is None:
        lines += [inline(NO_POLICIES), ""]
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


def _section(section: Section, review: Review, room: _Room, none: str, word: str = "finding") -> list[str]:
    rows = [_notice(notice, review) for notice in section.new]
    lines = _limited(("", "resource", "where", "what", "what to do"), rows, room) if rows else [none]
    note = standing(section, word)
    return [*lines, "", *([inline(note), ""] if note else [])]


def _notice(notice: Notice, review: Review) -> tuple[str, ...]:
    check = f" {code(notice.check)}" if notice.check else ""
    place = f" in {_address(notice.place)}" if notice.place else ""
    return (
        f"{inline(notice.kind)}{check}",
        _address(notice.address),
        _targets(notice.targets, review),
        inline(shortened(notice.message, _LONGEST_SENTENCE)),
        f"{inline(shortened(notice.fix, _LONGEST_SENTENCE))}{place}",
    )


def _budget(rows: Sequence[BudgetRow], room: _Room) -> list[str]:
    cells = [
        (
            inline(row.verdict),
            inline(row.what),
            inline(shortened(named(row.scopes, 1), _LONGEST_SENTENCE)),
            f"{row.before:,} → {row.after:,}",
            "unknown" if row.limit is None else f"{row.limit:,}",
            inline(shortened(row.by, _LONGEST_SENTENCE)),
        )
        for row in rows
    ]
    return _limited(("", "what", "of", "used", "limit", "by"), cells, room)


def _costs(review: Review, room: _Room) -> list[str]:
    costs = review.costs
    if costs is None:
        return [inline(NO_COSTS)]
    lines = [f"USD a month, all targets together: **{from_to(costs.total)}**."]
    rows = [(_address(kind), from_to(amounts)) for kind, amounts in costs.types]
    if rows:
        lines += ["", *_limited(("resource type", "USD a month"), rows, room)]
    left_out = no_amounts(review)
    return [*lines, *(["", inline(left_out)] if left_out else [])]


def _cost(group: Group) -> str:
    return f" · USD a month {from_to(group.cost)}" if group.cost and group.cost.change else ""


def _diagram(review: Review, room: _Room) -> list[str]:
    if not room.has_diagram or not review.groups:
        return []
    return ["### Diagram", "", "```mermaid", mermaid(review.groups, room.rows), "```", ""]


def _details(review: Review, room: _Room) -> list[str]:
    """For each target what there is to say of it."""
    if not room.has_details or len(review.targets) == 1:
        return ["*Shortened: the details of each target stand in the HTML page.*"] if not room.has_details else []
    lines = []
    for target, about in each_target(review).items():
        if about.alike is not None:
            changes = counted(len(about.alike.changes), "change")
            lines += [
                f"<details><summary>{html_code(target)}</summary>",
                "",
                f"{changes}, as in group {about.group}.",
                "",
            ]
            lines += [*_about(about, room), "", "</details>", ""]
    return lines


def _about(about: About, room: _Room) -> list[str]:
    lines = [f"- {loss.action} {_address(loss.address)}" for loss in about.losses[: room.rows]]
    lines += [
        f"- {inline(row.kind)} {code(row.check)} {_address(row.address)}: {_short(row.message)}"
        for row in about.notices[: room.rows]
    ]
    left = max(len(about.losses) - room.rows, 0) + max(len(about.notices) - room.rows, 0)
    return [*lines, *_more(left, "line", "- ")]


def _short(text: str) -> str:
    return inline(shortened(text, _LONGEST_VALUE))


def _address(address: str) -> str:
    return code(shortened(address, _LONGEST_ADDRESS))


def _targets(targets: Sequence[str], review: Review) -> str:
    told = where(targets, len(review.targets))
    names = "" if len(targets) in {1, len(review.targets)} else f" ({named(targets)})"
    return inline(shortened(f"{told}{names}", _LONGEST_SENTENCE))


def _limited(heads: Sequence[str], rows: Sequence[tuple[str, ...]], room: _Room) -> list[str]:
    """A table of the first rows, and how many are left out."""
    shown = rows[: room.rows]
    rest = len(rows) - len(shown)
    lines = _table(heads, shown) if shown else []
    return [*lines, "", f"And {counted(rest, 'more row')}."] if rest else lines


def _table(heads: Sequence[str], rows: Sequence[tuple[str, ...]]) -> list[str]:
    return [_line(heads), _line(["---"] * len(heads)), *map(_line, rows)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
