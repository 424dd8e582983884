"""Values of a plan, changed at any depth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any


def _same(value: Any) -> Any:
    return value


def with_texts(value: Any, text: Callable[[str], str], other: Callable[[Any], Any] = _same) -> Any:
    """A value with each text in it, keys too, as `text` makes it, and numbers and the like as `other` does."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, Mapping):
        return {text(str(name)): with_texts(inner, text, other) for name, inner in value.items()}
    if isinstance(value, Sequence):
        return [with_texts(inner, text, other) for inner in value]
    return other(value)
