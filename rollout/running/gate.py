"""Whether a wave may begin, for engines that start its units themselves."""

from __future__ import annotations

from collections.abc import Callable

from rollout.domain.approval import digest_of, missing_approval
from rollout.domain.errors import RolloutError, RunFailedError, RunPausedError
from rollout.domain.handoff import wave_of
from rollout.domain.model import Run, RunState, TargetState, Wave, WaveState
from rollout.domain.naming import named
from rollout.domain.ports import AlarmReader, Clock, RunStore
from rollout.domain.progress import Progress
from rollout.domain.records import APPROVED, RUN, WAVE, Draft
from rollout.domain.scheduler import may_begin, reopened
from rollout.running.consequences import write_alarmed
from rollout.running.ledger import Ledger
from rollout.running.starting import left_out, refuse


def begin_wave(
    run: Run,
    store: RunStore,
    name: str,
    *,
    clock: Clock,
    alarms: AlarmReader | None = None,
    is_reopened: bool = False,
    left_out_reason: str = "",
    reviewed_digest: str = "",
    seen: Callable[[int, int], None] = lambda *_: None,
) -> Progress:
    """Let a wave begin, and write so; a wave that is running or has passed stays as it is.

    Args:
        run: the run.
        store: where it is kept.
        name: the wave's name.
        clock: tells the time.
        alarms: reads alarms of the wave's targets that are applied, where it is running already; None for not looking.
        is_reopened: end a pause, and let targets of a stopped run that failed or were skipped start again.
        left_out_reason: why targets of the run that could not be planned are left out; empty where they are refused.
        reviewed_digest: digest of the wave's plans that a person reviewed, which is their approval where one is needed;
            empty where nobody says so.
        seen: told how many plans have been looked at, and of how many.

    Returns:
        how far the run is now.

    Raises:
        RolloutError: there is no such wave, one before it has not passed, or a plan of the run is missing, has expired,
            or is not what was reviewed; or the digest is not that of its plans.
        RunFailedError: the run is stopped.
        RunPausedError: the run is paused, the wave's plans are not approved, or all of them are still to be reviewed.
        StoreError: the journal cannot be read or written.
    """
    wave, now = wave_of(run, name), clock.now()
    ledger = Ledger(run, store.journal(run.id))
    if alarms is not None and ledger.progress.run_state is RunState.RUNNING:
        write_alarmed(ledger, alarms, clock)
    drafts = list(reopened(run, ledger.progress)) if is_reopened else []
    progress = ledger.preview(drafts, at=now)
    if progress.wave_state(name) is WaveState.PASSED:
        ledger.append(drafts)  # they are about other waves, whose gates judge their plans
        return ledger.progress
    _require_going(run, progress)
    _require_previous(run, progress, wave)
    if is_reopened or progress.wave_state(name) is WaveState.PENDING:
        drafts += left_out(run, progress, left_out_reason)
        progress = ledger.preview(drafts, at=now)
        refuse(run, progress, store, now=now, seen=seen)
    if reviewed_digest:
        drafts += _approving(run, progress, wave, reviewed_digest.strip())
        progress = ledger.preview(drafts, at=now)
    _require_reviewed(run, progress, wave)
    _require_word(run, progress, wave)
    ledger.append([*drafts, *_beginning(progress, wave)])
    return ledger.progress


def _beginning(progress: Progress, wave: Wave) -> tuple[Draft, ...]:
    drafts = []
    if progress.run_state is not RunState.RUNNING:
        drafts.append(Draft(RUN, RunState.RUNNING))
    if progress.wave_state(wave.name) is WaveState.PENDING:
        drafts.append(Draft(WAVE + wave.name, WaveState.RUNNING))
    return tuple(drafts)


def _approving(run: Run, progress: Progress, wave: Wave, reviewed: str) -> tuple[Draft, ...]:
    digest = digest_of(run, progress, wave.name)
    if reviewed != digest:
        raise RolloutError(
            f"wave {wave.name}: the digest {reviewed[:64]} was reviewed; its plans have {digest} now; only what was "
            "reviewed is applied; review them again, and give their digest"
        )
    if not missing_approval(run, progress, wave.name):
        return ()
    return (Draft(WAVE + wave.name, APPROVED, "reviewed at its gate", {"digest": digest}),)


def _require_going(run: Run, progress: Progress) -> None:
    said = f" ({progress.run_reason})" if progress.run_reason else ""
    if progress.run_state is RunState.STOPPED:
        raise RunFailedError(
            f"run {run.id}: is stopped{said}; no wave of it begins; --reopen lets it go on with what failed and was "
            "skipped"
        )
    if progress.run_state is RunState.PAUSED:
        raise RunPausedError(f"run {run.id}: is paused{said}; no wave of it begins; --reopen lets it go on")


def _require_previous(run: Run, progress: Progress, wave: Wave) -> None:
    for before in run.waves[: run.waves.index(wave)]:
        state = progress.wave_state(before.name)
        if state is not WaveState.PASSED:
            raise RolloutError(
                f"wave {wave.name}: wave {before.name} is {state}; a wave begins once those before it have passed; run "
                f"`lambdanet rollout settle --run {run.id} --wave {before.name}` after its units"
            )


def _require_reviewed(run: Run, progress: Progress, wave: Wave) -> None:
    """Where there is nothing to apply but what is blocked, somebody has to plan and review it first."""
    counts = progress.wave_counts(wave.name)
    blocked = [name for name in wave.targets if progress.state(name) is TargetState.BLOCKED]
    if blocked and not counts[TargetState.PLANNED] + counts[TargetState.APPLYING]:
        raise RunPausedError(
            f"wave {wave.name}: {named(blocked)} blocked ({progress.reason(blocked[0])}); plan and review with "
            f"`lambdanet rollout plan --run {run.id}`"
        )


def _require_word(run: Run, progress: Progress, wave: Wave) -> None:
    if missing := missing_approval(run, progress, wave.name):
        raise RunPausedError(missing)
    is_unknown = progress.wave_counts(wave.name)[TargetState.APPLYING] > 0
    if not is_unknown and (why := may_begin(run, progress, wave.name)):  # lost jobs are always looked for
        raise RunFailedError(why)
