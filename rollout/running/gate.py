"""Whether a wave may begin, for engines that start its units themselves."""

from __future__ import annotations

from datetime import datetime

from rollout.domain.approval import missing_approval
from rollout.domain.errors import RolloutError, RunFailedError, RunPausedError
from rollout.domain.handoff import wave_of
from rollout.domain.model import Run, RunState, TargetState, Wave, WaveState
from rollout.domain.naming import named
from rollout.domain.ports import Journal
from rollout.domain.progress import Progress
from rollout.domain.records import RUN, WAVE, Draft
from rollout.domain.scheduler import may_begin, reopened


def begin_wave(run: Run, journal: Journal, name: str, *, now: datetime, is_reopened: bool = False) -> Progress:
    """Let a wave begin, and write so; a wave that is running or has passed stays as it is.

    Args:
        run: the run.
        journal: its journal.
        name: the wave's name.
        now: the time.
        is_reopened: end a pause, and let targets of a stopped run that failed or were skipped start again.

    Returns:
        how far the run is now.

    Raises:
        RolloutError: there is no such wave, one before it has not passed, or a plan is missing or has expired.
        RunFailedError: the run is stopped.
        RunPausedError: the run is paused, the wave's plans are not approved, or some of them are still to be reviewed.
        StoreError: the journal cannot be read or written.
    """
    wave = wave_of(run, name)
    progress = Progress.of(run, journal.read())
    if is_reopened and (drafts := reopened(run, progress)):
        journal.append(drafts)
        progress = Progress.of(run, journal.read())
    if progress.wave_state(name) is WaveState.PASSED:
        return progress
    _require_going(run, progress)
    _require_previous(run, progress, wave)
    _require_plans(run, progress, wave, now)
    _require_word(run, progress, wave)
    drafts = _beginning(progress, wave)
    if drafts:
        journal.append(drafts)
        progress = Progress.of(run, journal.read())
    return progress


def _beginning(progress: Progress, wave: Wave) -> tuple[Draft, ...]:
    drafts = []
    if progress.run_state is not RunState.RUNNING:
        drafts.append(Draft(RUN, RunState.RUNNING))
    if progress.wave_state(wave.name) is WaveState.PENDING:
        drafts.append(Draft(WAVE + wave.name, WaveState.RUNNING))
    return tuple(drafts)


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


def _require_plans(run: Run, progress: Progress, wave: Wave, now: datetime) -> None:
    more = f"`lambdanet rollout plan --run {run.id}`"
    unplanned = [name for name in wave.targets if progress.state(name) is TargetState.PENDING]
    planned = [name for name in wave.targets if progress.state(name) is TargetState.PLANNED]
    facts = {name: progress.facts(name) for name in planned}
    expired = [name for name, own in facts.items() if own is not None and own.expires_at <= now]
    sentences = []
    if unplanned:
        sentences.append(f"wave {wave.name}: {named(unplanned)} not planned; only reviewed plans go; plan with {more}")
    if expired:
        sentences.append(f"wave {wave.name}: plans of {named(expired)} have expired; plan and review again with {more}")
    if sentences:
        raise RolloutError("\n".join(sentences))
    blocked = [name for name in wave.targets if progress.state(name) is TargetState.BLOCKED]
    if blocked and not planned:
        raise RunPausedError(
            f"wave {wave.name}: {named(blocked)} blocked ({progress.reason(blocked[0])}); plan and review with {more}"
        )


def _require_word(run: Run, progress: Progress, wave: Wave) -> None:
    if missing := missing_approval(run, progress, wave.name):
        raise RunPausedError(missing)
    if why := may_begin(run, progress, wave.name):
        raise RunFailedError(why)
