"""The view of a destroy forecast.

JSON of a result: `steps`, in the order in which Terraform destroys, each with `position`, `address`, `action`
(`delete`, `replace`, `update` or `forget`), `wait` (null, or `minutes`, `reason` and `source`) and `rules`; and
`longest_wait_minutes`.
"""

from __future__ import annotations

from typing import Any

from analysis.forecast import Forecast, Step
from cli.plan_output import Result, Sheet


def result_of(source: str, found: Forecast) -> Result:
    """The forecast of one plan."""
    rows = tuple(
        (
            str(step.position),
            step.action.value,
            step.address,
            str(step.wait.minutes) if step.wait else "",
            f"{step.wait.reason} ({step.wait.source})" if step.wait else ", ".join(step.rules),
        )
        for step in found.steps
    )
    columns = ("step", "action", "resource", "minutes at most", "waits for")
    sheet = Sheet("What waits, fails or stays, in the order of the destroy", columns, rows, frozenset({0, 3}))
    body = {"steps": [_step(step) for step in found.steps], "longest_wait_minutes": found.longest_wait_minutes}
    return Result((source,), found.findings, (sheet,), body)


def _step(step: Step) -> dict[str, Any]:
    wait = step.wait and {"minutes": step.wait.minutes, "reason": step.wait.reason, "source": step.wait.source}
    return {
        "position": step.position,
        "address": step.address,
        "action": step.action.value,
        "wait": wait,
        "rules": list(step.rules),
    }
