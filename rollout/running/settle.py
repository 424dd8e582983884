"""What follows the units of a wave, for engines that start them themselves: tolerance, bake, alarms, the verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

from rollout.domain.decision import Decision
from rollout.domain.errors import RolloutError, RunFailedError, RunPausedError
from rollout.domain.handoff import wave_of
from rollout.domain.model import Run, RunState, TargetState, Wave, WaveState
from rollout.domain.naming import named
from rollout.domain.ports import AlarmReader, Clock, Reading, RunStore
from rollout.domain.records import ACCEPTED, RUN, WAVE, Draft
from rollout.running.consequences import READERS, decision_of, readings_of
from rollout.running.ledger import Ledger
from rollout.running.observing import Observer, Silent
from rollout.running.stopping import Stop

POLL_SECONDS = 20.0
"""Between two looks at alarms: CloudWatch evaluates an alarm once a minute, or every 10 seconds at high resolution."""

_LOCK_SECONDS = 600.0


@dataclass(frozen=True)
class SettleWorld:
    """What settling works with.

    Attributes:
        store: where the run is kept.
        alarms: reads alarms.
        clock: time.
        observer: told what happens.
    """

    store: RunStore
    alarms: AlarmReader
    clock: Clock
    observer: Observer = field(default_factory=Silent)


def settle_wave(
    world: SettleWorld, run: Run, name: str, *, stop: Stop, accepted: str = "", wait_seconds: float = math.inf
) -> None:
    """Wait until a wave whose units have ended has baked, and write its verdict; returns once it has passed.

    Args:
        world: what it works with.
        run: the run.
        name: the wave's name.
        stop: once asked, it no longer waits.
        accepted: why alarms without data do not pause the run in this wave; empty where they do.
        wait_seconds: how long it waits at most; the wave goes on baking when it is settled again.

    Raises:
        RolloutError: there is no such wave, or it has not begun.
        RunFailedError: the run is stopped, or has ended with targets that failed.
        RunPausedError: units of the wave have not ended, alarms tell nothing, a person paused the run, or the wave
            bakes longer than it may wait.
        StoreError: the journal cannot be read or written.
        LockedError: another rollout holds the store's lock.
        SystemExit: it was told to stop.
    """
    wave = wave_of(run, name)
    with world.store.locked(run.id, wait_seconds=_LOCK_SECONDS), ThreadPoolExecutor(READERS) as pool:
        settling = _Settling(world, run, wave, stop, pool)
        if accepted:
            settling.accept(accepted)
        settling.run_to_the_end(wait_seconds)


class _Settling:
    """One settling: a loop that starts nothing."""

    def __init__(self, world: SettleWorld, run: Run, wave: Wave, stop: Stop, pool: ThreadPoolExecutor) -> None:
        self._world, self._run, self._wave, self._stop, self._pool = world, run, wave, stop, pool
        self._ledger = Ledger(run, world.store.journal(run.id))
        self._readings: Mapping[str, Reading] = {}

    def accept(self, reason: str) -> None:
        """Write that alarms without data are no reason to pause, and end a pause."""
        drafts = [Draft(WAVE + self._wave.name, ACCEPTED, reason=reason)]
        if self._ledger.progress.run_state is RunState.PAUSED:
            drafts.append(Draft(RUN, RunState.RUNNING))
        self._write(drafts)

    def run_to_the_end(self, wait_seconds: float) -> None:
        """Decide until the wave has passed, or cannot."""
        self._require_begun()
        began = self._world.clock.now()
        while not self._has_passed():
            if self._stop.is_asked:
                raise SystemExit(self._stop.exit_code)
            decision = self._decide()
            drafts = self._own(decision)
            if drafts:
                self._write(drafts)
                continue
            self._require_ended(decision)
            if (self._world.clock.now() - began).total_seconds() >= wait_seconds:
                raise RunPausedError(
                    f"wave {self._wave.name}: bakes longer than it was waited for; it goes on baking; settle it again"
                )
            self._wait(decision)
            self._look(decision)

    def _decide(self) -> Decision:
        return decision_of(self._ledger, now=self._world.clock.now(), readings=self._readings)

    def _own(self, decision: Decision) -> list[Draft]:
        """What of a decision is about this wave: nothing starts here, and no other wave begins."""
        own = WAVE + self._wave.name
        passes = any(draft.subject == own and draft.state == WaveState.PASSED for draft in decision.drafts)
        return [draft for draft in decision.drafts if self._is_own(draft, passes=passes)]

    def _is_own(self, draft: Draft, *, passes: bool) -> bool:
        if draft.subject == RUN:
            return not (passes and draft.state == RunState.PAUSED)
        if draft.subject.startswith(WAVE):
            return draft.subject == WAVE + self._wave.name
        return draft.state != TargetState.APPLYING

    def _has_passed(self) -> bool:
        """Whether the wave has.

        Raises:
            RunFailedError: the run is stopped, or has ended with targets that failed.
            RunPausedError: it is paused.
        """
        progress, run = self._ledger.progress, self._run
        said = f" ({progress.run_reason})" if progress.run_reason else ""
        if progress.run_state is RunState.STOPPED:
            raise RunFailedError(
                f"run {run.id}: is stopped{said}; no further wave begins; `lambdanet rollout gate --reopen` lets it "
                "go on"
            )
        if progress.run_state is RunState.COMPLETED:
            failed = [name for name in run.by_name if progress.state(name) is TargetState.FAILED]
            if failed:
                raise RunFailedError(
                    f"run {run.id}: has ended; {named(failed)} failed, which its tolerance allows; "
                    "`lambdanet rollout status` tells why"
                )
            return True
        if progress.wave_state(self._wave.name) is WaveState.PASSED and progress.current_wave is not None:
            return True  # after the last wave the run still ends
        if progress.run_state is RunState.PAUSED:
            raise RunPausedError(
                f"run {run.id}: is paused{said}; look, then settle the wave again, with --accept-missing-data REASON "
                "where alarms without data are fine"
            )
        return False

    def _require_begun(self) -> None:
        if self._ledger.progress.wave_state(self._wave.name) is WaveState.PENDING:
            raise RolloutError(
                f"wave {self._wave.name}: has not begun; a wave is settled after its units; begin it with "
                f"`lambdanet rollout gate --run {self._run.id} --wave {self._wave.name}`"
            )

    def _require_ended(self, decision: Decision) -> None:
        progress = self._ledger.progress
        states = {name: progress.state(name) for name in self._wave.targets}
        applying = [name for name, state in states.items() if state is TargetState.APPLYING]
        left = [name for name, state in states.items() if state is TargetState.PLANNED]
        if applying:
            raise RunPausedError(
                f"wave {self._wave.name}: {named(applying)} began to be applied, and no unit told how that ended; hand "
                "the wave over again, whose units find out"
            )
        if left or decision.start:
            raise RunPausedError(
                f"wave {self._wave.name}: {named(left or decision.start)} not applied yet; hand the wave over again"
            )

    def _wait(self, decision: Decision) -> None:
        if any(name not in self._readings for name in decision.read_alarms):
            return
        now = self._world.clock.now()
        until = now + timedelta(seconds=POLL_SECONDS)
        if decision.next_at is not None:
            until = min(until, decision.next_at)
        self._world.clock.wait(self._stop.wake, max((until - now).total_seconds(), 0.0))

    def _look(self, decision: Decision) -> None:
        """Read alarms, and what others wrote meanwhile."""
        self._ledger.poll()
        world, names = self._world, decision.read_alarms
        self._readings = readings_of(self._ledger, names, world.alarms, world.clock, self._pool)

    def _write(self, drafts: Sequence[Draft]) -> None:
        written = self._ledger.append(drafts)
        self._world.observer.changed(self._ledger.progress, written)
