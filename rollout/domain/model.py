"""What a run is: fixed when it is planned, and never changed afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from modules.core.target import Target


class RunKind(StrEnum):
    """What a run does."""

    ROLLOUT = "rollout"
    ROLLBACK = "rollback"
    DESTROY = "destroy"


class TargetState(StrEnum):
    """How far a target is.

    A target is `blocked` while what it builds on is not applied, or while its plan destroys what is protected; it is
    planned afterwards, and reviewed then.
    """

    PENDING = "pending"
    BLOCKED = "blocked"
    PLANNED = "planned"
    APPLYING = "applying"
    BAKING = "baking"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens to the target unless the run is resumed."""
        return self in {TargetState.DONE, TargetState.FAILED, TargetState.SKIPPED}

    @property
    def is_applied(self) -> bool:
        """Whether its plan has been applied, so that others may build on it."""
        return self in {TargetState.BAKING, TargetState.DONE}


class WaveState(StrEnum):
    """How far a wave is."""

    PENDING = "pending"
    RUNNING = "running"
    BAKING = "baking"
    PASSED = "passed"


class RunState(StrEnum):
    """How far a run is; `paused` waits for a person, `stopped` has met more failures than it tolerates."""

    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    COMPLETED = "completed"


class Mode(StrEnum):
    """What failures do to concurrency, as CloudFormation StackSets defines its concurrency modes.

    `strict` starts min(max_concurrent, failure_tolerance + 1) targets and lowers that with each failure, so that
    failures never exceed the tolerance by more than one; `soft` keeps max_concurrent targets going until it does.
    """

    STRICT = "strict"
    SOFT = "soft"


@dataclass(frozen=True)
class RunTarget:
    """A target of a run.

    Attributes:
        target: where it goes.
        after: names of the targets that it builds on; they are applied first.
    """

    target: Target
    after: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The target's name."""
        return self.target.name


@dataclass(frozen=True)
class Batch:
    """Targets of a wave that go together: those of one region, or all where regions go side by side.

    Attributes:
        targets: names, in the order they start.
        max_concurrent: how many are applied at once, at least 1.
        failure_tolerance: how many may fail before nothing more starts, from 0 to the number of targets.
        region: the region; empty for all.
    """

    targets: tuple[str, ...]
    max_concurrent: int = 1
    failure_tolerance: int = 0
    region: str = ""


@dataclass(frozen=True)
class IgnoredAlarm:
    """An alarm that does not count at gates.

    Attributes:
        name: name of the alarm, or a pattern with `*`.
        reason: why.
    """

    name: str
    reason: str


@dataclass(frozen=True)
class Gate:
    """What a wave waits for after its last target: the alarms that the targets' own modules made.

    Attributes:
        bake_minutes: how long alarms are watched after the wave's last apply.
        off_reason: why no alarm is looked at; empty for alarms that count.
        ignored_alarms: alarms that do not count.
        missing_data_reason: why alarms without data do not pause the run; empty where they do.
    """

    bake_minutes: float = 10.0
    off_reason: str = ""
    ignored_alarms: tuple[IgnoredAlarm, ...] = ()
    missing_data_reason: str = ""


@dataclass(frozen=True)
class Wave:
    """Targets that go before the next wave begins.

    Attributes:
        name: the wave's name.
        batches: go one after the other.
        mode: what failures do to concurrency.
        gate: what decides, after its last target, whether the next wave begins.
        needs_approval: whether a person approves the wave's plans before it begins.
    """

    name: str
    batches: tuple[Batch, ...]
    mode: Mode = Mode.STRICT
    gate: Gate = field(default_factory=Gate)
    needs_approval: bool = False

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """Names of its targets, in order."""
        return tuple(name for batch in self.batches for name in batch.targets)


@dataclass(frozen=True)
class Run:
    """One change on its way to many targets.

    Attributes:
        id: its name, such as `20261121-093000-a1b2c3`; sorts by time.
        kind: what it does.
        created_at: when it was planned, with a time zone.
        suite_version: version of the suite that planned it.
        targets: targets in the order of the waves.
        waves: waves in order; every target is in exactly one.
        revision: what was planned, such as a commit; may be empty.
        source_run: the run whose configuration a rollback plans anew; empty otherwise.
    """

    id: str
    kind: RunKind
    created_at: datetime
    suite_version: str
    targets: tuple[RunTarget, ...]
    waves: tuple[Wave, ...]
    revision: str = ""
    source_run: str = ""

    @cached_property
    def by_name(self) -> Mapping[str, RunTarget]:
        """Targets by name."""
        return {target.name: target for target in self.targets}

    @cached_property
    def wave_of(self) -> Mapping[str, Wave]:
        """The wave of each target, by the target's name."""
        return {name: wave for wave in self.waves for name in wave.targets}


@dataclass(frozen=True)
class PlanFacts:
    """What is known of a target's plan, and may be shown to anybody: no value of any attribute.

    Attributes:
        digest: SHA-256 over everything that decides what an apply does, in hexadecimal.
        planned_at: when it was planned.
        expires_at: until when it may be applied.
        creates: resources that are created.
        updates: resources that are changed in place.
        replaces: resources that are destroyed and made anew.
        deletes: resources that are destroyed.
        is_empty: whether it changes nothing, outputs and state included.
        alarms: names of the CloudWatch alarms, metric and composite, that the target has once it is applied.
        protected: addresses of stateful resources that it destroys or replaces, without a word that allows it.
    """

    digest: str
    planned_at: datetime
    expires_at: datetime
    creates: int = 0
    updates: int = 0
    replaces: int = 0
    deletes: int = 0
    is_empty: bool = False
    alarms: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
