"""What is lost and what changes, in a comment."""

from __future__ import annotations

from collections.abc import Sequence

from rollout.review.escaping import code, inline, shortened
from rollout.review.markdown_parts import LONGEST_SENTENCE, LONGEST_VALUE, Room, address_of, limited, more, targets_of
from rollout.review.mermaid import mermaid
from rollout.review.model import Action, Difference, Group, ResourceChange, Review
from rollout.review.wording import SIGNS, counted, from_to, headline, loss_notes, named, reason

_MOST_GIVEN = 6
_MOST_OF_TYPE = 3
_WITH_VALUES = frozenset({Action.UPDATE, Action.REPLACE})


def losses(review: Review, room: Room) -> list[str]:
    """What is destroyed, replaced or forgotten."""
    if not review.losses:
        return []
    rows = [
        (
            f"{SIGNS[loss.action]} {loss.action}",
            address_of(loss.address),
            targets_of(loss.targets, review),
            inline(shortened(reason(loss), LONGEST_SENTENCE)),
            inline(shortened(loss_notes(loss), LONGEST_SENTENCE)),
        )
        for loss in review.losses
    ]
    heads = ("", "resource", "where", "because of", "what it loses or hangs on")
    return ["### Destroyed or replaced", "", *limited(heads, rows, room), ""]


def groups(review: Review, room: Room) -> list[str]:
    """Targets that change alike, with their changes."""
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


def diagram(review: Review, room: Room) -> list[str]:
    """A flowchart of all groups together."""
    if not room.has_diagram or not review.groups:
        return []
    return ["### Diagram", "", "```mermaid", mermaid(review.groups, room.rows), "```", ""]


def _counted_groups(groups: Sequence[Group], review: Review) -> str:
    targets = sum(len(group.targets) for group in groups)
    changes = sum(len(group.changes) * len(group.targets) for group in groups)
    others = " other" if len(groups) < len(review.groups) else ""
    return (
        f"{counted(len(groups), f'{others} group'.strip(), f'{others} groups'.strip())} of targets that change alike: "
        f"{counted(targets, 'target')}, {counted(changes, 'change')}; the largest has "
        f"{counted(len(groups[0].targets), 'target')}."
    )


def _changes(changes: Sequence[ResourceChange], room: Room) -> list[str]:
    alike = _alike(changes)
    shown, rest = alike[: room.changes], sum(map(len, alike[room.changes :]))
    return [*(line for members in shown for line in _change(members, room)), *more(rest, "change", "- ")]


def _alike(changes: Sequence[ResourceChange]) -> list[tuple[ResourceChange, ...]]:
    """Changes of one type that are told together: many that are created, and many with the same attributes."""
    found: dict[tuple[object, ...], list[ResourceChange]] = {}
    for change in changes:
        told = (change.told, change.given) if change.action in _WITH_VALUES else ()
        found.setdefault((change.action, change.type, told, change.is_pending), []).append(change)
    alike = [tuple(members) for members in found.values() if len(members) > _MOST_OF_TYPE]
    single = [(member,) for members in found.values() if len(members) <= _MOST_OF_TYPE for member in members]
    return sorted([*alike, *single], key=lambda members: (members[0].action.rank, members[0].address))


def _change(members: Sequence[ResourceChange], room: Room) -> list[str]:
    change = members[0]
    note = " *(pending)*" if change.is_pending else ""
    if len(members) == 1:
        lines = [f"- {change.action} {address_of(change.address)}{note}"]
    else:
        names = [address_of(member.address.replace(f"{change.type}.", "", 1)) for member in members]
        lines = [f"- {change.action} {len(members):,} {address_of(change.type)}{note}: {named(names)}"]
    if change.action in _WITH_VALUES:
        lines += [f"  - {_difference(entry)}" for entry in change.told[: room.values]]
        lines += more(len(change.told) - room.values, "attribute", "  - ")
        lines += [f"  - {_given(change.given)}"] if change.given else []
    return lines


def _difference(entry: Difference) -> str:
    before, after = (code(shortened(side, LONGEST_VALUE)) for side in (entry.before, entry.after))
    own = " (each target its own)" if entry.is_own else ""
    return f"{address_of(entry.path)}: {before or 'not set'} → {after or 'not set'}{own}"


def _given(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - _MOST_GIVEN:,} more" if len(paths) > _MOST_GIVEN else ""
    return f"AWS sets anew: {', '.join(map(address_of, paths[:_MOST_GIVEN]))}{more}"


def _cost(group: Group) -> str:
    return f" · USD a month {from_to(group.cost)}" if group.cost and group.cost.change else ""
