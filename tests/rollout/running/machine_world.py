"""Targets in one wave, an engine over them, and a unit that does what a test says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event

from benchmarks.fleet_world import FleetAlarms, MemoryJournal, MemoryStore, fleet_run, fleet_settings, planned
from rollout.domain.model import PlanFacts, Run, RunState, RunTarget
from rollout.domain.ports import ApplyOutcome, PlanOutcome
from rollout.domain.progress import Progress
from rollout.domain.records import Record
from rollout.domain.scheduler import reopened
from rollout.running.clock import SystemClock
from rollout.running.engine import Engine
from rollout.running.stopping import Stop

DONE = ApplyOutcome(is_applied=True, how="as reviewed")
NO_GATE = {"bake_minutes": 0, "off_reason": "nothing to watch"}


@dataclass
class Unit:
    """Applies as the test says.

    Attributes:
        act: called with the target's name in the apply's thread; what it returns is the outcome.
        started: names in the order of their starts.
        most: how many ran at once.
    """

    act: Callable[[str, Event], ApplyOutcome] = lambda _name, _interrupt: DONE
    started: list[str] = field(default_factory=list)
    recovered: list[str] = field(default_factory=list)
    most: int = 0
    _running: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def plan(self, run: Run, target: RunTarget, *, interrupt: Event) -> PlanOutcome:
        raise NotImplementedError

    def apply(
        self, run: Run, target: RunTarget, facts: PlanFacts, *, is_recovery: bool, interrupt: Event
    ) -> ApplyOutcome:
        del run, facts
        with self._lock:
            self.started.append(target.name)
            self.recovered += [target.name] * is_recovery
            self._running += 1
            self.most = max(self.most, self._running)
        try:
            return self.act(target.name, interrupt)
        finally:
            with self._lock:
                self._running -= 1


class World:
    """Targets of one region in one wave, and an engine over them."""

    def __init__(self, targets: int, **wave: object) -> None:
        given = {"name": "all", "max_concurrent": targets, "failure_tolerance": targets - 1, "gate": NO_GATE, **wave}
        self.run = fleet_run(targets, fleet_settings(waves=[given]), ["us-east-1"])
        self.clock = SystemClock()
        self.journal = MemoryJournal(self.clock)
        self.store = MemoryStore(self.run, self.clock, self.journal)
        self.unit, self.alarms, self.stop = Unit(), FleetAlarms(), Stop()
        self.told: list[str] = []
        far = self.clock.now().replace(year=9_000)
        self.journal.append(planned(self.run, expires_at=far))
        self.names = [target.name for target in self.run.targets]

    def changed(self, progress: Progress, records: Sequence[Record]) -> None:
        assert all(progress.state(record.subject) for record in records if record.subject in self.names)

    def noted(self, sentence: str) -> None:
        self.told.append(sentence)

    @property
    def progress(self) -> Progress:
        return Progress.of(self.run, self.journal.read())

    def states(self) -> dict[str, int]:
        return {str(state): count for state, count in self.progress.counts.items() if count}

    def carry_out(self, *, workers: int = 8) -> RunState:
        self.journal.append(reopened(self.run, self.progress))
        return Engine(
            self.run,
            self.store,
            self.unit,
            self.alarms,
            clock=self.clock,
            workers=workers,
            observer=self,
            stop=self.stop,
            poll_seconds=0.01,
            alarm_seconds=0.01,
        ).run()
