"""What a plan changes in one resource, attribute by attribute, without what is sensitive."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.plan.values import EMPTY
from policies.masking import COVERED, masked
from rollout.review.masking import SENSITIVE, Mask
from rollout.review.model import GIVEN

LATER = "known after apply"
"""What stands where a value is not known yet."""

_NONE: Any = None


@dataclass(frozen=True)
class Leaf:
    """One attribute on both sides.

    Attributes:
        path: dotted path.
        before: value before; None where there was none.
        after: value after; None where there will be none.
    """

    path: str
    before: Any
    after: Any


Leads = Callable[[str], tuple[str, ...] | None]
"""Addresses of what the attribute at a path refers to; None where the configuration does not set it."""


def leaves(change: Mapping[str, Any], mask: Mask, leads: Leads) -> tuple[Leaf, ...]:
    """The attributes that a change creates or changes, by path; none of a destruction.

    Args:
        change: `change` of an entry of `resource_changes`.
        mask: takes out what is sensitive.
        leads: what an attribute refers to, told where its value is known after apply only.
    """
    before, after = change.get("before"), change.get("after")
    if after is None:
        return ()
    walk = _Walk(mask, leads, is_new=before is None or "delete" in (change.get("actions") or ()))
    marks = change.get("before_sensitive"), change.get("after_sensitive")
    return tuple(sorted(walk.walk("", before, after, marks, change.get("after_unknown")), key=lambda leaf: leaf.path))


def shown(value: Any) -> str:
    """A value as text; empty for none."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def covered(path: str, value: Any) -> str:
    """A value as text, without what looks like a secret though nobody marked it: by its own form, or its name."""
    text, name = shown(value), path.rpartition(".")[2]
    if text in {SENSITIVE, GIVEN} or text.startswith(f"({LATER}"):
        return text
    is_named = masked(f"{name}=x") != f"{name}=x"
    return (COVERED if masked(f"{name}={text}") != f"{name}={text}" else text) if is_named else masked(text)


class _Walk:
    def __init__(self, mask: Mask, leads: Leads, *, is_new: bool) -> None:
        self._mask, self._leads, self._is_new = mask, leads, is_new

    def walk(self, path: str, before: Any, after: Any, marks: tuple[Any, Any], unknown: Any) -> Iterator[Leaf]:
        """Leaves below a path."""
        if marks[0] is True or marks[1] is True:
            yield from self._sensitive(path, before, after, unknown)
        elif unknown is True:
            yield from self._later(path, before)
        elif any(map(_has_parts, (before, after, unknown))) or any(map(_has_marks, marks)):
            names = _names(before, after, unknown)
            if not names:  # marks of parts that are not there
                yield from self._sensitive(path, before, after, unknown)
            for name in names:
                inner = (_part(marks[0], name), _part(marks[1], name))
                below = f"{path}.{self._mask.text(str(name))}".removeprefix(".")
                yield from self.walk(below, _part(before, name), _part(after, name), inner, _part(unknown, name))
        else:
            yield from self._plain(path, before, _later_in(after, unknown))

    def _sensitive(self, path: str, before: Any, after: Any, unknown: Any) -> Iterator[Leaf]:
        if before in EMPTY and after in EMPTY and unknown is not True:
            return
        if before != after or unknown not in (None, False, {}, []):
            yield Leaf(path, _NONE if before in EMPTY else SENSITIVE, _NONE if _is_gone(after, unknown) else SENSITIVE)

    def _later(self, path: str, before: Any) -> Iterator[Leaf]:
        named = self._leads(path)
        if named is not None:
            told = f"({LATER}: {', '.join(named)})" if named else f"({LATER})"
            yield Leaf(path, _NONE if before in EMPTY else self._mask.value(before), told)
        elif not self._is_new:  # of what is new, AWS sets the rest anyway
            yield Leaf(path, GIVEN, f"({LATER})")

    def _plain(self, path: str, before: Any, after: Any) -> Iterator[Leaf]:
        if before == after or (before in EMPTY and after in EMPTY):
            return
        parsed = _parsed(before), _parsed(after)
        if parsed != (None, None) and all(
            side is None or part is not None for side, part in zip((before, after), parsed, strict=True)
        ):
            yield from self.walk(path, *parsed, (None, None), None)  # JSON in a text, such as a policy
            return
        yield Leaf(path, *(_NONE if side in EMPTY else self._mask.value(side) for side in (before, after)))


def _is_gone(after: Any, unknown: Any) -> bool:
    return after in EMPTY and unknown in (None, False, {}, [])


def _has_parts(value: Any) -> bool:
    if isinstance(value, list):
        return any(isinstance(inner, Mapping | list) for inner in value)
    return isinstance(value, Mapping) and bool(value)


def _has_marks(mark: Any) -> bool:
    if isinstance(mark, Mapping):
        return any(inner is True or _has_marks(inner) for inner in mark.values())
    return isinstance(mark, list) and any(inner is True or _has_marks(inner) for inner in mark)


def _later_in(value: Any, unknown: Any) -> Any:
    """A list of plain values, with words for those that are not known yet."""
    if not isinstance(unknown, list) or not any(entry is True for entry in unknown):
        return value
    given = value if isinstance(value, list) else []
    longest = max(len(given), len(unknown))
    return [f"({LATER})" if _part(unknown, index) is True else _part(given, index) for index in range(longest)]


def _names(*values: Any) -> list[Any]:
    """Names of the parts of several values; members of a list by their index."""
    if any(isinstance(value, Mapping) for value in values):
        return sorted({str(name) for value in values if isinstance(value, Mapping) for name in value})
    return list(range(max((len(value) for value in values if isinstance(value, list)), default=0)))


def _part(value: Any, name: Any) -> Any:
    if isinstance(value, Mapping):
        return value.get(name)
    if isinstance(value, list):
        return value[name] if isinstance(name, int) and name < len(value) else None
    return value if value is True else None


def _parsed(value: Any) -> Any:
    """The object in a JSON text; None for everything else."""
    if not isinstance(value, str) or value[:1] != "{":
        return None
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None
