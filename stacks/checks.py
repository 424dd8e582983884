"""Stack settings checked against their models, all targets at once, without the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from modules.core.config import ConfigModel
from modules.core.errors import ConfigError, Problem
from modules.core.target import Target
from stacks import STACKS


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


def checked_configs(entries: Iterable[Entry]) -> dict[str, ConfigModel]:
    """The stack configuration of every target, by target name.

    Raises:
        ConfigError: with every refused field of every target.
    """
    configs: dict[str, ConfigModel] = {}
    problems: list[Problem] = []
    for entry in entries:
        target = entry.target
        where = f"{target.env}/{target.account}/{target.region}/{target.stack}"
        stack = STACKS.get(target.stack)
        if stack is None:
            problems.append(
                Problem(where, f'stack "{target.stack}" is not known', f"there are {', '.join(STACKS)}", "correct it")
            )
            continue
        try:
            config = stack.config_model().parse(entry.settings, where=where)
            config.require(target, where=where)
            configs[target.name] = config
        except ConfigError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigError(problems)
    return configs
