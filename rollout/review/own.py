"""What in the texts of a plan is the target's own: its name, region and account, and the ids of its resources."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from analysis.budget.places import Places
from analysis.plan import Plan, Resource
from analysis.plan.identity import Identities
from rollout.review.values import with_texts

MARK = "\x00"
"""Stands around each placeholder, and in no text of AWS."""

_LEAST_PART = 2
_BEGIN, _END = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"
_ZONE = r"(?=[a-z]?(?![A-Za-z0-9]))"  # a zone is a region and a letter


class Own:
    """Replaces what is the target's own by placeholders, the same in every target.

    Two texts with the same result differ in nothing else: placeholders say which name, region or id they stand for.

    Args:
        target: name of the target.
        plan: its plan.
        shared: parts of the name that every target has, so that they tell none from another.
    """

    def __init__(self, target: str, plan: Plan, shared: Iterable[str] = ()) -> None:
        region, account = _place(plan)
        self._placeholders: dict[str, str] = {}
        patterns = []
        for text, name in _names(target, region, account, frozenset(shared)):
            if text not in self._placeholders:
                self._placeholders[text] = f"{MARK}{name}{MARK}"
                patterns.append(f"{_BEGIN}{re.escape(text)}{_ZONE if text == region else _END}")
        self._pattern = re.compile("|".join(patterns)) if patterns else None
        self._identities = Identities(plan.before)
        self._plan = plan
        self._known: dict[str, str] = {}

    def text(self, text: str) -> str:
        """The text with placeholders."""
        if text not in self._known:
            self._known[text] = self._neutral(text)
        return self._known[text]

    def value(self, value: Any) -> Any:
        """A value of a plan with placeholders, at any depth."""
        return with_texts(value, self.text)

    def _neutral(self, text: str) -> str:
        owner = self._plan.owner(text) or self._identities.owner(text, frozenset())
        if owner is not None:
            return f"{MARK}{_attribute(owner, text)} of {self._named(owner.address)}{MARK}"
        return self._named(text)

    def _named(self, text: str) -> str:
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda found: self._placeholders[found[0]], text)


def shared_parts(targets: Iterable[str]) -> frozenset[str]:
    """Parts that the names of all targets have."""
    found = [frozenset(_split(target)) for target in targets]
    return frozenset.intersection(*found) if found else frozenset()


def _names(target: str, region: str, account: str, shared: frozenset[str]) -> Iterable[tuple[str, str]]:
    """Texts with the name of their placeholder, longest first."""
    found = {spelling: "target" for spelling in _spellings(target) if len(target) >= _LEAST_PART}
    for number, part in enumerate(_split(target.replace(region, " ") if region else target), start=1):
        if part not in shared and len(part) >= _LEAST_PART and not part.isdecimal():
            found.update(
                {spelling: f"part {number} of target" for spelling in _spellings(part) if spelling not in found}
            )
    found.update({text: name for text, name in ((region, "region"), (account, "account")) if text})
    return sorted(found.items(), key=lambda entry: (-len(entry[0]), entry[0]))


def _split(target: str) -> list[str]:
    return [part for part in re.split(r"[-./\s]+", target) if part]


def _spellings(text: str) -> tuple[str, ...]:
    """Names in AWS have hyphens where the name of a target has underscores."""
    return text, text.replace("_", "-")


def _place(plan: Plan) -> tuple[str, str]:
    """The region and account that most of its resources lie in."""
    places = Places(plan, plan.source)
    found = [places.of(resource) for resource in (plan.of() or plan.before)]
    return _most(place.region for place in found), _most(place.account for place in found)


def _most(texts: Iterable[str]) -> str:
    counted = Counter(text for text in texts if text)
    return min(counted, key=lambda text: (-counted[text], text), default="")


def _attribute(resource: Resource, text: str) -> str:
    """The attribute of a resource that holds the text, so that an id is never taken for an ARN."""
    before = resource.before or {}
    names = (name for values in (resource.values, before) for name in sorted(values) if values[name] == text)
    return next(names, "a name")
