"""What a resumed run takes up again, and what the end of an apply makes of its target."""

from __future__ import annotations

from rollout.domain.model import Run, RunState, TargetState, WaveState
from rollout.domain.ports import ApplyOutcome
from rollout.domain.progress import Progress
from rollout.domain.progress_target import TargetProgress
from rollout.domain.records import RUN, WAVE, Draft
from rollout.domain.scheduler_limits import exceeded


def ended(target: str, outcome: ApplyOutcome) -> Draft:
    """What the end of an apply makes of its target: it bakes until its wave has passed, or it failed.

    One that was told to stop has not failed: it waits, and its next apply is a recovery.

    Args:
        target: the target's name.
        outcome: how its apply ended.
    """
    if outcome.is_applied:
        return Draft(target, TargetState.BAKING, details={"how": outcome.how})
    return Draft(target, TargetState.PLANNED if outcome.was_interrupted else TargetState.FAILED, outcome.reason)


def reopened(run: Run, progress: Progress) -> tuple[Draft, ...]:
    """What is to be written so that a run goes on; nothing where it goes on by itself, or is complete.

    A paused run goes on as it is. In one that stopped, was about to, or ended with failures, what failed or was skipped
    waits again in the state it had before; what is applied is not applied again: where alarms failed it, or its bake
    was cut short, it bakes again with its wave. Asked again before all of it is written, it yields the rest.

    Args:
        run: the run.
        progress: how far it is.
    """
    again = Draft(RUN, RunState.RUNNING)
    is_paused = progress.run_state is RunState.PAUSED
    if is_paused and not (progress.current_wave and exceeded(progress, progress.current_wave)):
        return (again,)
    if not is_paused and progress.run_state not in {RunState.STOPPED, RunState.COMPLETED}:
        return ()
    targets = {name: draft for name in progress.names if (draft := _reopened(name, progress.targets[name]))}
    if not targets and progress.run_state is RunState.COMPLETED and progress.current_wave is None:
        return ()
    places = {progress.targets[name].wave.place for name in targets}
    waves = [
        Draft(WAVE + wave.name, WaveState.RUNNING)
        for place, wave in enumerate(run.waves)
        if place in places and progress.wave_state(wave.name) in {WaveState.BAKING, WaveState.PASSED}
    ]
    stopped = (Draft(RUN, RunState.STOPPED, "more failed than is tolerated"),) if is_paused else ()
    return (*stopped, *waves, *targets.values(), again)


def _reopened(name: str, target: TargetProgress) -> Draft | None:
    if target.state is TargetState.DONE and target.is_cut_short:
        return Draft(name, TargetState.BAKING, "its alarms are watched to the end", {"how": target.how})
    if target.state not in {TargetState.FAILED, TargetState.SKIPPED}:
        return None
    if target.is_applied:
        return Draft(name, TargetState.BAKING, "its alarms are watched again", {"how": target.how})
    return Draft(name, target.waited, target.waited_reason)
