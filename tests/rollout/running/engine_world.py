"""A world in memory for what engines call: a store, a unit, alarms and a clock that are told what to do."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from modules.core.target import Target
from rollout.domain.digest import plan_digest
from rollout.domain.errors import LockedError
from rollout.domain.model import Batch, Gate, Mode, PlanFacts, Run, RunKind, RunTarget, TargetState, Wave
from rollout.domain.ports import AlarmState, ApplyOutcome, Owner, Part, PlanOutcome
from rollout.domain.progress import Progress
from rollout.domain.records import Draft, Record
from rollout.domain.serialized import facts_as_json

START = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
APPLIED = ApplyOutcome(is_applied=True, how="as reviewed")
ROOT = gzip.compress(b"\0" * 10_240, mtime=0)  # an empty tar file
NO_GATE = Gate(0, off_reason="a test")


class MemoryJournal:
    """Records in a list; what is called `on_read` may write more."""

    def __init__(self, clock: StillClock) -> None:
        self.records: list[Record] = []
        self._clock, self._lock = clock, threading.Lock()

    def append(self, drafts: Sequence[Draft]) -> tuple[Record, ...]:
        with self._lock:
            written = []
            for draft in drafts:
                number = 1 + sum(record.subject == draft.subject for record in self.records)
                written.append(Record(number, self._clock.now(), "a test", draft))
                self.records.append(written[-1])
            return tuple(written)

    def read(self) -> tuple[Record, ...]:
        return tuple(self.records)


class StillClock:
    """Stands still but for what is waited; `on_wait` happens meanwhile."""

    def __init__(self) -> None:
        self.time = START
        self.on_wait: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        return self.time

    def wait(self, flag: threading.Event, seconds: float) -> None:
        del flag
        self.time += timedelta(seconds=seconds)
        self.on_wait()


class MemoryStore:
    """One run and its journal."""

    def __init__(self, run: Run, clock: StillClock) -> None:
        self.run, self.kept, self.holds = run, MemoryJournal(clock), 0
        self.is_held_by_another, self.altered = False, set[str]()
        self._lock = threading.Lock()

    def create(self, run: Run) -> None:
        raise NotImplementedError

    def read(self, run_id: str) -> Run:
        assert run_id in {self.run.id, "latest"}
        return self.run

    def run_ids(self) -> tuple[str, ...]:
        return (self.run.id,)

    def journal(self, run_id: str) -> MemoryJournal:
        assert run_id == self.run.id
        return self.kept

    def put(self, run_id: str, target: str, part: Part, content: bytes) -> None:
        raise NotImplementedError

    def get(self, run_id: str, target: str, part: Part) -> bytes:
        assert run_id == self.run.id
        plan = b"another" if target in self.altered else target.encode()
        return {Part.PLAN: plan, Part.PLAN_JSON: b"{}", Part.ROOT: ROOT}[part]

    @contextmanager
    def locked(self, run_id: str, *, wait_seconds: float = 0.0) -> Iterator[Owner]:
        del wait_seconds
        if self.is_held_by_another:
            raise LockedError("held")
        with self._lock:
            self.holds += 1
            yield Owner(run_id, "a test", "here", 1, START)

    def owner(self) -> Owner | None:
        return None


@dataclass
class ToldUnit:
    """Applies as it is told; `applied` lists each apply, with whether it was a recovery."""

    outcomes: dict[str, ApplyOutcome] = field(default_factory=dict)
    applied: list[tuple[str, bool]] = field(default_factory=list)
    on_apply: Callable[[str], None] = lambda _: None

    def plan(self, run: Run, target: RunTarget, *, interrupt: threading.Event) -> PlanOutcome:
        raise NotImplementedError

    def apply(
        self, run: Run, target: RunTarget, facts: PlanFacts, *, is_recovery: bool, interrupt: threading.Event
    ) -> ApplyOutcome:
        del run, facts, interrupt
        self.applied.append((target.name, is_recovery))
        self.on_apply(target.name)
        return self.outcomes.get(target.name, APPLIED)


@dataclass
class ToldAlarms:
    """Alarms that are OK unless something else is told; `reads` counts."""

    told: dict[str, AlarmState] = field(default_factory=dict)
    reads: int = 0

    def states(self, target: RunTarget, names: Iterable[str]) -> Mapping[str, AlarmState]:
        self.reads += 1
        return {name: self.told.get(target.name, AlarmState.OK) for name in names}


def target(region: str, account: str = "main", stack: str = "orders_api") -> Target:
    number = sum(map(ord, account)) % 10**12
    return Target(
        org="acme", env="dev", account=account, account_id=f"{number:012}", region=region, stack=stack, owner="me"
    )


def a_run(*waves: Wave, targets: Sequence[RunTarget]) -> Run:
    return Run("20261121-093000-a1b2c3", RunKind.ROLLOUT, START, "0.1.0", tuple(targets), waves)


def a_wave(name: str, *batches: Batch, gate: Gate = NO_GATE, mode: Mode = Mode.STRICT, approval: bool = False) -> Wave:
    return Wave(name, batches, mode, gate, needs_approval=approval)


def accounts(count: int, region: str = "us-east-1") -> list[RunTarget]:
    return [RunTarget(target(region, f"a{number}")) for number in range(count)]


def names(targets: Iterable[RunTarget]) -> tuple[str, ...]:
    return tuple(each.name for each in targets)


def facts(name: str, *, hours: float = 72, alarms: tuple[str, ...] = ("errors",)) -> PlanFacts:
    """Facts of the plan that the store holds of a target, or would hold."""
    expires_at = START + timedelta(hours=hours)
    digest = plan_digest(
        plan=name.encode(), plan_json=b"{}", root=ROOT, suite_version="0.1.0", planned_at=START, expires_at=expires_at
    )
    return PlanFacts(digest, START, expires_at, updates=1, alarms=alarms)


@dataclass
class EngineWorld:
    """A run whose targets are planned."""

    run: Run
    hours: float = 72
    clock: StillClock = field(default_factory=StillClock)
    unit: ToldUnit = field(default_factory=ToldUnit)
    alarms: ToldAlarms = field(default_factory=ToldAlarms)

    def __post_init__(self) -> None:
        self.store = MemoryStore(self.run, self.clock)
        for each in self.run.targets:
            plan = facts_as_json(facts(each.name, hours=self.hours))
            self.write(each.name, TargetState.PLANNED, plan=plan)

    def write(self, subject: str, state: str, reason: str = "", **details: object) -> None:
        self.store.kept.append([Draft(subject, state, reason, details)])

    @property
    def progress(self) -> Progress:
        return Progress.of(self.run, self.store.kept.read())

    def states(self) -> dict[str, str]:
        return {each.name: str(self.progress.state(each.name)) for each in self.run.targets}
