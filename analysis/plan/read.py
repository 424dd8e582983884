"""Plans from files: what is no plan, or not all of one, is refused in one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from analysis.plan.json_file import json_content
from analysis.plan.plan import Plan
from modules.core.errors import PlanInputError

_SYNTHESIZED = "cdk.tf.json"
_NO_PLANS = frozenset({_SYNTHESIZED, "places.json", "manifest.json"})
"""What synthesis writes into the folders that plans are written into."""

_MAJOR = "1"
_SHOW = "write it with `terraform show -json PLAN`"


def read_plan(path: Path) -> Plan:
    """Read the JSON of a plan; local values are taken from a `cdk.tf.json` beside it, where there is one.

    Raises:
        PlanInputError: the file is no plan, only a part of one, or too large.
    """
    document = _document(path)
    try:
        return Plan(document, str(path), _local_values(path.parent / _SYNTHESIZED))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise PlanInputError(f"{path} is JSON, but its parts are not those of a plan; {_SHOW}") from None


def read_plans(paths: Iterable[Path], progress: Callable[[int, int], None] | None = None) -> tuple[Plan, ...]:
    """Read plans, and all `*.json` of folders, by name; what synthesis writes is not taken for a plan.

    Args:
        paths: files and folders.
        progress: told how many files are read, and of how many, before each and at the end.

    Raises:
        PlanInputError: with a sentence for every file that cannot be read, or for a folder without a plan.
    """
    plans, problems, files = list[Plan](), list[str](), list[Path]()
    for path in paths:
        found = sorted(entry for entry in path.rglob("*.json") if _may_be_plan(entry)) if path.is_dir() else [path]
        if not found:
            problems.append(f"{path} is a folder without a plan; {_SHOW} into it")
        files += found
    tell = progress or _silent
    for number, file in enumerate(files):
        tell(number, len(files))
        try:
            plans.append(read_plan(file))
        except PlanInputError as error:
            problems.append(str(error))
    tell(len(files), len(files))
    if problems:
        raise PlanInputError("\n".join(problems))
    return tuple(plans)


def _silent(done: int, total: int) -> None:
    """Nobody wants to know."""


def _may_be_plan(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts[-4:])
    return path.is_file() and path.name not in _NO_PLANS and not hidden


def _document(path: Path) -> Mapping[str, Any]:
    document = json_content(path, _SHOW, named="the JSON of a plan")
    why = _not_a_plan(document)
    if why:
        raise PlanInputError(f"{path} {why}; {_SHOW}")
    return dict(document)


def _not_a_plan(document: Any) -> str:
    if not isinstance(document, Mapping):
        return "is JSON, but no plan: it holds no object"
    version = document.get("format_version")
    parts = (document.get("configuration"), document.get("planned_values"))
    faults = {
        "is a state file, not a plan": "lineage" in document or ("serial" in document and "resources" in document),
        "is JSON, but no plan: it has no format_version": version is None,
        f"has plan format {version}, and {_MAJOR}.x is read": not str(version).startswith(f"{_MAJOR}."),
        "is a state in JSON, not a plan": "values" in document and "planned_values" not in document,
        "is a plan that ended with an error, so parts of it are missing": bool(document.get("errored")),
        "is not a whole plan: configuration or planned_values is missing": not all(
            isinstance(part, Mapping) for part in parts
        ),
    }
    return next((why for why, holds in faults.items() if holds), "")


def _local_values(path: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    values = document.get("locals") if isinstance(document, Mapping) else None
    return values if isinstance(values, Mapping) else {}
