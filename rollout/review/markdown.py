"""The page as a comment of a pull request."""

from __future__ import annotations

from rollout.review.each_target import About, each_target
from rollout.review.escaping import code, html_code, inline, shortened
from rollout.review.markdown_changes import diagram, groups, losses
from rollout.review.markdown_findings import findings
from rollout.review.markdown_parts import Room, address_of, more, rooms, short, table
from rollout.review.model import Level, Review
from rollout.review.wording import counted, level_of, totals, verdict

MARKER = "<!-- lambdanet review -->"
"""First line, by which a comment is found again and written anew."""

MOST_CHARACTERS = 65_536
"""What a comment on GitHub may hold (GitHub REST API, issue comments)."""

_SYMBOLS = {Level.STOP: "🛑", Level.LOOK: "🔎", Level.QUIET: "✅"}
_LONGEST_TITLE = 200


def as_markdown(review: Review) -> str:
    """The page; shorter than GitHub takes, whatever is in it."""
    texts = (_page(review, room) for room in rooms())
    return next(text for text in texts if _length(text) <= MOST_CHARACTERS)


def _length(text: str) -> int:
    """Characters as JavaScript counts them, which is never less than others count."""
    return len(text.encode("utf-16-le")) // 2


def _page(review: Review, room: Room) -> str:
    lines = [MARKER, f"## {inline(shortened(review.title, _LONGEST_TITLE))}", ""]
    lines += [f"{_SYMBOLS[level_of(review)]} **{inline(verdict(review))}**", "", *_totals(review), ""]
    if review.groups:
        lines += [*losses(review, room), *groups(review, room), *findings(review, room), *diagram(review, room)]
    else:
        lines += findings(review, room)
    lines += _details(review, room)
    return "\n".join(lines).rstrip() + "\n"


def _totals(review: Review) -> list[str]:
    told = totals(review)
    return table([name for name, _ in told], [tuple(f"**{inline(number)}**" for _, number in told)])


def _details(review: Review, room: Room) -> list[str]:
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


def _about(about: About, room: Room) -> list[str]:
    lines = [f"- {loss.action} {address_of(loss.address)}" for loss in about.losses[: room.rows]]
    lines += [
        f"- {inline(row.kind)} {code(row.check)} {address_of(row.address)}: {short(row.message)}"
        for row in about.notices[: room.rows]
    ]
    left = max(len(about.losses) - room.rows, 0) + max(len(about.notices) - room.rows, 0)
    return [*lines, *more(left, "line", "- ")]
