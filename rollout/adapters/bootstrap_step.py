"""One thing that bootstrap makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """Something that is wanted.

    Attributes:
        what: the thing, as people know it.
        is_there: whether it is as it is wanted.
        make: makes it.
    """

    what: str
    is_there: bool
    make: Callable[[], object]
