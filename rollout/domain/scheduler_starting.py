"""Whether a wave may begin and a target may start, for engines that fan out by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rollout.domain.approval import missing_approval
from rollout.domain.model import Run, RunState, TargetState, WaveState
from rollout.domain.progress import Progress
from rollout.domain.progress_target import TargetProgress
from rollout.domain.scheduler_limits import exceeded, most_applying
from rollout.domain.scheduler_sentences import not_startable, stopped, unapplied


@dataclass(frozen=True)
class Refusal:
    """Why a target may not start now.

    Attributes:
        sentence: why.
        is_for_now: whether it may start once other applies of its wave have ended, without anything else to be done.
    """

    sentence: str
    is_for_now: bool = False


def may_begin(run: Run, progress: Progress, wave: str) -> str:
    """Why the wave may not begin now, as a sentence; empty where it may, or has begun.

    Args:
        run: the run.
        progress: how far it is.
        wave: the wave's name.
    """
    if progress.run_state not in {RunState.PLANNED, RunState.RUNNING}:
        return _not_running(run, progress)
    current = progress.current_wave
    known = progress.waves[wave]
    if current is not None and known.place > current.place:
        return (
            f"wave {wave}: wave {current.wave.name} before it is {current.state}; waves go one after the other; "
            "begin it once that one has passed"
        )
    if known.state is WaveState.PASSED:
        return f"wave {wave}: it has passed; each wave goes once; begin the next one"
    if over := exceeded(progress, known):
        return stopped(run, progress, over)
    return missing_approval(run, progress, wave)


def may_start(run: Run, progress: Progress, target: str, *, now: datetime) -> str:
    """Why the target's apply may not start now, as a sentence; empty where it may.

    An apply that began and of which nobody knows how it ended may start again: it is a recovery then.

    Args:
        run: the run.
        progress: how far it is.
        target: the target's name.
        now: the time, with a time zone.
    """
    refused = refusal(run, progress, target, now=now)
    return refused.sentence if refused else ""


def refusal(run: Run, progress: Progress, target: str, *, now: datetime) -> Refusal | None:
    """As `may_start`, and whether waiting helps; None where the target may start.

    Args:
        run: the run.
        progress: how far it is.
        target: the target's name.
        now: the time, with a time zone.
    """
    known = progress.targets.get(target)
    if known is None:
        return Refusal(f"{target}: run {run.id} has no such target; its targets are shown by lambdanet rollout status")
    if known.state is TargetState.APPLYING and progress.run_state is RunState.RUNNING:
        return None
    if known.state.is_final or known.state is TargetState.BAKING:
        return Refusal(f"{target}: it is {known.state} in run {run.id}; what waits is started, and once")
    if sentence := may_begin(run, progress, known.wave.wave.name):
        return Refusal(sentence)
    if known.wave.state is not WaveState.RUNNING:
        given = f"wave {known.wave.wave.name} is {known.wave.state}"
        return Refusal(f"{target}: {given}; targets start while their wave is running; begin it with its gate")
    return _not_yet(run, progress, target, known, now)


def _not_yet(run: Run, progress: Progress, name: str, target: TargetProgress, now: datetime) -> Refusal | None:
    if waits := unapplied(progress, name):
        is_for_now = all(progress.state(each) in {TargetState.PLANNED, TargetState.APPLYING} for each in waits)
        given = f"it builds on {', '.join(waits)}, which is not applied"
        return Refusal(f"{name}: {given}; targets start once what they build on is applied; wait for it", is_for_now)
    if why := not_startable(progress, name, now=now):
        fix = f"run lambdanet rollout plan --run {run.id} and review what it plans"
        return Refusal(f"{name}: it {why}; only reviewed plans are applied; {fix}")
    wave = target.wave
    if wave.open_batch is not None and target.batch is not wave.open_batch:
        given = f"targets in {wave.open_batch.batch.region or 'another batch'} are left"
        return Refusal(f"{name}: {given}; regions go one after the other; wait for them", is_for_now=True)
    most = most_applying(progress, wave.wave, target.batch)
    if target.batch.applying >= most:
        count = target.batch.applying
        given = f"{count} target{' of its batch is' if count == 1 else 's of its batch are'} being applied"
        return Refusal(f"{name}: {given}; {most} may be at once now; wait for one to end", is_for_now=True)
    return None


def _not_running(run: Run, progress: Progress) -> str:
    why = f" ({progress.run_reason.rstrip('.')})" if progress.run_reason else ""
    fix = "plan a new run" if progress.run_state is RunState.COMPLETED else f"run lambdanet rollout resume {run.id}"
    return f"run {run.id}: it is {progress.run_state}{why}; nothing of it starts; {fix}"
