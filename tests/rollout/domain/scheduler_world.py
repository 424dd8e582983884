"""A world without accounts: a journal, a clock, applies that end as a test says, alarms that it sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from modules.core.target import Target
from rollout.domain.decision import Decision
from rollout.domain.model import Batch, Gate, Mode, PlanFacts, Run, RunKind, RunState, RunTarget, TargetState, Wave
from rollout.domain.ports import AlarmState, ApplyOutcome, Reading
from rollout.domain.progress import Progress
from rollout.domain.records import RUN, WAVE, Draft, Record
from rollout.domain.scheduler import decide, ended, reopened
from rollout.domain.serialized import facts_as_json

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
NO_GATE = Gate(bake_minutes=0, off_reason="nothing to watch")
WORKED = ApplyOutcome(is_applied=True, how="as reviewed")
BROKE = ApplyOutcome(is_applied=False, reason="it broke")


def target(stack: str, region: str = "us-east-1", env: str = "dev") -> Target:
    return Target(org="acme", env=env, stack=stack, owner="me", account="main", account_id="1" * 12, region=region)


def named(stack: str) -> str:
    return target(stack).name


def run_of(waves: Sequence[Wave], after: Mapping[str, Sequence[str]] | None = None) -> Run:
    """A run whose targets are named by their stacks alone, in waves and `after`."""
    stacks = [stack for wave in waves for stack in wave.targets]
    targets = tuple(RunTarget(target(s), tuple(named(a) for a in (after or {}).get(s, ()))) for s in stacks)
    whole = tuple(
        Wave(
            wave.name,
            tuple(
                Batch(tuple(map(named, each.targets)), each.max_concurrent, each.failure_tolerance, each.region)
                for each in wave.batches
            ),
            wave.mode,
            wave.gate,
            wave.needs_approval,
        )
        for wave in waves
    )
    return Run("20261121-090000-a1b2c3", RunKind.ROLLOUT, START, "1.0", targets, whole)


def wave_of(
    *stacks: str,
    most: int = 1,
    tolerance: int = 0,
    mode: Mode = Mode.STRICT,
    gate: Gate = NO_GATE,
    needs_approval: bool = False,
    name: str = "all",
) -> Wave:
    return Wave(name, (Batch(stacks, most, tolerance),), mode, gate, needs_approval)


def facts_of(
    digest: str = "d1", *, now: datetime = START, hours: float = 72, alarms: Iterable[str] = (), is_empty: bool = False
) -> PlanFacts:
    expires_at = now + timedelta(hours=hours)
    return PlanFacts(digest, now, expires_at, creates=1, is_empty=is_empty, alarms=tuple(alarms))


def plan_draft(name: str, facts: PlanFacts) -> Draft:
    return Draft(name, TargetState.PLANNED, details={"plan": facts_as_json(facts)})


class World:
    """Carries out what is decided, as far as a test lets it."""

    def __init__(self, run: Run) -> None:
        self.run, self.now = run, START
        self.records: list[Record] = []
        self.progress = Progress(run)
        self.running: set[str] = set()
        self.readings: dict[str, Reading] = {}
        self.alarms: dict[str, dict[str, AlarmState]] = {}
        self.recovered: set[str] = set()
        self.last = Decision()

    def write(self, *drafts: Draft) -> None:
        for draft in drafts:
            number = sum(record.subject == draft.subject for record in self.records) + 1
            record = Record(number, self.now, "me@host", draft)
            self.records.append(record)
            self.progress.add(record)

    def plan(self, *stacks: str, alarms: Iterable[str] = (), digest: str = "d1", hours: float = 72) -> None:
        """Plan targets by their stacks; all of them where none is named."""
        names = [named(stack) for stack in stacks] or list(self.progress.names)
        facts = facts_of(digest, now=self.now, hours=hours, alarms=alarms)
        self.write(*(plan_draft(name, facts) for name in names))

    def decided(self) -> Decision:
        return decide(
            self.run, self.progress, now=self.now, running=frozenset(self.running), readings=dict(self.readings)
        )

    def step(self) -> Decision:
        """Decide once and carry it out."""
        self.last = self.decided()
        self.write(*self.last.drafts)
        self.running |= set(self.last.start)
        self.recovered |= self.last.recover
        return self.last

    def go(self, *, steps: int = 1_000) -> Decision:
        """Decide until there is nothing to do at once but to start, to wait or to end."""
        for _ in range(steps):
            decision = self.step()
            if decision.is_over or decision.next_at is None or decision.next_at > self.now:
                return decision
            self.read(decision.read_alarms)
        raise AssertionError("it is busy for ever")

    def started(self) -> list[str]:
        """Stacks that start now."""
        return [name.rsplit("-", 1)[-1] for name in self.go().start]

    def read(self, names: Iterable[str]) -> None:
        for name in names:
            facts = self.progress.facts(name)
            expected = dict.fromkeys(facts.alarms if facts else (), AlarmState.OK)
            self.readings[name] = Reading(self.now, {**expected, **self.alarms.get(name, {})})

    def end(self, stack: str, outcome: ApplyOutcome = WORKED) -> None:
        name = named(stack)
        self.running.remove(name)
        self.write(ended(name, outcome))

    def resume(self) -> None:
        self.write(*reopened(self.run, self.progress))

    def pass_minutes(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)

    def states(self) -> dict[str, TargetState]:
        """State of each target, by its stack."""
        return {name.rsplit("-", 1)[-1]: self.progress.state(name) for name in self.progress.names}

    def run_state(self) -> RunState:
        return self.progress.run_state


def planned(*waves: Wave, after: Mapping[str, Sequence[str]] | None = None, alarms: tuple[str, ...] = ()) -> World:
    """A world whose targets are all planned."""
    world = World(run_of(waves, after))
    world.plan(alarms=alarms)
    return world


def pause() -> Draft:
    return Draft(RUN, RunState.PAUSED, "a person paused it")


def approved(wave: str, digest: str) -> Draft:
    return Draft(WAVE + wave, "approved", details={"digest": digest})
