"""What the sections of a comment share: how much is told, tables, and names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rollout.review.escaping import code, inline, shortened
from rollout.review.model import Review
from rollout.review.wording import counted, named, where

LONGEST_VALUE, LONGEST_SENTENCE, LONGEST_ADDRESS = 160, 600, 160


@dataclass(frozen=True)
class Room:
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


def rooms() -> Iterator[Room]:
    """From all to the least, in the order in which things are left out."""
    room = Room()
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


def more(number: int, word: str, begin: str) -> list[str]:
    """A line that counts what is left out; none where nothing is."""
    return [f"{begin}and {counted(number, f'more {word}')}"] if number > 0 else []


def short(text: str) -> str:
    """The beginning of a sentence."""
    return inline(shortened(text, LONGEST_VALUE))


def address_of(address: str) -> str:
    """An address or another name as code."""
    return code(shortened(address, LONGEST_ADDRESS))


def targets_of(targets: Sequence[str], review: Review) -> str:
    """How many targets, and the first of them."""
    told = where(targets, len(review.targets))
    names = "" if len(targets) in {1, len(review.targets)} else f" ({named(targets)})"
    return inline(shortened(f"{told}{names}", LONGEST_SENTENCE))


def limited(heads: Sequence[str], rows: Sequence[tuple[str, ...]], room: Room) -> list[str]:
    """A table of the first rows, and how many are left out."""
    shown = rows[: room.rows]
    rest = len(rows) - len(shown)
    lines = table(heads, shown) if shown else []
    return [*lines, "", f"And {counted(rest, 'more row')}."] if rest else lines


def table(heads: Sequence[str], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """A table."""
    return [_line(heads), _line(["---"] * len(heads)), *map(_line, rows)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
