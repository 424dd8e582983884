"""A run carried out from the command line: the lock, the engine, signals, what is shown, and the exit code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer

from cli.rollout.access import Access
from cli.rollout.bars import bar
from cli.rollout.live import watching
from cli.terminal import console, errors
from rollout.domain.errors import RolloutError, RunFailedError, RunPausedError
from rollout.domain.model import Run, RunState, TargetState
from rollout.domain.progress import Progress
from rollout.domain.records import Draft
from rollout.running.engine import Engine
from rollout.running.ledger import Ledger
from rollout.running.previewing import previewed
from rollout.running.starting import refuse
from rollout.running.stopping import Stop, stopping_on_signals

Workers = Annotated[
    int | None,
    typer.Option(help="Terraform processes at once on this machine; as rollout.yaml says by default.", min=1, max=64),
]
SkipUnplanned = Annotated[
    str, typer.Option(help="Why targets that could not be planned are left out.", metavar="REASON")
]
WaitMinutes = Annotated[
    float, typer.Option(help="How long another rollout is waited for, in minutes.", min=0, max=1_440)
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would start.")]

Prepare = Callable[[Ledger], Sequence[Draft]]
"""Says what is to be written before the run goes on; refuses what may not go on."""

_SHOWN = 20


def carry_out(
    access: Access, prepare: Prepare, *, workers: int | None, wait_minutes: float, dry_run: bool = False
) -> None:
    """Hold the lock, refuse what may not be applied, and go on until nothing is left to do without a person.

    Raises:
        LockedError: another rollout holds the lock.
        RolloutError: with every reason; nothing was applied.
        RunFailedError: the run is stopped, a target failed, or the journal could not be written.
        RunPausedError: the run waits for a person.
        typer.Exit: a signal ended it, with 130 or 143.
    """
    if dry_run:
        _show_next(access, _checked(access, Ledger(access.run, access.journal), prepare))
        return
    run, stop = access.run, Stop()
    with access.store.locked(run.id, wait_seconds=wait_minutes * 60) as owner:
        ledger = Ledger(run, access.journal)
        ledger.append(_checked(access, ledger, prepare))
        with (
            _begun(run),
            watching(ledger.progress, access.clock, owner, access.steps) as observer,
            stopping_on_signals(stop, observer.noted),
        ):
            Engine(
                run,
                access.store,
                access.unit,
                access.alarms,
                clock=access.clock,
                workers=workers or access.settings.workers,
                observer=observer,
                stop=stop,
            ).run()
            progress = access.progress()
    finish(run, progress, stop)


def finish(run: Run, progress: Progress, stop: Stop) -> None:
    """Say how it ended.

    Raises:
        RunFailedError: the run is stopped, or a target failed.
        RunPausedError: the run waits for a person.
        typer.Exit: a signal ended it.
    """
    if stop.is_asked and progress.run_state is not RunState.COMPLETED:
        tell(f"run {run.id}: ended by {stop.name}; run `lambdanet rollout resume {run.id}` to go on")
        raise typer.Exit(stop.exit_code)
    if progress.run_state is RunState.PAUSED:
        raise RunPausedError(f"run {run.id}: paused: {progress.run_reason}")
    if progress.run_state is RunState.STOPPED:
        raise RunFailedError(f"run {run.id}: stopped: {progress.run_reason}")
    if failed := progress.counts[TargetState.FAILED]:
        raise RunFailedError(
            f"run {run.id}: completed, but {failed} of {len(run.targets)} targets failed, which its waves tolerate; "
            f"`lambdanet rollout status {run.id}` says why; mend them, then run `lambdanet rollout resume {run.id}`"
        )
    say(f"run {run.id}: {progress.run_state}")


def tell(sentence: str) -> None:
    """A sentence on standard error."""
    errors.print(sentence, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def _begun(run: Run) -> Iterator[None]:
    """Inside, a store that fails is no refusal any more: something may have been applied."""
    try:
        yield
    except RolloutError as error:
        raise RunFailedError(
            f"run {run.id}: {error}; what was being applied has ended; run `lambdanet rollout resume {run.id}`, which "
            "finds out how"
        ) from error


def _checked(access: Access, ledger: Ledger, prepare: Prepare) -> Sequence[Draft]:
    now = access.clock.now()
    drafts = prepare(ledger)
    after = ledger.preview(drafts, at=now)
    with bar("comparing plans with what was reviewed") as seen:
        refuse(access.run, after, access.store, now=now, seen=seen)
    return drafts


def _show_next(access: Access, drafts: Sequence[Draft]) -> None:
    """What would start, and what the waves after it are."""
    run = access.run
    preview = previewed(run, access.journal, drafts, now=access.clock.now())
    for wave in run.waves:
        approval = "after approval" if wave.needs_approval else "without approval"
        alarms = f"no alarms ({wave.gate.off_reason})" if wave.gate.off_reason else "alarms"
        say(f"wave {wave.name}: {approval}; mode {wave.mode}; bakes {wave.gate.bake_minutes:g} minutes, {alarms}")
        for batch in wave.batches:
            count = f"{len(batch.targets)} target{'' if len(batch.targets) == 1 else 's'}"
            limits = f"max_concurrent {batch.max_concurrent}, failure_tolerance {batch.failure_tolerance}"
            say(f"  {batch.region or 'all regions'}: {count}, {limits}")
    for name in preview.start[:_SHOWN]:
        say(f"would start: {name}")
    if len(preview.start) > _SHOWN:
        say(f"would start: {len(preview.start) - _SHOWN} more")
    if not preview.start:
        say(f"nothing would start: the run would be {preview.progress.run_state}; {preview.progress.run_reason}")


def say(line: str) -> None:
    """A line on standard output."""
    console.print(line, markup=False, highlight=False, soft_wrap=True)
