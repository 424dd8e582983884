"""What is refused before a run is applied or resumed, all of it in one report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from rollout.domain.errors import RolloutError
from rollout.domain.model import Run, RunState, TargetState, WaveState
from rollout.domain.naming import said_once
from rollout.domain.ports import RunStore
from rollout.domain.progress import Progress
from rollout.domain.records import ACCEPTED, WAVE, Draft
from rollout.running.verifying import altered, expired, planned

_BEGUN = {
    RunState.RUNNING: "it was begun before, and its command ended without a word",
    RunState.PAUSED: "it is paused",
    RunState.STOPPED: "it is stopped",
}


def _unseen(_done: int, _total: int) -> None:
    """Nobody is told how far it is."""


def require_new(run: Run, progress: Progress) -> None:
    """Refuse to apply a run that was begun before.

    Raises:
        RolloutError: it was.
    """
    if progress.run_state is RunState.COMPLETED:
        raise RolloutError(
            f"run {run.id}: it is completed; a run is applied once; plan a new one with `lambdanet rollout plan`"
        )
    if progress.run_state in _BEGUN:
        raise RolloutError(
            f"run {run.id}: {_BEGUN[progress.run_state]}; `apply` begins a run, `resume` goes on with it; run "
            f"`lambdanet rollout resume {run.id}`"
        )


def require_begun(run: Run, progress: Progress) -> None:
    """Refuse to resume what was never begun.

    Raises:
        RolloutError: it was not.
    """
    if progress.run_state is RunState.PLANNED:
        raise RolloutError(
            f"run {run.id}: it has not begun; `resume` goes on with a run, `apply` begins it; run "
            f"`lambdanet rollout apply {run.id}`"
        )


def left_out(run: Run, progress: Progress, reason: str) -> tuple[Draft, ...]:
    """Skips every target that could not be planned.

    Raises:
        RolloutError: there is none, so that the reason would be one for nothing.
    """
    names = _unplanned(run, progress)
    if reason.strip() and not names:
        raise RolloutError(
            f"run {run.id}: --skip-unplanned is given, but every target has a plan or is blocked; leave the option out"
        )
    if not reason.strip():
        return ()
    return tuple(Draft(name, TargetState.SKIPPED, f"left out without a plan: {reason.strip()}") for name in names)


def accepted(run: Run, progress: Progress, reason: str) -> tuple[Draft, ...]:
    """Says that alarms without data do not pause the run in the wave that it is in.

    Raises:
        RolloutError: no wave has begun.
    """
    if not reason.strip():
        return ()
    begun = [wave for wave in run.waves if progress.wave_state(wave.name) in {WaveState.RUNNING, WaveState.BAKING}]
    if not begun:
        raise RolloutError(
            f"run {run.id}: --accept-missing-data is given, but no wave is running or baking; alarms are accepted for "
            "the wave that waits for them; leave the option out"
        )
    return tuple(Draft(WAVE + wave.name, ACCEPTED, reason.strip()) for wave in begun)


def refuse(
    run: Run,
    progress: Progress,
    store: RunStore,
    *,
    now: datetime,
    seen: Callable[[int, int], None] = _unseen,
) -> None:
    """Refuse a run that holds a target without a plan, an expired plan, or one that is not what was reviewed.

    Args:
        run: the run.
        progress: how far it is, with what is about to be written.
        store: where plans are.
        now: the time.
        seen: told how many plans have been looked at, and of how many.

    Raises:
        RolloutError: with a sentence for each target.
    """
    sentences = [
        f"{name}: has no plan ({progress.reason(name) or 'it was not planned yet'}); only what was planned and "
        f"reviewed is applied; correct that and run `lambdanet rollout plan --run {run.id}`, or leave the target out "
        "with --skip-unplanned REASON"
        for name in _unplanned(run, progress)
    ]
    sentences += expired(run, progress, now=now)
    sentences += altered(run, progress, store, planned(run, progress), seen)
    if sentences:
        raise RolloutError("\n".join(said_once(sentences)))


def _unplanned(run: Run, progress: Progress) -> tuple[str, ...]:
    return tuple(target.name for target in run.targets if progress.state(target.name) is TargetState.PENDING)
