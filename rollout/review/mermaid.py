"""A Mermaid flowchart of what changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rollout.review.escaping import shortened
from rollout.review.model import Action, Group, ResourceChange
from rollout.review.wording import SIGNS, counted

_COLORS = {
    Action.CREATE: "#2da44e",
    Action.UPDATE: "#bf8700",
    Action.REPLACE: "#8250df",
    Action.DESTROY: "#cf222e",
    Action.FORGET: "#6e7781",
}
_LONGEST = 60
_SYNTAX = frozenset('"#<>&`\\;@[](){}|')


def most_of(groups: Iterable[Group], most: int) -> tuple[tuple[ResourceChange, ...], tuple[ResourceChange, ...]]:
    """Changes that fit into a diagram, and those that do not; each address once.

    The gravest come first, of these what most others refer to.
    """
    found: dict[str, ResourceChange] = {}
    named: Counter[str] = Counter()
    for group in groups:
        for change in group.changes:
            named.update(change.refers_to)
            known = found.get(change.address)
            if known is None or change.action.rank < known.action.rank:
                found[change.address] = change
    ordered = sorted(found.values(), key=lambda change: (change.action.rank, -named[change.address], change.address))
    return tuple(ordered[:most]), tuple(ordered[most:])


def mermaid(groups: Iterable[Group], most: int) -> str:
    """Resources that change, with an edge from each to what it refers to.

    Args:
        groups: whose changes are drawn together.
        most: how many resources are drawn; the rest is counted.
    """
    shown, rest = most_of(groups, most)
    ids = {change.address: f"n{number}" for number, change in enumerate(shown)}
    lines = ["flowchart LR"]
    for change in shown:
        label = f"{SIGNS[change.action]} {shortened(change.address, _LONGEST)}"
        lines.append(f'  {ids[change.address]}["{_label(label)}"]:::{change.action}')
    lines += [
        f"  {ids[change.address]} --> {ids[target]}" for change in shown for target in change.refers_to if target in ids
    ]
    for action in Action:
        left = sum(change.action is action for change in rest)
        if left:
            lines.append(f'  more{action.rank}["and {counted(left, "more resource")} {action}"]:::{action}')
    used = {change.action for change in (*shown, *rest)}
    lines += [f"  classDef {action} stroke:{_COLORS[action]},stroke-width:2px" for action in Action if action in used]
    return "\n".join(lines)


def _label(text: str) -> str:
    """Text in which Mermaid finds no syntax."""
    return "".join(f"#{ord(mark)};" if mark in _SYNTAX else mark for mark in text)
