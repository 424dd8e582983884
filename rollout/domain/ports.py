"""What a rollout asks of the world; adapters and fakes fulfil it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from threading import Event
from typing import Protocol

from rollout.domain.model import PlanFacts, Run, RunTarget
from rollout.domain.records import Draft, Record


class Part(StrEnum):
    """A file of a target's plan."""

    ROOT = "root.tar.gz"
    """The Terraform root: `cdk.tf.json`, its assets, the lock file."""

    PLAN = "plan.tfplan"
    PLAN_JSON = "plan.json"
    FACTS = "facts.json"
    ERRORED_STATE = "errored.tfstate"
    """What an apply could not write into the state; empty once it is written."""


class Journal(Protocol):
    """Records of one run; append-only."""

    def append(self, drafts: Sequence[Draft]) -> tuple[Record, ...]:
        """Write changes of state, in order; each is on disk before this returns.

        Raises:
            StoreError: it cannot be written.
        """
        ...

    def read(self) -> tuple[Record, ...]:
        """Every record; those of one subject in order.

        Raises:
            StoreError: it cannot be read, or holds what nobody wrote.
        """
        ...


@dataclass(frozen=True)
class Owner:
    """Who holds the lock.

    Attributes:
        run: the run.
        by: user and host, or what CI calls its run.
        host: host name.
        pid: process id on that host.
        since: since when.
    """

    run: str
    by: str
    host: str
    pid: int
    since: datetime


class RunStore(Protocol):
    """Where runs are kept: their definition, journal, and encrypted plans."""

    def create(self, run: Run) -> None:
        """Keep a new run; refuses an id that exists."""
        ...

    def read(self, run_id: str) -> Run:
        """A run by its id, or the newest where that is `latest`."""
        ...

    def run_ids(self) -> tuple[str, ...]:
        """Ids of every run, the oldest first."""
        ...

    def journal(self, run_id: str) -> Journal:
        """The journal of a run."""
        ...

    def put(self, run_id: str, target: str, part: Part, content: bytes) -> None:
        """Keep a file of a target's plan, encrypted; one that is there is replaced as a whole."""
        ...

    def get(self, run_id: str, target: str, part: Part) -> bytes:
        """A file of a target's plan; raises StoreError when it is missing or was not written by a store like this."""
        ...

    def locked(self, run_id: str, *, wait_seconds: float = 0.0) -> AbstractContextManager[Owner]:
        """Hold the lock on all rollouts of this store; one whose holder is dead is taken over.

        Raises:
            LockedError: another rollout holds it, and does so after `wait_seconds`.
        """
        ...

    def owner(self) -> Owner | None:
        """Who holds the lock now."""
        ...


class AlarmState(StrEnum):
    """State of a CloudWatch alarm; `MISSING` where there is none of that name."""

    OK = "OK"
    ALARM = "ALARM"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"
    MISSING = "MISSING"


class AlarmReader(Protocol):
    """Reads alarms of a target's account and region."""

    def states(self, target: RunTarget, names: Iterable[str]) -> Mapping[str, AlarmState]:
        """State of each alarm.

        Raises:
            RolloutError: the account cannot be asked.
        """
        ...


@dataclass(frozen=True)
class ApplyOutcome:
    """How an apply ended.

    Attributes:
        is_applied: whether what was reviewed is applied now.
        how: `as reviewed`, `planned again, the same`, `what was left of it`, or `no changes`; empty when it failed.
        reason: why it failed, as a sentence without secrets.
        was_interrupted: whether it failed because it was told to stop.
    """

    is_applied: bool
    how: str = ""
    reason: str = ""
    was_interrupted: bool = False


@dataclass(frozen=True)
class PlanOutcome:
    """How planning ended.

    Attributes:
        facts: of the plan; None when it failed.
        reason: why it failed, as a sentence without secrets.
    """

    facts: PlanFacts | None
    reason: str = ""


@dataclass(frozen=True)
class AllowedDestroy:
    """A stateful resource that may be destroyed or replaced.

    Attributes:
        target: name of the target, or a pattern with `*`.
        address: address of the resource, or a pattern with `*`.
        reason: why.
    """

    target: str
    address: str
    reason: str


class Unit(Protocol):
    """Plans and applies one target: the only thing here that changes an account. Called from several threads."""

    def plan(self, run: Run, target: RunTarget, *, interrupt: Event) -> PlanOutcome:
        """Plan a target and keep its plan in the store; the target's root is in the store already."""
        ...

    def apply(
        self, run: Run, target: RunTarget, facts: PlanFacts, *, is_recovery: bool, interrupt: Event
    ) -> ApplyOutcome:
        """Apply exactly the plan with `facts.digest`.

        Args:
            run: the run.
            target: the target.
            facts: what was reviewed.
            is_recovery: an apply of the same plan began before and nobody knows how it ended.
            interrupt: once set, Terraform is asked to stop.
        """
        ...


class Clock(Protocol):
    """Time."""

    def now(self) -> datetime:
        """Now, with a time zone."""
        ...

    def wait(self, flag: Event, seconds: float) -> None:
        """Wait until the flag is set, but not longer than so many seconds."""
        ...


@dataclass(frozen=True)
class Reading:
    """Alarms of a target, read at one time.

    Attributes:
        at: when.
        states: state of each alarm by name; alarms that do not count are left out.
        problem: why they could not be read; empty otherwise.
    """

    at: datetime
    states: Mapping[str, AlarmState] = field(default_factory=dict)
    problem: str = ""
