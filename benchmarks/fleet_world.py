"""A fleet without accounts: a clock that jumps to the next event, applies that take simulated minutes, alarms at will.

Nothing sleeps and no thread runs, so that a rollout of hours takes seconds and ends the same way every time.
"""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any, TypeVar

from modules.core.target import Target
from rollout.domain.errors import StoreError
from rollout.domain.model import PlanFacts, Run, RunKind, RunTarget, TargetState
from rollout.domain.ports import AlarmState, ApplyOutcome, Clock, Journal, Owner, Part, PlanOutcome
from rollout.domain.records import Draft, Record
from rollout.domain.serialized import facts_as_json
from rollout.domain.settings import RolloutSettings
from rollout.domain.waves import resolved

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-2")
_T = TypeVar("_T")


class JumpingClock:
    """Time that stands still but for waits; events are due at times, and happen in their order."""

    def __init__(self) -> None:
        self._now = START
        self._events: list[tuple[datetime, int, Callable[[], object]]] = []
        self._count = 0
        self.waits = 0

    def now(self) -> datetime:
        """Simulated time."""
        return self._now

    def at(self, seconds: float, event: Callable[[], object]) -> None:
        """Let something happen in so many seconds."""
        self._count += 1
        heapq.heappush(self._events, (self._now + timedelta(seconds=seconds), self._count, event))

    def forget(self) -> None:
        """Let nothing that is due happen."""
        self._events.clear()

    def wait(self, flag: Event, seconds: float) -> None:
        """Jump to the next event, and on until the flag is set or the seconds are over."""
        self.waits += 1
        until = self._now + timedelta(seconds=seconds)
        while not flag.is_set():
            if not self._events or self._events[0][0] > until:
                self._now = until
                return
            self._now, _, event = heapq.heappop(self._events)
            event()


class AtOnce(Executor):
    """Runs what it is given on the spot."""

    def submit(self, fn: Callable[..., _T], /, *args: Any, **kwargs: Any) -> Future[_T]:
        """The result, at once."""
        future: Future[_T] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class Simulated(Executor):
    """Runs what it is given when its simulated time is over; its first argument names what is run.

    Attributes:
        running: names of what has begun and not ended.
        most: how many of a group were running at once, by group.
    """

    def __init__(self, clock: JumpingClock, seconds_of: Callable[[str], float], group_of: Callable[[str], str]) -> None:
        self._clock, self._seconds_of, self._group_of = clock, seconds_of, group_of
        self.running: set[str] = set()
        self.most: Counter[str] = Counter()
        self._groups: Counter[str] = Counter()

    def submit(self, fn: Callable[..., _T], /, *args: Any, **kwargs: Any) -> Future[_T]:
        """The result, once the simulated time has come."""
        name = args[0].name
        group = self._group_of(name)
        if name in self.running:
            raise AssertionError(f"{name} was started while it runs")
        self.running.add(name)
        self._groups[group] += 1
        self.most[group] = max(self.most[group], self._groups[group])
        future: Future[_T] = Future()

        def end() -> None:
            self.running.remove(name)
            self._groups[group] -= 1
            future.set_result(fn(*args, **kwargs))

        self._clock.at(self._seconds_of(name), end)
        return future


@dataclass
class FleetUnit:
    """Applies by counting.

    Attributes:
        failing: targets whose apply fails, and why.
        applied: how often each target was applied, by name, in the order of their first ends.
        recovered: targets whose apply was a recovery.
    """

    failing: Mapping[str, str] = field(default_factory=dict)
    applied: Counter[str] = field(default_factory=Counter)
    recovered: list[str] = field(default_factory=list)

    def plan(self, run: Run, target: RunTarget, *, interrupt: Event) -> PlanOutcome:
        """Nothing is planned here."""
        del run, interrupt
        return PlanOutcome(None, f"{target.name}: a simulated fleet is planned already")

    def apply(
        self, run: Run, target: RunTarget, facts: PlanFacts, *, is_recovery: bool, interrupt: Event
    ) -> ApplyOutcome:
        """Count, and fail where that is wanted; a recovery finds that nothing is left where an apply ended before."""
        del run, facts, interrupt
        if is_recovery:
            self.recovered.append(target.name)
            if self.applied[target.name]:
                return ApplyOutcome(is_applied=True, how="no changes")
        if target.name in self.failing:
            return ApplyOutcome(is_applied=False, reason=self.failing[target.name])
        self.applied[target.name] += 1
        return ApplyOutcome(is_applied=True, how="as reviewed")


