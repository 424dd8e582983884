"""Stacks: compositions of modules, each one state boundary.

`STACKS` names every stack with its configuration model and its class, as import paths: a configuration is checked in
milliseconds without starting the engine.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from modules.core.config import ConfigModel
    from stacks.base import TargetStack


@dataclass(frozen=True)
class StackEntry:
    """Where a stack's configuration model and class are found, as `module:name`."""

    config_path: str
    stack_path: str

    def config_model(self) -> type[ConfigModel]:
        """The configuration model; imports no engine."""
        return cast("type[ConfigModel]", _load(self.config_path))

    def stack_class(self) -> type[TargetStack]:
        """The stack class; starts the engine."""
        return cast("type[TargetStack]", _load(self.stack_path))


STACKS = {
    "orders_api": StackEntry("stacks.orders_api_config:OrdersApiConfig", "stacks.orders_api:OrdersApi"),
    "rollout_engine": StackEntry(
        "stacks.rollout_engine_config:RolloutEngineConfig", "stacks.rollout_engine:RolloutEngine"
    ),
}
"""Stacks by name."""


def _load(path: str) -> object:
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)
