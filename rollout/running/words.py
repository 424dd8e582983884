"""Words of a person that a running engine, maybe on another machine, reads at its next look at the journal."""

from __future__ import annotations

from rollout.domain.approval import digest_of
from rollout.domain.errors import RolloutError
from rollout.domain.model import Run, RunState, WaveState
from rollout.domain.progress import Progress
from rollout.domain.records import APPROVED, LIMITS, RUN, WAVE, Draft


def pausing(run: Run, progress: Progress, reason: str) -> tuple[Draft, ...]:
    """Pauses a run; nothing where it is paused already.

    Raises:
        RolloutError: it has not begun, or has ended, or no reason is given.
    """
    if not reason.strip():
        raise RolloutError(f"run {run.id}: --reason is empty; a pause stands in the journal with its reason; give one")
    if progress.run_state is RunState.PAUSED:
        return ()
    if progress.run_state is not RunState.RUNNING:
        raise RolloutError(
            f"run {run.id}: it is {progress.run_state}; only a running run is paused; "
            f"`lambdanet rollout status {run.id}` says how far it is"
        )
    return (Draft(RUN, RunState.PAUSED, reason.strip()),)


def limiting(
    run: Run, progress: Progress, *, max_concurrent: int | None, failure_tolerance: int | None, reason: str
) -> tuple[Draft, ...]:
    """Sets limits for every batch from now on.

    Raises:
        RolloutError: neither limit is given, one is out of its range, or the run is completed.
    """
    problems = []
    if max_concurrent is None and failure_tolerance is None:
        problems.append("no limit is given; give --max-concurrent, --failure-tolerance, or both")
    if max_concurrent is not None and max_concurrent < 1:
        problems.append(f"--max-concurrent is {max_concurrent}; it is at least 1; use `pause` to start nothing more")
    if failure_tolerance is not None and not 0 <= failure_tolerance <= len(run.targets):
        problems.append(
            f"--failure-tolerance is {failure_tolerance}; it is from 0 to the run's {len(run.targets)} targets; "
            "correct it"
        )
    if progress.run_state is RunState.COMPLETED:
        problems.append("it is completed; limits hold for what is still to start; plan a new run")
    if problems:
        raise RolloutError("\n".join(f"run {run.id}: {problem}" for problem in problems))
    given = {"max_concurrent": max_concurrent, "failure_tolerance": failure_tolerance}
    details = {name: value for name, value in given.items() if value is not None}
    return (Draft(RUN, LIMITS, reason.strip(), details),)


def approving(run: Run, progress: Progress, wave: str, digest: str, reason: str = "") -> tuple[Draft, ...]:
    """Approves a wave's plans.

    Raises:
        RolloutError: there is no such wave, it needs no approval or has begun, or its plans have another digest.
    """
    waves = {each.name: each for each in run.waves}
    if wave not in waves:
        raise RolloutError(f'run {run.id}: has no wave "{wave}"; its waves are {", ".join(waves)}; name one of them')
    if not waves[wave].needs_approval:
        needing = ", ".join(each.name for each in run.waves if each.needs_approval) or "none"
        raise RolloutError(
            f"run {run.id}: wave {wave} needs no approval; those with `approval: required` do, here {needing}; "
            "leave it, or name another wave"
        )
    if progress.wave_state(wave) is WaveState.PASSED:
        raise RolloutError(f"run {run.id}: wave {wave} has passed; a wave is approved before it begins; leave it")
    now = digest_of(run, progress, wave)
    if digest.strip() != now:
        raise RolloutError(
            f"run {run.id}: --digest is {digest.strip()[:64]}; the plans of wave {wave} have {now} now; "
            f"only what was read is approved; read them again, and give their digest"
        )
    return (Draft(WAVE + wave, APPROVED, reason.strip(), {"digest": now}),)
