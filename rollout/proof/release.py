"""Environments in which a stack's stateful resources may go: the change that a protected stack needs before destroy."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from rollout.targets import TargetEntry


def environments_with(change: Mapping[str, Any], *, of: TargetEntry, source: Path, copy: Path) -> Path:
    """Copy the environments folder and change one stack's settings in its target's own file.

    Args:
        change: settings laid over those of the region's file, mapping by mapping.
        of: the target.
        source: environments folder; left as it is.
        copy: where the copy goes; replaced when it exists.

    Returns:
        The copy.
    """
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(source, copy)
    file = copy / of.source
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    stacks = data["stacks"]
    stacks[of.target.stack] = _laid_over(stacks.get(of.target.stack) or {}, change)
    file.write_text(yaml.safe_dump(data, sort_keys=True), encoding="utf-8")
    return copy


def _laid_over(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for key, value in change.items():
        below = result.get(key)
        result[key] = _laid_over(below, value) if isinstance(below, dict) and isinstance(value, Mapping) else value
    return result
