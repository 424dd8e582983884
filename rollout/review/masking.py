"""Values that Terraform marks as sensitive never leave a plan, wherever else in it they stand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rollout.review.values import with_texts

SENSITIVE = "(sensitive value)"
"""What stands in their place."""

_LEAST = 4
"""Shorter texts are masked where they are marked, and not wherever else the same letters stand."""

_LEAST_LINE = 8


class Mask:
    """Takes sensitive texts out of others.

    Args:
        texts: sensitive texts.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        spelled = {spelling for text in texts for part in _parts(text) for spelling in _spellings(part)}
        longest_first = sorted(spelled, key=lambda text: (-len(text), text))
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def text(self, text: str) -> str:
        """The text without what is sensitive."""
        return text if self._pattern is None else self._pattern.sub(SENSITIVE, text)

    def value(self, value: Any) -> Any:
        """A value of a plan without what is sensitive, at any depth."""
        return with_texts(value, self.text, self._number)

    def _number(self, value: Any) -> Any:
        is_told = isinstance(value, bool) or value is None or self.text(str(value)) == str(value)
        return value if is_told else SENSITIVE


def sensitive_texts(document: Mapping[str, Any]) -> frozenset[str]:
    """Every text that a plan marks as sensitive: of resources, outputs and variables, before and after.

    Args:
        document: output of `terraform show -json` for a plan.
    """
    return frozenset(text for text in _all(document) if len(text) >= _LEAST)


def _all(document: Mapping[str, Any]) -> Iterator[str]:
    changes = [raw.get("change") or {} for name in _CHANGED for raw in document.get(name) or ()]
    changes += (document.get("output_changes") or {}).values()
    for change in changes:
        for side in ("before", "after"):
            yield from _marked(change.get(side), change.get(f"{side}_sensitive"))
    prior = (document.get("prior_state") or {}).get("values") or {}
    for values in (document.get("planned_values") or {}, prior):
        yield from _of_module(values.get("root_module") or {})
        for output in (values.get("outputs") or {}).values():
            yield from _marked(output.get("value"), output.get("sensitive"))
    declared = ((document.get("configuration") or {}).get("root_module") or {}).get("variables") or {}
    for name, given in (document.get("variables") or {}).items():
        yield from _marked(given.get("value"), (declared.get(name) or {}).get("sensitive"))


_CHANGED = ("resource_changes", "resource_drift", "deferred_changes")


def _of_module(module: Mapping[str, Any]) -> Iterator[str]:
    for resource in module.get("resources") or ():
        yield from _marked(resource.get("values"), resource.get("sensitive_values"))
    for child in module.get("child_modules") or ():
        yield from _of_module(child)


def _marked(value: Any, mark: Any) -> Iterator[str]:
    if mark is True:
        yield from _texts(value)
    elif isinstance(mark, Mapping) and isinstance(value, Mapping):
        for name, inner in mark.items():
            yield from _marked(value.get(name), inner)
    elif isinstance(mark, list) and isinstance(value, list):
        for inner, of in zip(value, mark, strict=False):
            yield from _marked(inner, of)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield str(name)
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _parts(text: str) -> Iterator[str]:
    """The text, and its lines: a sentence may hold one of them."""
    yield text
    lines = text.splitlines()
    if len(lines) > 1:
        yield from (line.strip() for line in lines if len(line.strip()) >= _LEAST_LINE)


def _spellings(text: str) -> tuple[str, ...]:
    """The text, and as it stands within JSON."""
    return text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]
