"""What `lambdanet rollout plan` shows: targets that change alike, waves with the digest of their plans, what is next.

JSON is stable; fields are only ever added:

    {
      "format": 1,
      "run": "20261121-093000-a1b2c3", "revision": "…",
      "groups": [{"targets": ["…"], "creates", "updates", "replaces", "deletes", "is_empty"}],
      "waves": [{"name", "needs_approval", "digest", "targets": [
        {"name", "state", "reason", "after", "digest", "expires_at", "creates", "updates", "replaces", "deletes",
         "is_empty", "alarms"}
      ]}]
    }
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from rollout.domain.approval import digest_of
from rollout.domain.model import PlanFacts, TargetState, Wave
from rollout.domain.naming import named
from rollout.domain.progress import Progress

if TYPE_CHECKING:  # they load networkx
    from rollout.domain.waves import Resolved
    from rollout.running.reviewing import AlikeTargets

FORMAT = 1
"""Number of the JSON shape."""

_COUNTS = ("creates", "updates", "replaces", "deletes")
_SIGNS = {"creates": "+", "updates": "~", "replaces": "±", "deletes": "-"}
_STYLES = {"replaces": "red", "deletes": "red", "updates": "yellow", "creates": "green"}


def plan_json(progress: Progress, found: Sequence[AlikeTargets]) -> dict[str, Any]:
    """The JSON described above."""
    run = progress.run
    return {
        "format": FORMAT,
        "run": run.id,
        "revision": run.revision,
        "groups": [{"targets": list(group.targets), **_counts(group.facts)} for group in found],
        "waves": [
            {
                "name": wave.name,
                "needs_approval": wave.needs_approval,
                "digest": digest_of(run, progress, wave.name),
                "targets": [_target_json(progress, name) for name in wave.targets],
            }
            for wave in run.waves
        ],
    }


def groups_table(found: Sequence[AlikeTargets]) -> Table:
    """A line for each group of targets that change alike."""
    table = Table(title="What changes", title_justify="left")
    table.add_column("changes")
    table.add_column("targets", justify="right")
    table.add_column("which", overflow="fold")
    for group in found:
        table.add_row(_changes(group.facts), str(len(group.targets)), named(group.targets))
    return table


def waves_table(progress: Progress) -> Table:
    """A line for each wave."""
    table = Table(title=f"Waves of run {progress.run.id}", title_justify="left")
    for column in ("wave", "targets", "planned", "no changes", "blocked", "not planned"):
        table.add_column(column, justify="left" if column == "wave" else "right")
    table.add_column("approval")
    table.add_column("plans (SHA-256)", overflow="fold")
    for wave in progress.run.waves:
        table.add_row(
            wave.name, *_numbers(progress, wave), _approval(wave), digest_of(progress.run, progress, wave.name)
        )
    return table


def blocked_lines(progress: Progress, most: int) -> list[str]:
    """A sentence for each reason why targets are blocked, and whom it concerns."""
    reasons: dict[str, list[str]] = {}
    for name in progress.names:
        if progress.state(name) is TargetState.BLOCKED:
            reasons.setdefault(progress.reason(name), []).append(name)
    lines = [f"blocked: {named(names)}: {reason}" for reason, names in reasons.items()]
    more = len(lines) - most
    return (
        [*lines[:most], f"and {more} more reasons; `lambdanet rollout status --all` lists them"] if more > 0 else lines
    )


def _numbers(progress: Progress, wave: Wave) -> tuple[str, ...]:
    counts = progress.wave_counts(wave.name)
    facts = (progress.facts(name) for name in wave.targets if progress.state(name) is TargetState.PLANNED)
    empty = sum(each is not None and each.is_empty for each in facts)
    planned, blocked, pending = (
        counts[state] for state in (TargetState.PLANNED, TargetState.BLOCKED, TargetState.PENDING)
    )
    return tuple(map(str, (len(wave.targets), planned, empty, blocked, pending)))


def _approval(wave: Wave) -> str:
    return "required" if wave.needs_approval else ""


def _changes(facts: PlanFacts) -> Text:
    if facts.is_empty:
        return Text("no changes", style="dim")
    parts = [(f"{_SIGNS[name]}{getattr(facts, name)}", _STYLES[name]) for name in _COUNTS if getattr(facts, name)]
    return Text(" ").join(Text(text, style=style) for text, style in parts) if parts else Text("outputs only")


def _counts(facts: PlanFacts) -> dict[str, Any]:
    return {**{name: getattr(facts, name) for name in _COUNTS}, "is_empty": facts.is_empty}


def _target_json(progress: Progress, name: str) -> dict[str, Any]:
    facts = progress.facts(name)
    known: dict[str, Any] = (
        {"digest": "", "expires_at": None}
        if facts is None
        else {
            "digest": facts.digest,
            "expires_at": facts.expires_at.isoformat(),
            **_counts(facts),
            "alarms": list(facts.alarms),
        }
    )
    after = list(progress.run.by_name[name].after)
    return {"name": name, "state": str(progress.state(name)), "reason": progress.reason(name), "after": after, **known}


def waves_json(resolved: Resolved) -> dict[str, Any]:
    """Waves of a run that is not made: `{"format", "waves": [{"name", "batches": […]}]}`."""
    waves = [
        {
            "name": wave.name,
            "batches": [
                {
                    "region": batch.region,
                    "max_concurrent": batch.max_concurrent,
                    "failure_tolerance": batch.failure_tolerance,
                    "targets": list(batch.targets),
                }
                for batch in wave.batches
            ],
        }
        for wave in resolved.waves
    ]
    return {"format": FORMAT, "waves": waves}


def waves_lines(resolved: Resolved) -> list[str]:
    """A line for each batch, and one for each of its targets."""
    lines = []
    for wave in resolved.waves:
        for batch in wave.batches:
            where = f" in {batch.region}" if batch.region else ""
            count = f"{len(batch.targets):,} target{'' if len(batch.targets) == 1 else 's'}"
            limits = f"max_concurrent {batch.max_concurrent}, failure_tolerance {batch.failure_tolerance}"
            lines.append(f"wave {wave.name}{where}: {count}, {limits}")
            lines += [f"  {name}" for name in batch.targets]
    return lines