@dataclass
class FleetAlarms:
    """Alarms that are OK, but for those of some targets.

    Attributes:
        states: state of the alarms of a target, by its name; OK for every other.
        reads: how many targets were asked for.
    """

    states_of: dict[str, AlarmState] = field(default_factory=dict)
    reads: int = 0

    def states(self, target: RunTarget, names: Iterable[str]) -> Mapping[str, AlarmState]:
        """State of each."""
        self.reads += 1
        return dict.fromkeys(names, self.states_of.get(target.name, AlarmState.OK))


class MemoryJournal:
    """Records in memory."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers: Counter[str] = Counter()
        self.records: list[Record] = []

    def append(self, drafts: Sequence[Draft]) -> tuple[Record, ...]:
        """Number them and keep them."""
        written: list[Record] = []
        for draft in drafts:
            self._numbers[draft.subject] += 1
            written.append(Record(self._numbers[draft.subject], self._clock.now(), "me@here", draft))
        self.records += written
        return tuple(written)

    def read(self) -> tuple[Record, ...]:
        """All of them."""
        return tuple(self.records)


class MemoryStore:
    """One run in memory, or its journal where it is given."""

    def __init__(self, run: Run, clock: Clock, journal: Journal | None = None) -> None:
        self._run, self._journal = run, journal or MemoryJournal(clock)
        self.parts: dict[tuple[str, Part], bytes] = {}

    def create(self, run: Run) -> None:
        """There is one already."""
        raise StoreError(f"run {run.id}: a simulated store holds one run")

    def read(self, run_id: str) -> Run:
        """The run."""
        if run_id not in {self._run.id, "latest"}:
            raise StoreError(f"run {run_id}: does not exist")
        return self._run

    def run_ids(self) -> tuple[str, ...]:
        """The one."""
        return (self._run.id,)

    def journal(self, run_id: str) -> Journal:
        """Its journal."""
        del run_id
        return self._journal

    def put(self, run_id: str, target: str, part: Part, content: bytes) -> None:
        """Keep a part."""
        del run_id
        self.parts[target, part] = content

    def get(self, run_id: str, target: str, part: Part) -> bytes:
        """A part."""
        if (target, part) not in self.parts:
            raise StoreError(f"run {run_id}, {target}, {part}: is missing")
        return self.parts[target, part]

    def locked(self, run_id: str, *, wait_seconds: float = 0.0) -> AbstractContextManager[Owner]:
        """Nobody else is here."""
        del wait_seconds
        return nullcontext(Owner(run_id, "me@here", "here", 1, START))

    def owner(self) -> Owner | None:
        """Nobody is told."""
        return None


def fleet_settings(**fields: Any) -> RolloutSettings:
    """A canary of one account, a tenth of the fleet, then the rest, softly; a tenth of each region at once."""
    rest = {"max_concurrent": "10%", "failure_tolerance": "2%", "gate": {"bake_minutes": 10}}
    waves = [
        {"name": "canary", "select": {"accounts": ["a000"]}, "gate": {"bake_minutes": 10}},
        {"name": "early", "select": {"tags": {"ring": "early"}}, **rest},
        {"name": "rest", "mode": "soft", **rest},
    ]
    return RolloutSettings.parse({"waves": waves, **fields})


def fleet_run(accounts: int, settings: RolloutSettings | None = None, regions: Sequence[str] = REGIONS) -> Run:
    """A run over so many accounts in each of the regions."""
    targets = [
        Target(
            org="acme",
            env="dev",
            account=f"a{number:03}",
            account_id=f"{number + 1:012}",
            region=region,
            stack="orders_api",
            owner="me",
            tags={} if number % 10 else {"ring": "early"},
        )
        for number in range(accounts)
        for region in regions
    ]
    chosen = resolved(settings or fleet_settings(), targets)
    return Run("20261121-090000-a1b2c3", RunKind.ROLLOUT, START, "1.0", chosen.targets, chosen.waves)


def facts_of(name: str, **fields: Any) -> PlanFacts:
    """Facts of a plan that updates a function, with two alarms."""
    given: dict[str, Any] = {"planned_at": START, "expires_at": START + timedelta(hours=72), "updates": 1}
    return PlanFacts(
        hashlib.sha256(name.encode()).hexdigest(),
        **given | {"alarms": (f"{name}-errors", f"{name}-throttles")} | fields,
    )


def planned(run: Run, **fields: Any) -> tuple[Draft, ...]:
    """Every target planned."""
    return tuple(
        Draft(target.name, TargetState.PLANNED, details={"plan": facts_as_json(facts_of(target.name, **fields))})
        for target in run.targets
    )
