"""What is known of a target's plan, read from the plan itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from analysis.forecast.documented import FINAL_SNAPSHOT, FORCED_BY, HOLDS_DATA
from rollout.domain.model import PlanFacts
from rollout.domain.ports import AllowedDestroy

_LOGS = "aws_cloudwatch_log_group"
STATEFUL = frozenset({*HOLDS_DATA, *FORCED_BY, *FINAL_SNAPSHOT, _LOGS})
"""Types whose destruction loses what cannot be made again from configuration."""

_ALARMS = frozenset({"aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"})
_QUIET = (["no-op"], ["read"])
_KINDS = {("create",): "creates", ("update",): "updates", ("delete",): "deletes"}


def facts_of(
    document: Mapping[str, Any],
    *,
    target: str,
    digest: str,
    planned_at: datetime,
    expires_at: datetime,
    allowed: Iterable[AllowedDestroy] = (),
) -> PlanFacts:
    """Facts of a plan.

    Args:
        document: output of `terraform show -json` for the plan.
        target: name of the target.
        digest: of everything that decides what an apply does.
        planned_at: when it was planned.
        expires_at: until when it may be applied.
        allowed: stateful resources that may be destroyed or replaced.
    """
    changes = [raw for raw in document.get("resource_changes") or () if raw.get("mode") != "data"]
    kinds = Counter(_kind(raw) for raw in changes)
    return PlanFacts(
        digest=digest,
        planned_at=planned_at,
        expires_at=expires_at,
        creates=kinds["creates"],
        updates=kinds["updates"],
        replaces=kinds["replaces"],
        deletes=kinds["deletes"],
        is_empty=is_empty(document),
        alarms=tuple(sorted(set(_alarms(document)))),
        protected=tuple(sorted(set(_protected(changes, target, tuple(allowed))))),
    )


def is_empty(document: Mapping[str, Any]) -> bool:
    """Whether applying the plan would change nothing: no resource, output, import, move, nor the state alone."""
    resources = any(not _is_quiet(raw) for raw in document.get("resource_changes") or ())
    outputs = any(change.get("actions") != ["no-op"] for change in (document.get("output_changes") or {}).values())
    return not (resources or outputs or document.get("applyable", False))


def _is_quiet(raw: Mapping[str, Any]) -> bool:
    change = raw.get("change") or {}
    return change.get("actions") in _QUIET and not change.get("importing") and not raw.get("previous_address")


def _kind(raw: Mapping[str, Any]) -> str:
    actions = tuple((raw.get("change") or {}).get("actions") or ())
    return "replaces" if set(actions) == {"create", "delete"} else _KINDS.get(actions, "")


def _alarms(document: Mapping[str, Any]) -> Iterator[str]:
    """Names of alarms; those that only AWS will give are not known yet."""
    modules = [(document.get("planned_values") or {}).get("root_module") or {}]
    while modules:
        module = modules.pop()
        modules.extend(module.get("child_modules") or ())
        for resource in module.get("resources") or ():
            name = (resource.get("values") or {}).get("alarm_name")
            if resource.get("type") in _ALARMS and resource.get("mode") == "managed" and isinstance(name, str):
                yield name


def _protected(changes: Iterable[Mapping[str, Any]], target: str, allowed: tuple[AllowedDestroy, ...]) -> Iterator[str]:
    for raw in changes:
        change = raw.get("change") or {}
        if "delete" not in (change.get("actions") or ()) or raw.get("type") not in STATEFUL:
            continue
        before = change.get("before") or {}
        if raw["type"] == _LOGS and before.get("skip_destroy") is True:
            continue
        address = str(raw["address"])
        if not any(_fits(word.target, target) and _fits(word.address, address) for word in allowed):
            yield address


def _fits(pattern: str, text: str) -> bool:
    """Whether a pattern, in which only `*` is special, stands for the text."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.DOTALL) is not None
