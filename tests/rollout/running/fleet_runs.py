"""Runs of a simulated fleet, begun, killed and resumed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.fleet_world import (
    AtOnce,
    FleetAlarms,
    FleetUnit,
    JumpingClock,
    MemoryJournal,
    MemoryStore,
    Simulated,
    planned,
)
from rollout.domain.model import Run, RunState
from rollout.domain.progress import Progress
from rollout.domain.records import Draft, Record
from rollout.domain.scheduler import reopened
from rollout.running.engine import Engine, Executors
from rollout.running.observing import Observer


class KilledError(BaseException):
    """The process is gone; nothing may catch it as an error."""


class DyingJournal(MemoryJournal):
    """A journal whose process is killed once so many records are written."""

    lives = -1

    def append(self, drafts: Sequence[Draft]) -> tuple[Record, ...]:
        if self.lives < 0:
            return super().append(drafts)
        written = super().append(drafts[: self.lives])
        self.lives -= len(written)
        if len(written) < len(drafts):
            self.lives = 0
            raise KilledError
        return written


@dataclass
class Fleet:
    """A run, and the world that it changes.

    Attributes:
        run: the run.
        unit: counts applies.
        alarms: what alarms say.
        workers: applies at once on this machine.
        most: how many of each batch were applied at once, over all engines.
        clock: simulated time.
    """

    run: Run
    unit: FleetUnit = field(default_factory=FleetUnit)
    alarms: FleetAlarms = field(default_factory=FleetAlarms)
    workers: int = 64
    seed: int = 1
    most: dict[str, int] = field(default_factory=dict)
    clock: JumpingClock = field(default_factory=JumpingClock)

    def __post_init__(self) -> None:
        self.journal = DyingJournal(self.clock)
        self.store = MemoryStore(self.run, self.clock, self.journal)
        self.random = random.Random(self.seed)  # noqa: S311  # durations and kills, no secrets
        batches = [(wave.name, batch) for wave in self.run.waves for batch in wave.batches]
        self.batch_of = {name: f"{wave}/{batch.region}" for wave, batch in batches for name in batch.targets}
        self.journal.append(planned(self.run))

    @property
    def progress(self) -> Progress:
        return Progress.of(self.run, self.journal.read())

    def carry_out(self, *, lives: int = -1, observer: Observer | None = None) -> RunState:
        """Carry it out, or resume it; killed once so many records are written."""
        self.journal.append(reopened(self.run, self.progress))
        self.journal.lives = lives
        simulated = Simulated(self.clock, lambda _: self.random.uniform(60, 300), self.batch_of.__getitem__)
        engine = Engine(
            self.run,
            self.store,
            self.unit,
            self.alarms,
            clock=self.clock,
            workers=self.workers,
            observer=observer,
            poll_seconds=60,
            alarm_seconds=300,
            executors=Executors(simulated, AtOnce()),
        )
        try:
            return engine.run()
        except KilledError:
            self.clock.forget()
            for name in sorted(simulated.running):
                if self.random.random() < 0.5:  # Terraform goes on without its parent, and ends
                    self.unit.applied[name] += 1
            raise
        finally:
            self.journal.lives = -1
            for batch, count in simulated.most.items():
                self.most[batch] = max(self.most.get(batch, 0), count)
