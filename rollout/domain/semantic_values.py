"""Values of a plan, attribute by attribute."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_STEP = re.compile(r"(?<!\\)\.")
"""Between two steps of a path; a point in the name of a tag has a backslash."""


class _Mark:
    """A value that is none of Terraform's."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


UNKNOWN = _Mark("UNKNOWN")
"""What only AWS will give."""

ABSENT = _Mark("ABSENT")
"""What is not there."""


def known(after: Any, unknown: Any) -> dict[str, Any]:
    """Every attribute's value by its path, such as `environment.0.variables.TABLE`; `UNKNOWN` where it is.

    Args:
        after: `after` of a change.
        unknown: `after_unknown` of the same change.
    """
    return dict(_leaves("", after, unknown))


def changed(before: Any, after: Any, unknown: Any) -> dict[str, tuple[Any, Any]]:
    """What changes, by path: value before and value after.

    The value before one that only AWS will give does not count: such attributes change with every apply.

    Args:
        before: `before` of a change.
        after: `after` of the change.
        unknown: `after_unknown` of the change.
    """
    was, becomes = known(before, None), known(after, unknown)
    found: dict[str, tuple[Any, Any]] = {}
    for path in was.keys() | becomes.keys():
        old, new = was.get(path, ABSENT), becomes.get(path, ABSENT)
        if new is UNKNOWN:
            found[path] = (UNKNOWN, UNKNOWN)
        elif not (are_equal(old, new) or is_within_unknown(path, becomes)):
            found[path] = (old, new)
    return found


def are_equal(old: Any, new: Any) -> bool:
    """Nothing and null are the same; true is not 1."""
    if old is ABSENT or new is ABSENT:
        return (old is ABSENT or old is None) and (new is ABSENT or new is None)
    return isinstance(old, bool) == isinstance(new, bool) and bool(old == new)


def is_within_unknown(path: str, values: Mapping[str, Any]) -> bool:
    """Whether a path, or one above it, is a value that only AWS will give."""
    parts = _STEP.split(path)
    return any(values.get(".".join(parts[:length])) is UNKNOWN for length in range(1, len(parts) + 1))


def _leaves(path: str, value: Any, unknown: Any) -> Iterator[tuple[str, Any]]:
    if unknown is True:
        yield path, UNKNOWN
    elif isinstance(value, Mapping) or (value is None and isinstance(unknown, Mapping)):
        held, marks = value or {}, unknown if isinstance(unknown, Mapping) else {}
        names = sorted(held.keys() | {name for name, mark in marks.items() if _marks_any(mark)})
        if not names and path and value is not None:
            yield path, {}
        for name in names:
            step = str(name).replace(".", "\\.")
            yield from _leaves(f"{path}.{step}" if path else step, held.get(name), marks.get(name))
    elif isinstance(value, list) or (value is None and isinstance(unknown, list)):
        held_list, mark_list = value or [], unknown if isinstance(unknown, list) else []
        if not held_list and not mark_list:
            yield path, []
        for at in range(max(len(held_list), len(mark_list))):
            yield from _leaves(
                f"{path}.{at}" if path else str(at),
                held_list[at] if at < len(held_list) else None,
                mark_list[at] if at < len(mark_list) else None,
            )
    elif path or value is not None:
        yield path or "value", value


def _marks_any(mark: Any) -> bool:
    """Whether anything below is unknown."""
    if isinstance(mark, Mapping):
        return any(_marks_any(inner) for inner in mark.values())
    if isinstance(mark, list):
        return any(_marks_any(inner) for inner in mark)
    return mark is True
