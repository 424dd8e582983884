"""One target of a run, as an engine starts it: the journal is asked first, and told afterwards."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from modules.core.errors import SuiteError
from rollout.domain.approval import missing_approval
from rollout.domain.errors import LockedError, RolloutError, RunFailedError, RunPausedError
from rollout.domain.handoff import target_of
from rollout.domain.model import Mode, PlanFacts, Run, RunState, RunTarget, TargetState
from rollout.domain.ports import ApplyOutcome, Clock, RunStore, Unit
from rollout.domain.progress import Progress
from rollout.domain.records import Draft
from rollout.domain.scheduler import ended, refusal
from rollout.domain.scheduler_limits import exceeded
from rollout.running.applies import defect
from rollout.running.consequences import write_consequences
from rollout.running.ledger import Ledger
from rollout.running.observing import Observer, Silent
from rollout.running.stopping import Stop

POLL_SECONDS = 15.0
"""Between two looks at the journal while a unit waits for its turn."""

_LOCK_SECONDS = 600.0
"""How long the store's lock is waited for, which units hold only while they write that they begin."""


@dataclass(frozen=True)
class World:
    """What a unit works with.

    Attributes:
        store: where the run is kept.
        unit: what applies.
        clock: time.
        observer: told why it waits.
    """

    store: RunStore
    unit: Unit
    clock: Clock
    observer: Observer = field(default_factory=Silent)


@dataclass(frozen=True)
class _Begun:
    facts: PlanFacts
    is_recovery: bool


def apply_unit(
    world: World,
    run: Run,
    target: str,
    plan_digest: str,
    *,
    wait_seconds: float,
    stop: Stop,
) -> ApplyOutcome | None:
    """Apply the reviewed plan of one target once the run lets it start.

    Args:
        world: what it works with.
        run: the run.
        target: name of one of its targets.
        plan_digest: digest of the plan that was handed over.
        wait_seconds: how long its turn is waited for.
        stop: once asked, it no longer waits, and begins nothing; asked again, Terraform is to stop.

    Returns:
        how it ended; None where the target is applied already.

    Raises:
        RolloutError: there is no such target, or its reviewed plan is another one.
        RunFailedError: the run is stopped, or the target's apply failed.
        RunPausedError: the run waits for a person, or the target's turn did not come in time.
        StoreError: the journal cannot be read or written.
        LockedError: another rollout holds the store's lock.
        SystemExit: it was told to stop before it began, or while it was applied.
    """
    wanted = target_of(run, target)
    begun = _begin(world, run, wanted, plan_digest, wait_seconds=wait_seconds, stop=stop)
    if begun is None:
        return None
    outcome = _applied(world, run, wanted, begun, stop)
    _end(world, run, target, outcome)
    if outcome.was_interrupted and stop.is_asked:
        world.observer.noted(f"{target}: {outcome.reason}")
        raise SystemExit(stop.exit_code)
    if not outcome.is_applied:
        raise RunFailedError(f"{target}: {outcome.reason}")
    return outcome


def _applied(world: World, run: Run, target: RunTarget, begun: _Begun, stop: Stop) -> ApplyOutcome:
    try:
        return world.unit.apply(run, target, begun.facts, is_recovery=begun.is_recovery, interrupt=stop.forced)
    except SuiteError as error:
        return ApplyOutcome(is_applied=False, reason=str(error))
    except Exception as error:  # noqa: BLE001  # the journal is to tell that it ended
        return defect(target, error)


def _end(world: World, run: Run, name: str, outcome: ApplyOutcome) -> None:
    """Write how it ended, and what follows for others: whoever builds on it is skipped, or the run is stopped."""
    world.store.journal(run.id).append((ended(name, outcome),))
    if outcome.is_applied and run.wave_of[name].mode is Mode.STRICT:
        return  # nothing follows
    with suppress(LockedError), world.store.locked(run.id, wait_seconds=_LOCK_SECONDS):  # settling writes it otherwise
        write_consequences(Ledger(run, world.store.journal(run.id)), now=world.clock.now())


def _begin(
    world: World, run: Run, target: RunTarget, plan_digest: str, *, wait_seconds: float, stop: Stop
) -> _Begun | None:
    """Write that the target begins, as soon as it may."""
    journal = world.store.journal(run.id)
    until = world.clock.now() + timedelta(seconds=wait_seconds)
    told = ""
    while True:
        why = _why_not(run, Progress.of(run, journal.read()), target.name, plan_digest, world.clock.now())
        if why is None:
            return None
        if not why and not stop.is_asked:
            with world.store.locked(run.id, wait_seconds=_LOCK_SECONDS):
                progress = Progress.of(run, journal.read())
                why = _why_not(run, progress, target.name, plan_digest, world.clock.now())
                if why is None:
                    return None
                if not why:
                    return _write_begin(world, run, progress, target.name)
        if stop.is_asked:
            world.observer.noted(f"{target.name}: nothing of it was applied")
            raise SystemExit(stop.exit_code)
        if world.clock.now() >= until:
            raise RunPausedError(f"{why}; nothing of {target.name} was applied; start it again")
        if why != told:
            world.observer.noted(why)
            told = why
        world.clock.wait(stop.wake, POLL_SECONDS)


def _write_begin(world: World, run: Run, progress: Progress, name: str) -> _Begun:
    facts = progress.facts(name)
    assert facts is not None  # noqa: S101  # the digest was compared with it
    is_recovery = progress.has_begun(name)
    begins = Draft(name, TargetState.APPLYING, details={"attempt": progress.attempts(name) + 1})
    world.store.journal(run.id).append((begins,))
    return _Begun(facts, is_recovery)


def _why_not(run: Run, progress: Progress, name: str, plan_digest: str, now: datetime) -> str | None:
    """Why the target has to wait; empty where it may start, None where it is applied already.

    Raises:
        RolloutError: it cannot start with this plan, or not before its wave.
        RunFailedError: it does not start in this run unless that is resumed.
        RunPausedError: a person has to act first.
    """
    state, facts = progress.state(name), progress.facts(name)
    if facts is None or facts.digest != plan_digest:
        reviewed = "none" if facts is None else facts.digest
        raise RolloutError(
            f"{name}: the plan digest {plan_digest} was handed over; that of run {run.id} is {reviewed}; hand the wave "
            "over again with `lambdanet rollout matrix`"
        )
    if state.is_applied:
        return None
    refused = refusal(run, progress, name, now=now)
    if refused is None:
        return ""
    if refused.is_for_now:
        return refused.sentence
    wave = progress.targets[name].wave
    if progress.run_state is RunState.PAUSED or missing_approval(run, progress, wave.wave.name):
        raise RunPausedError(refused.sentence)
    if progress.run_state is not RunState.RUNNING or state.is_final or exceeded(progress, wave):
        raise RunFailedError(refused.sentence)
    raise RolloutError(refused.sentence)
