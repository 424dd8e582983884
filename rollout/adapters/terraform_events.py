"""Terraform's `-json` line stream as typed events."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rollout.adapters.terraform_diagnostics import Diagnostic


class Phase(StrEnum):
    """How far one action on one resource has come."""

    PLANNED = "planned"
    START = "start"
    PROGRESS = "progress"
    COMPLETE = "complete"
    ERROR = "error"


@dataclass(frozen=True)
class Event:
    """One step of one resource.

    Attributes:
        address: the resource, such as `aws_sqs_queue.orders`.
        action: `create`, `update`, `delete`, `read`, `replace`, `refresh`, `provision`, `move`, …
        phase: how far it has come.
        elapsed_seconds: since the action started, as Terraform counts it; 0 where it does not say.
    """

    address: str
    action: str
    phase: Phase
    elapsed_seconds: float = 0.0


_PHASES = {
    "start": Phase.START,
    "progress": Phase.PROGRESS,
    "complete": Phase.COMPLETE,
    "errored": Phase.ERROR,
}
# The first word of a message type whose hook names no action of its own, and the action it means.
_ACTIONS = {"refresh": "refresh", "provision": "provision"}


def read_line(line: str) -> Event | Diagnostic | None:
    """What one line of the stream says; nothing for lines that are not JSON or that tell of no resource."""
    try:
        message = json.loads(line)
    except ValueError:
        return None
    if not isinstance(message, dict):
        return None
    kind = str(message.get("type", ""))
    if kind == "diagnostic" and isinstance(message.get("diagnostic"), dict):
        return Diagnostic.from_json(message["diagnostic"])
    if kind == "planned_change":
        return _event(message.get("change"), Phase.PLANNED, "")
    first, _, last = kind.rpartition("_")
    if last in _PHASES:
        return _event(message.get("hook"), _PHASES[last], _ACTIONS.get(first, ""))
    return None


def _event(body: object, phase: Phase, action: str) -> Event | None:
    hook: Mapping[str, Any] = body if isinstance(body, dict) else {}
    resource = hook.get("resource")
    if not isinstance(resource, dict) or not resource.get("addr"):
        return None
    elapsed = hook.get("elapsed_seconds")
    return Event(
        address=str(resource["addr"]),
        action=str(hook.get("action") or action),
        phase=phase,
        elapsed_seconds=float(elapsed) if isinstance(elapsed, int | float) else 0.0,
    )
