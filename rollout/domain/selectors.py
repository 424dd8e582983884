"""Which targets a selector means, and what in it means none."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache

from modules.core.errors import Problem
from modules.core.target import Target
from rollout.domain.wave_settings import Selector

_SHOWN_NAMES = 10


class Fleet:
    """All targets, with what selectors may name.

    Attributes:
        targets: the targets.
        names: their names, sorted.
        stacks: stacks that have a target, sorted.
    """

    def __init__(self, targets: Sequence[Target]) -> None:
        self.targets = tuple(targets)
        self.names = tuple(sorted(target.name for target in targets))
        self.stacks = _sorted(target.stack for target in targets)
        accounts = _sorted(target.account for target in targets)
        self._known: tuple[tuple[str, str, frozenset[str], tuple[str, ...]], ...] = (
            ("environments", "environment", *_known(target.env for target in targets)),
            ("accounts", "account", frozenset(accounts) | {target.account_id for target in targets}, accounts),
            ("regions", "region", *_known(target.region for target in targets)),
            ("stacks", "stack", frozenset(self.stacks), self.stacks),
        )

    def selector_problems(self, selector: Selector, where: str) -> Iterator[Problem]:
        """What a selector names and no target has.

        Args:
            selector: the selector.
            where: path of the selector in the file, such as `waves[0].select`.
        """
        for field, what, values, shown in self._known:
            for index, value in enumerate(getattr(selector, field)):
                if value not in values:
                    given = f'{where}.{field}[{index}] is "{value}"'
                    yield Problem("", given, f"no target has that {what}; there are {listed(shown)}", "correct it")
        for index, pattern in enumerate(selector.targets):
            yield from self.pattern_problems(pattern, f"{where}.targets[{index}]")
        for key, value in selector.tags.items():
            found = _sorted(tags[key] for tags in self._tags if key in tags)
            if value not in found:
                there = f"its values are {listed(found)}" if found else f"there are {listed(self._tag_keys)}"
                allowed = f"no target has that tag; {there}"
                yield Problem("", f'{where}.tags["{key}"] is "{value}"', allowed, "correct it")

    def pattern_problems(self, pattern: str, path: str) -> Iterator[Problem]:
        """A pattern that no target's name fits."""
        if not any(map(matcher(pattern), self.names)):
            yield Problem(
                "", f'{path} is "{pattern}"', f"no target is called so; there are {listed(self.names)}", "correct it"
            )

    @property
    def _tags(self) -> Iterator[dict[str, str]]:
        return (target.all_tags for target in self.targets)

    @property
    def _tag_keys(self) -> tuple[str, ...]:
        return _sorted(key for tags in self._tags for key in tags)


def selects(selector: Selector, target: Target) -> bool:
    """Whether a selector means a target: every field that is given fits it."""
    tags = target.all_tags if selector.tags else {}
    return (
        _holds(selector.environments, target.env)
        and (_holds(selector.accounts, target.account) or target.account_id in selector.accounts)
        and _holds(selector.regions, target.region)
        and _holds(selector.stacks, target.stack)
        and (not selector.targets or any(matcher(pattern)(target.name) for pattern in selector.targets))
        and all(tags.get(key) == value for key, value in selector.tags.items())
    )


def matching(patterns: Sequence[str], names: Iterable[str]) -> frozenset[str]:
    """Names that one of the patterns fits."""
    return frozenset(name for name in names if any(matcher(pattern)(name) for pattern in patterns))


@cache
def matcher(pattern: str) -> Callable[[str], object]:
    """Whether a name fits a pattern, in which `*` stands for any characters and nothing else for any other."""
    return re.compile(".*".join(map(re.escape, pattern.split("*"))), re.DOTALL).fullmatch


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: the first ten, and how many more."""
    more = len(names) - _SHOWN_NAMES
    shown = ", ".join(names[:_SHOWN_NAMES]) or "none"
    return f"{shown} and {more} more" if more > 0 else shown


def _holds(wanted: Collection[str], value: str) -> bool:
    return not wanted or value in wanted


def _sorted(values: Iterator[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def _known(values: Iterator[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    found = _sorted(values)
    return frozenset(found), found
