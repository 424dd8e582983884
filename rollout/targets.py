"""Targets read from `environments/`.

    environments/defaults.yaml
    environments/<env>/environment.yaml
    environments/<env>/<account>/account.yaml
    environments/<env>/<account>/<region>.yaml      one target for every stack it names

Files are merged from the first to the last: mappings key by key, everything else replaced whole. A stack's settings
come from every level, but only a region's file makes targets of the stacks it names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from modules.core.errors import ConfigError, Problem, TargetError
from modules.core.target import Target

_TARGET_FIELDS = frozenset(Target.model_fields) - {"stack"}


@dataclass(frozen=True)
class TargetEntry:
    """A target and the settings of its stack, merged and not yet checked by the stack's model.

    Attributes:
        target: account, region, environment and stack.
        settings: the stack's settings.
        source: the region's file, relative to the environments folder.
    """

    target: Target
    settings: Mapping[str, Any]
    source: str


def read_targets(folder: Path, *, only: str = "") -> tuple[TargetEntry, ...]:
    """Read every target below `folder`, in the order of their names.

    Args:
        folder: the environments folder.
        only: name of the one target wanted; empty for all.

    Raises:
        TargetError: the folder or the target does not exist, or a file is not YAML.
        ConfigError: with every refused field of every target.
    """
    if not folder.is_dir():
        raise TargetError(f"{folder}: the folder does not exist; targets are read from it; create it, or name another")
    entries: list[TargetEntry] = []
    problems: list[Problem] = []
    for path in _region_files(folder):
        try:
            entries.extend(_entries(folder, path))
        except ConfigError as error:
            problems.extend(error.problems)
    if problems:
        raise ConfigError(problems)
    entries.sort(key=lambda entry: entry.target.name)
    if not only:
        return tuple(entries)
    chosen = tuple(entry for entry in entries if entry.target.name == only)
    if not chosen:
        known = ", ".join(entry.target.name for entry in entries) or "none"
        raise TargetError(f'target "{only}" does not exist; there are: {known}; name one of them')
    return chosen


def _region_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.glob("*/*/*.yaml")):
        if path.name != "account.yaml":
            yield path


def _entries(folder: Path, path: Path) -> Iterator[TargetEntry]:
    levels = (folder / "defaults.yaml", path.parent.parent / "environment.yaml", path.parent / "account.yaml", path)
    merged: dict[str, Any] = {}
    for level in levels:
        merged = _merge(merged, _read(level, folder))
    source = path.relative_to(folder).as_posix()
    own_stacks = _read(path, folder).get("stacks") or {}
    merged_stacks = merged.pop("stacks", None) or {}
    problems = [
        Problem(source, f"{field} is not a field", "", "remove it, or check its spelling")
        for field in sorted(set(merged) - _TARGET_FIELDS)
    ]
    fields = {field: value for field, value in merged.items() if field in _TARGET_FIELDS}
    for stack in sorted(own_stacks):
        try:
            target = Target.parse({**fields, "stack": stack}, where=source)
        except ConfigError as error:
            problems.extend(problem for problem in error.problems if problem not in problems)
            continue
        if not problems:
            yield TargetEntry(target, merged_stacks[stack] or {}, source)
    if problems:
        raise ConfigError(problems)


def _read(path: Path, folder: Path) -> dict[str, Any]:
    shown = path.relative_to(folder).as_posix()
    if not path.is_file():
        return {}
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        detail = " ".join(str(error).split())
        raise TargetError(f"{shown}: the file is not YAML ({detail}); correct it") from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise TargetError(f"{shown}: the file holds a {type(data).__name__}; it holds a mapping of fields; correct it")
    stacks = data.get("stacks")
    if stacks is not None and not isinstance(stacks, dict):
        raise TargetError(f"{shown}: stacks is a {type(stacks).__name__}; it maps stack names to settings; correct it")
    return data


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        before = merged.get(key)
        merged[key] = _merge(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return merged
