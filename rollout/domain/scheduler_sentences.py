"""Why a run pauses, stops or skips, as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from rollout.domain.model import Run, TargetState
from rollout.domain.progress import Progress
from rollout.domain.progress_queue import WAITING, BatchProgress, WaveProgress
from rollout.domain.scheduler_limits import tolerance

_SHOWN = 5


def listed(parts: Sequence[str], separator: str = ", ") -> str:
    """The first few of them, and how many more there are."""
    more = f"{separator}and {len(parts) - _SHOWN} more" if len(parts) > _SHOWN else ""
    return separator.join(parts[:_SHOWN]) + more


def stopped(run: Run, progress: Progress, batches: Iterable[BatchProgress]) -> str:
    """Why the run stops: batches in which more targets failed than are tolerated."""
    return "; ".join(
        [
            *(_exceeded(progress, batch) for batch in batches),
            "nothing more of the run starts",
            f"mend what failed, then run lambdanet rollout resume {run.id}, or plan a new run",
        ]
    )


def _exceeded(progress: Progress, batch: BatchProgress) -> str:
    targets = batch.batch.targets
    failed = [name for name in targets if progress.state(name) is TargetState.FAILED]
    wave, region = progress.targets[targets[0]].wave.wave.name, batch.batch.region
    place = f"wave {wave}{f' in {region}' if region else ''}"
    verb = "target" if len(targets) == 1 else "targets"
    return (
        f"{place}: {len(failed)} of {len(targets)} {verb} failed ({listed(failed)}); "
        f"failure_tolerance is {tolerance(progress, batch)}"
    )


def unplanned(run: Run, progress: Progress, wave: WaveProgress, *, now: datetime) -> str:
    """Why the wave cannot go on: targets without a plan that may be applied."""
    parts = [
        f"{name} {why}"
        for name in (wave.open_batch.batch.targets if wave.open_batch else ())
        if progress.state(name) in WAITING and (why := not_startable(progress, name, now=now))
    ]
    return (
        f"wave {wave.wave.name}: {listed(parts, '; ')}; only reviewed plans are applied; run lambdanet rollout plan "
        f"--run {run.id}, review what it plans, then run lambdanet rollout resume {run.id}"
    )


def not_startable(progress: Progress, name: str, *, now: datetime) -> str:
    """Why a target that waits cannot start by itself, as the rest of a sentence; empty where it can."""
    target = progress.targets[name]
    if target.state is TargetState.PLANNED and target.facts:
        if target.facts.expires_at <= now:
            return f"has a plan that expired at {target.facts.expires_at.isoformat(timespec='seconds')}"
        waits = unapplied(progress, name)
        return f"builds on {listed(waits)}, which is not applied" if waits else ""
    why = "is blocked" if target.state is TargetState.BLOCKED else "is not planned"
    return f"{why} ({target.reason.rstrip('.')})" if target.reason else why


def unapplied(progress: Progress, name: str) -> list[str]:
    """Targets of the run that this one builds on and that are not applied."""
    known = progress.targets
    return [each for each in progress.run.by_name[name].after if each in known and not known[each].state.is_applied]


def inconclusive(run: Run, wave: WaveProgress, reasons: Sequence[str]) -> str:
    """Why the wave's gate does not open: alarms of which nobody can say whether all is well."""
    return (
        f"wave {wave.wave.name}: {listed(reasons, '; ')}; the next wave begins once every alarm that counts is OK; "
        f"wait for data and run lambdanet rollout resume {run.id}, or add --accept-missing-data REASON"
    )
