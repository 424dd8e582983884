"""Names in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

_SHOWN = 5


def named(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    shown = ", ".join(names[:_SHOWN])
    more = len(names) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
