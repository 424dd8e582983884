"""Plans of releases as a person or a program reads them."""

from __future__ import annotations

from typing import Any

from cli.terminal import console
from rollout.release import PrunePlan, ShiftPlan
from rollout.release.functions import VersionState


def show_plan(planned: ShiftPlan) -> None:
    """What a shift would do, line by line."""
    verbs = {"nothing": "nothing to shift", "join": "joins the running deployment", "start": "would be shifted"}
    say(f"{planned.target.name}: {verbs[planned.action]}")
    from_, to = (_version(version) for version in (planned.current, planned.newest))
    say(f"  version {from_}" if planned.action == "nothing" else f"  version {from_} → {to}")
    for line in planned.differences:
        say(f"  {line}")
    say(f"  {planned.group.traffic} ({planned.group.traffic.name})")
    if planned.group.active is not None:
        say(f"  deployment {planned.group.active.deployment_id}: {planned.group.active.status}")
    for alarm in planned.group.alarms:
        say(f"  alarm {alarm.name}: {alarm.state or 'does not exist'}")
    for note in planned.notes:
        say(f"  note: {note}")
    for problem in planned.problems:
        console.print(f"  refused: {problem}", style="red", markup=False, highlight=False, soft_wrap=True)


def _version(version: VersionState | None) -> str:
    return "none" if version is None else str(version.number)


def plan_as_json(planned: ShiftPlan) -> dict[str, Any]:
    """The same for a program."""
    active = planned.group.active
    return {
        "name": planned.target.name,
        "action": planned.action,
        "alias_version": planned.alias.version,
        "weights": dict(planned.alias.weights),
        "newest_version": planned.newest.number if planned.newest else None,
        "newest_code_sha256": planned.newest.code_sha256 if planned.newest else None,
        "differences": planned.differences,
        "traffic": planned.group.traffic.name,
        "deployment": active.deployment_id if active else None,
        "alarms": {alarm.name: alarm.state for alarm in planned.group.alarms},
        "notes": planned.notes,
        "problems": planned.problems,
    }


def show_pruned(planned: PrunePlan, verb: str) -> None:
    """Which versions stay and why, and which do not."""
    for version, reasons in planned.kept.items():
        say(f"{planned.function_name}: version {version} stays: {', '.join(reasons)}")
    for version in planned.deleted:
        say(f"{planned.function_name}: version {version} {verb}")


def say(line: str) -> None:
    """One line, as it is."""
    console.print(line, markup=False, highlight=False, soft_wrap=True)
