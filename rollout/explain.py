"""Every effective value of a target, with the file and line that it came from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path, PurePath
from typing import Any

from pydantic import BaseModel

from modules.core.secrecy import names_secret
from rollout.domain.settings import RolloutSettings
from rollout.domain.waves import wave_index
from rollout.targets import ROLLOUT_FILE, TargetEntry, levels_of
from rollout.written import Origin, Written, written_in

DEFAULT = "default of the model"
"""What stands in place of a file where no file sets a value."""

_HIDDEN = "(not shown)"


@dataclass(frozen=True)
class Effective:
    """One value that holds.

    Attributes:
        section: `target`, `settings` of the stack, or `rollout`.
        path: dotted path of the field.
        value: the value, as JSON on one line; text without quotes.
        origin: where it is written; None for a default of the model.
    """

    section: str
    path: str
    value: str
    origin: Origin | None


def explained(
    environments: Path, entry: TargetEntry, config: BaseModel, settings: RolloutSettings
) -> tuple[Effective, ...]:
    """Every value of a target, of its stack's settings, and of its wave.

    Args:
        environments: folder that all of it was read from.
        entry: the target.
        config: its stack's configuration, checked.
        settings: of rollouts.
    """
    region_file = environments / entry.source
    levels = [written_in(path, environments) for path in levels_of(environments, region_file)]
    found = [level for level in levels if level is not None]
    merged = reduce(Written.merged_with, found)
    stack = entry.target.stack
    stacks = merged.parts["stacks"]
    of_target = Written(
        merged.origin, {**merged.parts, "stack": found[-1].parts["stacks"].parts[stack]}, is_mapping=True
    )
    rollout = written_in(environments / ROLLOUT_FILE, environments)
    return (
        *_section("target", _of_model(entry.target, of_target, "")),
        *_section("settings", _of_model(config, replace(stacks.parts[stack], is_mapping=True), "")),
        *_section("rollout", _of_rollout(entry, settings, rollout)),
    )


_Value = tuple[str, str, Origin | None]


def _section(name: str, values: Iterable[_Value]) -> Iterator[Effective]:
    for path, value, origin in values:
        yield Effective(name, path, value, origin)


def _of_rollout(entry: TargetEntry, settings: RolloutSettings, written: Written | None) -> Iterator[_Value]:
    """The target's wave, what its stack builds on, and the roles that act in its account."""
    parts = written.parts if written else {}
    index = wave_index(settings, entry.target)
    if index is not None:
        waves = parts.get("waves")
        yield from _of_model(settings.waves[index], waves.items[index] if waves else None, "wave", without=("select",))
    stack = entry.target.stack
    if stack in settings.stacks:
        orders = parts.get("stacks")
        yield from _of_model(settings.stacks[stack], orders.parts.get(stack) if orders else None, "")
    yield from _of_model(settings.roles, parts.get("roles"), "roles")
    for name in ("plan_expires_hours", "lock_wait_minutes"):
        yield from _of_value(getattr(settings, name), parts.get(name), name, None)


def _of_model(model: BaseModel, written: Written | None, path: str, without: tuple[str, ...] = ()) -> Iterator[_Value]:
    """Fields of a model; one that a shorter form sets, such as a single word, comes from where that stands."""
    parts, fields = written.parts if written else {}, type(model).model_fields
    is_shorter = written is not None and (not written.is_mapping or bool(parts.keys() - fields))
    for name in fields:
        if name not in without:
            whole = written.origin if written and is_shorter and name in model.model_fields_set else None
            yield from _of_value(getattr(model, name), parts.get(name), f"{path}.{name}" if path else name, whole)


def _of_value(value: Any, written: Written | None, path: str, inherited: Origin | None) -> Iterator[_Value]:
    """A value and what is in it.

    Args:
        value: the value.
        written: as it is written; None where no file does.
        path: its dotted path.
        inherited: where a shorter form that sets it stands; None for a default.
    """
    around = written or (Written(inherited) if inherited else None)
    if isinstance(value, BaseModel) and type(value).model_fields:
        yield from _of_model(value, around, path)
    elif isinstance(value, Mapping) and value:
        parts = around.parts if around else {}
        origin = around.origin if around else None
        for key, member in value.items():
            yield from _of_value(member, parts.get(str(key)), f"{path}.{key}", origin)
    elif isinstance(value, list | tuple) and any(isinstance(member, BaseModel) for member in value):
        items = around.items if around else ()
        for index, member in enumerate(value):
            item = items[index] if len(items) == len(value) else None
            yield from _of_value(member, item, f"{path}[{index}]", around.origin if around else None)
    else:
        yield path, _shown(path, value), around.origin if around else None


def _shown(path: str, value: Any) -> str:
    if value and names_secret(path.rsplit(".", 1)[-1]):
        return _HIDDEN
    return str(value) if isinstance(value, str | PurePath) else json.dumps(value, default=str, ensure_ascii=False)
