"""What differs between a state and what it describes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class DriftKind(StrEnum):
    """What happened to a resource outside Terraform."""

    CHANGED = "changed"
    DELETED = "deleted"


@dataclass(frozen=True)
class DriftedAttribute:
    """An attribute with two values; what is sensitive, or looks like a secret, is covered.

    Attributes:
        path: dotted path.
        in_state: value that was applied; empty for none.
        found: value that AWS has now; empty for none.
    """

    path: str
    in_state: str
    found: str


@dataclass(frozen=True)
class DriftedResource:
    """A resource that is not as its state says.

    Attributes:
        address: its address.
        kind: changed or deleted.
        attributes: what differs; empty for one that was deleted.
    """

    address: str
    kind: DriftKind
    attributes: tuple[DriftedAttribute, ...] = ()


@dataclass(frozen=True)
class TargetDrift:
    """What differs in one target.

    Attributes:
        target: name.
        resources: what is not as the state says, by address.
        problem: why it cannot be told, as a sentence; empty otherwise.
        without_state: whether nothing was ever applied, so that nothing can differ.
    """

    target: str
    resources: tuple[DriftedResource, ...] = ()
    problem: str = ""
    without_state: bool = False

    @property
    def verdict(self) -> str:
        """One of `drifted`, `as applied`, `not applied yet` and `not known`."""
        if self.problem:
            return "not known"
        if self.without_state:
            return "not applied yet"
        return "drifted" if self.resources else "as applied"


UNREADABLE, DRIFTED, AS_APPLIED = 2, 1, 0
"""Exit codes."""


def exit_code(found: Iterable[TargetDrift]) -> int:
    """2 where a target cannot be told, else 1 where one has drifted, else 0."""
    every = tuple(found)
    if any(each.problem for each in every):
        return UNREADABLE
    return DRIFTED if any(each.resources for each in every) else AS_APPLIED
