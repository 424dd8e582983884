"""Values of a plan by path, where any part may be known only after apply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Final


class Unknown(Enum):
    """The type of `UNKNOWN`, so that type checkers can tell it from a value."""

    UNKNOWN = "known after apply"

    def __bool__(self) -> bool:
        """Neither true nor false is right: `if resource.get(…)` on an unknown value is a mistake of the caller."""
        raise TypeError("a value that is known only after apply is neither true nor false; compare it with UNKNOWN")


UNKNOWN: Final = Unknown.UNKNOWN
"""What stands where a value is known only after apply."""

EMPTY: tuple[Any, ...] = (None, "", [], {})
"""Values that say nothing: Terraform writes them for what is not set."""


def at(value: Any, unknown: Any, path: str) -> Any:
    """The value at a dotted path, UNKNOWN where it is not known, None where there is nothing.

    A number picks a member of a list; a name looks into the first member, as blocks that may stand once are lists.
    What holds unknown parts is returned with UNKNOWN in their place.
    """
    for part in path.split(".") if path else ():
        if unknown is True:
            return UNKNOWN
        value, unknown = _step(value, part), _step(unknown, part)
    return merged(value, unknown)


def merged(value: Any, unknown: Any) -> Any:
    """`value` with UNKNOWN in place of each part that `unknown` marks."""
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, Mapping) and unknown and (value is None or isinstance(value, Mapping)):
        value = value or {}
        return {name: merged(value.get(name), unknown.get(name)) for name in {**value, **unknown}}
    if isinstance(unknown, list) and unknown and (value is None or isinstance(value, list)):
        value = value or []
        longest = max(len(value), len(unknown))
        return [merged(_member(value, i), _member(unknown, i)) for i in range(longest)]
    return value


def known_strings(value: Any) -> Iterator[str]:
    """Every known text in `value`, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from known_strings(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from known_strings(inner)


def has_unknown(value: Any) -> bool:
    """Whether any part of a merged value is known only after apply."""
    if value is UNKNOWN:
        return True
    if isinstance(value, Mapping):
        return any(has_unknown(inner) for inner in value.values())
    return isinstance(value, list) and any(has_unknown(inner) for inner in value)


def _step(value: Any, part: str) -> Any:
    if isinstance(value, list):
        if part.isdecimal():
            return _member(value, int(part))
        return _step(value[0], part) if value else None
    return value.get(part) if isinstance(value, Mapping) else None


def _member(values: list[Any], index: int) -> Any:
    return values[index] if index < len(values) else None
