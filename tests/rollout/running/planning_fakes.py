"""A store in memory and a unit that plans what it is told, for tests of planning."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event

from modules.core.errors import SuiteError
from rollout.domain.errors import LockedError, StoreError
from rollout.domain.model import PlanFacts, Run, RunTarget
from rollout.domain.ports import ApplyOutcome, Owner, Part, PlanOutcome
from rollout.domain.records import Draft, Record

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


class MemoryJournal:
    """Records of one run."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.appends = 0

    def append(self, drafts: Sequence[Draft]) -> tuple[Record, ...]:
        self.appends += 1
        written = []
        for draft in drafts:
            number = 1 + sum(record.subject == draft.subject for record in self.records)
            written.append(Record(number, NOW, "me@here", draft))
            self.records.append(written[-1])
        return tuple(written)

    def read(self) -> tuple[Record, ...]:
        return tuple(self.records)


class MemoryStore:
    """Runs in memory."""

    def __init__(self) -> None:
        self.runs: dict[str, Run] = {}
        self.parts: dict[tuple[str, str, Part], bytes] = {}
        self.journals: dict[str, MemoryJournal] = {}
        self.is_locked = False

    def create(self, run: Run) -> None:
        if run.id in self.runs:
            raise StoreError(f"run {run.id}: exists")
        self.runs[run.id] = run

    def read(self, run_id: str) -> Run:
        return self.runs[run_id]

    def run_ids(self) -> tuple[str, ...]:
        return tuple(sorted(self.runs))

    def journal(self, run_id: str) -> MemoryJournal:
        return self.journals.setdefault(run_id, MemoryJournal())

    def put(self, run_id: str, target: str, part: Part, content: bytes) -> None:
        self.parts[run_id, target, part] = content

    def get(self, run_id: str, target: str, part: Part) -> bytes:
        return self.parts[run_id, target, part]

    @contextmanager
    def locked(self, run_id: str, *, wait_seconds: float = 0.0) -> Iterator[Owner]:
        del wait_seconds
        if self.is_locked:
            raise LockedError("another rollout holds the lock")
        self.is_locked = True
        try:
            yield Owner(run_id, "me@here", "here", 1, NOW)
        finally:
            self.is_locked = False

    def owner(self) -> Owner | None:
        return None


@dataclass
class FakeUnit:
    """Plans: `empty` change nothing, `failing` cannot be planned, `protected` destroy what keeps data.

    Attributes:
        seconds: how long a plan takes.
        planned: names in the order in which they began.
        most_at_once: how many plans went on at once.
    """

    empty: set[str] = field(default_factory=set)
    failing: Mapping[str, str] = field(default_factory=dict)
    raising: Mapping[str, BaseException] = field(default_factory=dict)
    protected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    seconds: float = 0.0
    expires_at: datetime = NOW + timedelta(hours=72)
    planned: list[str] = field(default_factory=list)
    most_at_once: int = 0
    interrupted: bool = False
    _going: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def plan(self, run: Run, target: RunTarget, *, interrupt: Event) -> PlanOutcome:
        del run
        with self._lock:
            self.planned.append(target.name)
            self._going += 1
            self.most_at_once = max(self.most_at_once, self._going)
        time.sleep(self.seconds)
        with self._lock:
            self._going -= 1
            self.interrupted |= interrupt.is_set()
        if target.name in self.raising:
            raise self.raising[target.name]
        if target.name in self.failing:
            return PlanOutcome(None, self.failing[target.name])
        return PlanOutcome(
            PlanFacts(
                digest=f"{len(self.planned):064}",
                planned_at=NOW,
                expires_at=self.expires_at,
                creates=0 if target.name in self.empty else 1,
                is_empty=target.name in self.empty,
                protected=self.protected.get(target.name, ()),
            )
        )

    def apply(
        self, run: Run, target: RunTarget, facts: PlanFacts, *, is_recovery: bool, interrupt: Event
    ) -> ApplyOutcome:
        del run, target, facts, is_recovery, interrupt
        raise SuiteError("planning applies nothing")
