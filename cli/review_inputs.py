"""What `lambdanet review` reads: plans by target, and findings of the policies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.plan_inputs import plans_of
from modules.core.errors import PlanInputError

if TYPE_CHECKING:
    from analysis.plan import Plan

_ENDINGS = re.compile(r"(\.(json|plan|tfplan))+$")
_GENERIC = frozenset({"plan", "show", "terraform", "tfplan"})
"""File names that tell nothing; the folder's name is the target's then."""


def plans_by_target(paths: Sequence[Path]) -> Mapping[str, Plan]:
    """Plans of files, and of all `*.json` of folders, by the name of their target.

    A target is called as its file; as its folder, where the file is called `plan.json` or the like.

    Raises:
        PlanInputError: with a sentence for each that cannot be read, and for two plans of one target.
    """
    found: dict[str, Plan] = {}
    problems: list[str] = []
    for plan in plans_of(paths):
        name = target_of(Path(plan.source))
        if name in found:
            problems.append(f"{found[name].source} and {plan.source} are both of the target {name}; rename one of them")
        found.setdefault(name, plan)
    if problems:
        raise PlanInputError("\n".join(problems))
    for name, plan in found.items():
        plan.source = name  # sentences tell targets, and not where files lay
    return found


def target_of(file: Path) -> str:
    """The name of a plan's target, such as `dev-main-eu-west-1-orders_api`."""
    name = _ENDINGS.sub("", file.name)
    return file.resolve().parent.name if name in _GENERIC else name


def findings_of(file: Path) -> Any:
    """The findings that `lambdanet check --format json` wrote; a plan without a stack is called as its target here.

    Raises:
        PlanInputError: the file is no JSON.
    """
    try:
        document = json.loads(file.read_bytes())
    except OSError as error:
        why = f"cannot be read: {error.strerror}"
    except (ValueError, RecursionError):
        why = "is no JSON"
    else:
        for row in _rows(document):
            if row["target"].endswith(".json"):
                row["target"] = target_of(Path(row["target"]))
        return document
    raise PlanInputError(f"{file} {why}; write it with `lambdanet check --format json --output {file}`")


def _rows(document: Any) -> Iterator[dict[str, Any]]:
    """Findings with a target; what else there is, is refused where they are told."""
    findings = document.get("findings") if isinstance(document, dict) else None
    for row in findings if isinstance(findings, list) else ():
        if isinstance(row, dict) and isinstance(row.get("target"), str):
            yield row
