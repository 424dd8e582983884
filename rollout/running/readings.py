"""Alarms of targets, read while their wave runs and bakes."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future
from datetime import timedelta

from modules.core.errors import SuiteError
from rollout.domain.gates import counted
from rollout.domain.model import Run, RunTarget
from rollout.domain.ports import AlarmReader, Clock, Reading
from rollout.domain.progress import Progress
from rollout.running.stopping import Stop

_A_TARGET = timedelta(seconds=0.1)
"""Least time for each target of a sweep on the average, so that a large wave keeps this machine free for applies."""


def alarms_of(run: Run, progress: Progress, name: str) -> tuple[str, ...]:
    """Names of a target's alarms that count."""
    facts = progress.facts(name)
    return counted(run.wave_of[name].gate, facts.alarms) if facts else ()


def read_alarms(target: RunTarget, alarms: Sequence[str], reader: AlarmReader, clock: Clock) -> Reading:
    """Alarms of one target; what stands in the way becomes the reading's problem."""
    at = clock.now()  # before the request, so that a reading is never taken for newer than it is
    if not alarms:
        return Reading(at)
    try:
        return Reading(at, states=dict(reader.states(target, alarms)))
    except SuiteError as error:
        return Reading(at, problem=str(error))
    except Exception as error:  # noqa: BLE001  # an accident here is no state of any alarm, and no end of the run
        what = f"reading the alarms ended with {type(error).__name__}, which is a defect of this program"
        return Reading(at, problem=f"{target.name}: {what}")


class Sweeps:
    """Readings of many targets, one sweep after the other, in threads, so that a slow account delays no decision.

    Attributes:
        readings: the newest of each target.
    """

    def __init__(
        self, run: Run, reader: AlarmReader, executor: Executor, clock: Clock, stop: Stop, *, every_seconds: float
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            run: the run.
            reader: reads alarms of one target.
            executor: where it does.
            clock: the time.
            stop: woken when a sweep has ended.
            every_seconds: time between two sweeps, and longer where more than ten targets a second would be read.
        """
        self._run, self._reader, self._executor, self._clock, self._stop = run, reader, executor, clock, stop
        self._every = timedelta(seconds=every_seconds)
        self._looked_at = self._next = clock.now()
        self.readings: dict[str, Reading] = {}
        self._under_way = 0
        self._read: deque[tuple[str, Reading]] = deque()

    @property
    def is_under_way(self) -> bool:
        """Whether a sweep has begun and its readings have not all been taken."""
        return self._under_way > 0

    @property
    def is_due(self) -> bool:
        """Whether the next sweep may begin."""
        now = self._clock.now()
        return not self.is_under_way and (now >= self._next or now < self._looked_at)  # a clock may be set back

    def look(self, progress: Progress, names: Sequence[str]) -> None:
        """Begin a sweep over these targets; readings of others are dropped."""
        self.readings = {name: self.readings[name] for name in names if name in self.readings}
        self._looked_at = self._clock.now()
        self._next = self._looked_at + max(self._every, len(names) * _A_TARGET)
        self._under_way = len(names)
        for name in names:
            target, alarms = self._run.by_name[name], alarms_of(self._run, progress, name)
            future = self._executor.submit(read_alarms, target, alarms, self._reader, self._clock)
            future.add_done_callback(lambda done, name=name: self._note(name, done))  # type: ignore[misc]  # mypy does not infer lambdas with defaults

    def take(self) -> Mapping[str, Reading]:
        """Readings that came since."""
        fresh = {}
        while self._read:
            name, fresh[name] = self._read.popleft()
            self._under_way -= 1
        self.readings.update(fresh)
        return fresh

    def _note(self, name: str, done: Future[Reading]) -> None:
        if done.cancelled():
            return
        self._read.append((name, done.result()))
        if len(self._read) >= self._under_way:  # all that are left of the sweep; the others wait for the next look
            self._stop.wake.set()
