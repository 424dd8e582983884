"""How far a run is, as a person or a program reads it.

JSON is stable; fields are only ever added:

    {
      "format": 1,
      "run": "20261121-093000-a1b2c3", "kind": "rollout", "revision": "…", "created_at": "…",
      "state": "running", "since": "…", "reason": "…",
      "limits": {"max_concurrent": null, "failure_tolerance": null},
      "owner": {"run", "by", "host", "pid", "since"} or null,
      "counts": {"planned": 3, …},
      "waves": [{"name", "state", "since", "needs_approval", "approved_digest", "accepted", "digest", "counts",
                 "batches": [{"region", "targets", "max_concurrent", "failure_tolerance", "failures"}]}],
      "targets": [{"name", "wave", "state", "since", "reason", "how", "attempts", "digest", "expires_at", "after"}]
    }
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cli.rollout.steps import Step, Steps
from rollout.domain.approval import digest_of
from rollout.domain.model import Run, RunState, TargetState, Wave
from rollout.domain.naming import named
from rollout.domain.ports import Clock, Owner
from rollout.domain.progress import Progress
from rollout.domain.records import RUN, WAVE, Record

FORMAT = 1
"""Number of the JSON shape."""

STYLES: Mapping[str, str] = {
    TargetState.PLANNED: "dim",
    TargetState.PENDING: "dim",
    TargetState.BLOCKED: "yellow",
    TargetState.APPLYING: "cyan",
    TargetState.BAKING: "cyan",
    TargetState.DONE: "green",
    TargetState.FAILED: "red",
    TargetState.SKIPPED: "yellow",
    RunState.RUNNING: "cyan",
    RunState.PAUSED: "yellow",
    RunState.STOPPED: "red",
    RunState.COMPLETED: "green",
    "passed": "green",
}
_SHOWN_STATES = (TargetState.APPLYING, TargetState.FAILED, TargetState.BLOCKED, TargetState.SKIPPED)
"""States that are worth a line in a short table, the most urgent first."""

_MINUTE = 60
_FEW = 3
"""More targets than these with the same reason have one row."""


class Age:
    """How long ago something was, as it is at the moment it is drawn."""

    def __init__(self, since: datetime, clock: Clock) -> None:
        self._since, self._clock = since, clock

    def __rich__(self) -> Text:
        """Such as `3 min 20 s`."""
        seconds = max(0, int((self._clock.now() - self._since).total_seconds()))
        hours, minutes = divmod(seconds // _MINUTE, _MINUTE)
        if hours:
            return Text(f"{hours} h {minutes} min")
        return Text(f"{minutes} min {seconds % _MINUTE} s" if minutes else f"{seconds} s")


def line_of(record: Record) -> str:
    """One line for a change of state, in words."""
    draft = record.draft
    what = {RUN: "run"}.get(record.subject, record.subject)
    if record.subject.startswith(WAVE):
        what = f"wave {record.subject.removeprefix(WAVE)}"
    details = [str(draft.details[key]) for key in ("how",) if draft.details.get(key)]
    if draft.state == "limits":
        details += [f"{key} {value}" for key, value in sorted(draft.details.items()) if value is not None]
    told = "; ".join([*details, *([draft.reason] if draft.reason else [])])
    return f"{what}: {draft.state}{f': {told}' if told else ''}"


def status_json(run: Run, progress: Progress, owner: Owner | None) -> dict[str, Any]:
    """The JSON described above."""
    held = owner if owner is not None and owner.run == run.id else None
    return {
        "format": FORMAT,
        "run": run.id,
        "kind": str(run.kind),
        "revision": run.revision,
        "created_at": run.created_at.isoformat(),
        "state": str(progress.run_state),
        "since": progress.run_since.isoformat(),
        "reason": progress.run_reason,
        "limits": {
            "max_concurrent": progress.limits.max_concurrent,
            "failure_tolerance": progress.limits.failure_tolerance,
        },
        "owner": {**vars(held), "since": held.since.isoformat()} if held else None,
        "counts": _counted(progress.counts),
        "waves": [_wave_json(run, progress, wave) for wave in run.waves],
        "targets": [_target_json(run, progress, target.name) for target in run.targets],
    }


def status_view(
    run: Run, progress: Progress, clock: Clock, *, owner: Owner | None, most: int, steps: Steps | None = None
) -> RenderableType:
    """Tables of the run, its waves, and at most so many targets of each state that is worth a look."""
    head = Text.assemble(
        f"run {run.id}: ",
        (str(progress.run_state), STYLES.get(progress.run_state, "")),
        f", {_words(progress.counts)}",
    )
    lines: list[RenderableType] = [head]
    if progress.run_reason:
        lines.append(Text(progress.run_reason))
    if progress.limits.max_concurrent is not None or progress.limits.failure_tolerance is not None:
        lines.append(Text(_limits(progress)))
    if progress.run_state is RunState.RUNNING:
        lines.append(Text(_carried_by(run, owner)))
    lines.append(_waves(run, progress, clock))
    targets, left = _targets(run, progress, clock, most, steps)
    if targets.row_count:
        lines.append(targets)
    if left:
        lines.append(Text(f"and {left:,} more; `lambdanet rollout status {run.id} --all` lists every target", "dim"))
    return Group(*lines)


def all_targets(run: Run, progress: Progress, clock: Clock) -> Table:
    """Every target, in the order of the waves."""
    table = _target_table()
    for target in run.targets:
        table.add_row(*_target_row(run, progress, clock, target.name))
    return table


def _waves(run: Run, progress: Progress, clock: Clock) -> Table:
    """A row for each wave; states that no target is in have no column, so that it fits a narrow terminal."""
    every = (TargetState.DONE, TargetState.BAKING, TargetState.APPLYING, TargetState.FAILED, TargetState.SKIPPED)
    ended = [state for state in every if state is TargetState.DONE or progress.counts[state]]
    table = Table(title="Waves", title_justify="left")
    table.add_column("wave", overflow="fold")
    for heading in ("state", "for", "targets", *map(str, ended), "to do"):
        table.add_column(heading, justify="left" if heading in {"state", "for"} else "right", no_wrap=True)
    for wave in run.waves:
        counts = progress.wave_counts(wave.name)
        state = progress.wave_state(wave.name)
        left = counts[TargetState.PENDING] + counts[TargetState.BLOCKED] + counts[TargetState.PLANNED]
        table.add_row(
            Text(wave.name),
            Text(str(state), STYLES.get(state, "")),
            Age(progress.wave_since(wave.name), clock) if state != "pending" else Text(""),
            f"{len(wave.targets):,}",
            *(Text(f"{counts[each]:,}" if counts[each] else "", STYLES[each]) for each in ended),
            f"{left:,}" if left else "",
        )
    return table


def _targets(run: Run, progress: Progress, clock: Clock, most: int, steps: Steps | None) -> tuple[Table, int]:
    table, left = _target_table(), 0
    wanted: dict[TargetState, list[str]] = {state: [] for state in _SHOWN_STATES}
    if any(progress.counts[state] for state in _SHOWN_STATES):
        for target in run.targets:
            state = progress.state(target.name)
            if state in wanted:
                wanted[state].append(target.name)
    for state, names in wanted.items():
        groups = [(name,) for name in names] if state is TargetState.APPLYING else _alike(run, progress, names)
        left += sum(map(len, groups[most:]))
        for group in groups[:most]:
            row = _target_row(run, progress, clock, group[0], steps)
            table.add_row(*row if len(group) == 1 else (Text(f"{len(group):,} targets: {named(group)}"), *row[1:]))
    return table, left


def _alike(run: Run, progress: Progress, names: Sequence[str]) -> list[tuple[str, ...]]:
    """More than a few targets of a wave that have the same reason, together; every other one alone."""
    found: dict[tuple[str, str, int], list[str]] = {}
    for name in names:
        found.setdefault((run.wave_of[name].name, progress.reason(name), progress.attempts(name)), []).append(name)
    return [part for each in found.values() for part in ([tuple(each)] if len(each) > _FEW else [(n,) for n in each])]


def _target_table() -> Table:
    table = Table(title="Targets", title_justify="left")
    for heading in ("target", "wave", "state", "for", "attempt", "why"):
        is_short = heading in {"state", "attempt"}
        table.add_column(
            heading, justify="right" if heading == "attempt" else "left", overflow="fold", no_wrap=is_short
        )
    return table


def _target_row(
    run: Run, progress: Progress, clock: Clock, name: str, steps: Steps | None = None
) -> tuple[RenderableType, ...]:
    state = progress.state(name)
    why = Text(progress.reason(name) or progress.how(name))
    attempts = progress.attempts(name)
    return (
        Text(name),
        Text(run.wave_of[name].name),
        Text(str(state), STYLES[state]),
        Age(progress.since(name), clock),
        Text(str(attempts) if attempts else ""),
        Step(steps, name) if steps is not None and state is TargetState.APPLYING else why,
    )


def _wave_json(run: Run, progress: Progress, wave: Wave) -> dict[str, Any]:
    return {
        "name": wave.name,
        "state": str(progress.wave_state(wave.name)),
        "since": progress.wave_since(wave.name).isoformat(),
        "needs_approval": wave.needs_approval,
        "approved_digest": progress.approved(wave.name),
        "accepted": progress.is_accepted(wave.name),
        "digest": digest_of(run, progress, wave.name),
        "counts": _counted(progress.wave_counts(wave.name)),
        "batches": [
            {
                "region": batch.region,
                "targets": len(batch.targets),
                "max_concurrent": batch.max_concurrent,
                "failure_tolerance": batch.failure_tolerance,
                "failures": progress.failures(batch),
            }
            for batch in wave.batches
        ],
    }


def _target_json(run: Run, progress: Progress, name: str) -> dict[str, Any]:
    facts = progress.facts(name)
    return {
        "name": name,
        "wave": run.wave_of[name].name,
        "state": str(progress.state(name)),
        "since": progress.since(name).isoformat(),
        "reason": progress.reason(name),
        "how": progress.how(name),
        "attempts": progress.attempts(name),
        "digest": facts.digest if facts else "",
        "expires_at": facts.expires_at.isoformat() if facts else None,
        "after": list(run.by_name[name].after),
    }


def _counted(counts: Mapping[TargetState, int]) -> dict[str, int]:
    return {str(state): count for state, count in counts.items() if count}


def _words(counts: Mapping[TargetState, int]) -> str:
    return ", ".join(f"{count:,} {state}" for state, count in counts.items() if count) or "no targets"


def _limits(progress: Progress) -> str:
    given = {
        "max_concurrent": progress.limits.max_concurrent,
        "failure_tolerance": progress.limits.failure_tolerance,
    }
    told = ", ".join(f"{name} {value}" for name, value in given.items() if value is not None)
    return f"limits for every batch from now on: {told}"


def _carried_by(run: Run, owner: Owner | None) -> str:
    if owner is not None and owner.run == run.id:
        return f"carried out by {owner.by} (process {owner.pid} on {owner.host})"
    return f"nobody carries it out now; `lambdanet rollout resume {run.id}` goes on with it"
