"""Targets that change alike, found by what their changes are and not by what they are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rollout.review.changes import Print, TargetChanges
from rollout.review.model import Amounts, Group

_Key = tuple[tuple[str, str, bytes], ...]


@dataclass(frozen=True)
class Alike:
    """Targets that change alike, and which of their changes are pending on the base branch too."""

    targets: tuple[str, ...]
    pending: frozenset[bytes]


def alike(prints: Mapping[str, Sequence[Print]], base: Mapping[str, Sequence[Print]]) -> tuple[Alike, ...]:
    """Group targets by their changes; the largest group first, targets without a change in none.

    Two changes are the same where nothing differs but what is each target's own. A change that is equal to the letter
    in every target that has it is the same, even where it holds a word that only one of the targets is called by.

    Args:
        prints: of each target's changes.
        base: of the changes that the base branch would make.
    """
    exact: dict[str, set[bytes]] = {}
    for entry in (entry for entries in prints.values() for entry in entries):
        exact.setdefault(entry.slot, set()).add(entry.exact)
    found: dict[tuple[_Key, tuple[bool, ...]], list[str]] = {}
    pending: dict[str, frozenset[bytes]] = {}
    for target in sorted(prints):
        entries = prints[target]
        if not entries:
            continue
        pending[target] = frozenset(entry.exact for entry in base.get(target, ()))
        key = tuple(
            (entry.slot, entry.action.value, entry.exact if len(exact[entry.slot]) == 1 else entry.neutral)
            for entry in entries
        )
        found.setdefault((key, tuple(entry.exact in pending[target] for entry in entries)), []).append(target)
    ordered = sorted(found.values(), key=lambda targets: (-len(targets), targets))
    return tuple(Alike(tuple(targets), pending[targets[0]]) for targets in ordered)


def groups_of(
    found: Sequence[Alike],
    changes: Callable[[str], TargetChanges],
    cost: Callable[[tuple[str, ...]], Amounts | None],
) -> tuple[Group, ...]:
    """The groups with their changes, as the first target of each has them."""
    return tuple(
        Group(entry.targets, changes(entry.targets[0]).changes(entry.pending), cost(entry.targets)) for entry in found
    )
