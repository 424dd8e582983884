"""Stack settings checked against their models, all targets at once, without the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from modules.core.config import ConfigModel
from modules.core.errors import ConfigError, Problem
from modules.core.target import Target
from stacks import STACKS

Together = Callable[[Sequence[tuple[Target, ConfigModel]]], Iterable[Problem]]
"""A check of several stacks at once, such as what those of one account share out among them."""


class Entry(Protocol):
    """A target with the settings of its stack."""

    @property
    def target(self) -> Target:
        """Where the stack goes."""
        ...

    @property
    def settings(self) -> Mapping[str, Any]:
        """The stack's settings as plain data."""
        ...


def checked_configs(
    entries: Iterable[Entry], *, beside: Iterable[Entry] = (), together: Iterable[Together] = ()
) -> dict[str, ConfigModel]:
    """The stack configuration of every target, by target name.

    Args:
        entries: targets that are wanted.
        beside: further targets; those in an account and region of a wanted one are checked too, and counted in.
        together: checks of all of them at once, once each alone is accepted.

    Raises:
        ConfigError: with every refused field of every target, or what they refuse together.
    """
    wanted = {entry.target.name: entry for entry in entries}
    places = {_place(entry.target) for entry in wanted.values()}
    counted = {entry.target.name: entry for entry in beside if _place(entry.target) in places} | wanted
    configs: dict[str, ConfigModel] = {}
    problems: list[Problem] = []
    for name, entry in counted.items():
        try:
            configs[name] = _checked(entry)
        except ConfigError as error:
            problems.extend(error.problems)
    if not problems:
        pairs = [(counted[name].target, config) for name, config in sorted(configs.items())]
        problems.extend(problem for check in together for problem in check(pairs))
    if problems:
        raise ConfigError(problems)
    return {name: configs[name] for name in wanted}


def _checked(entry: Entry) -> ConfigModel:
    target = entry.target
    where = f"{target.env}/{target.account}/{target.region}/{target.stack}"
    stack = STACKS.get(target.stack)
    if stack is None:
        raise ConfigError.single(
            where, f'stack "{target.stack}" is not known', f"there are {', '.join(STACKS)}", "correct it"
        )
    config = stack.config_model().parse(entry.settings, where=where)
    config.require(target, where=where)
    return config


def _place(target: Target) -> tuple[str, str]:
    return target.account_id, target.region
