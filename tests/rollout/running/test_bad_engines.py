"""Engines that start units in any order, twice or not at all, and lose jobs: the run is none the worse."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from rollout.domain.errors import RolloutError, RunFailedError, RunPausedError
from rollout.domain.handoff import shards_of
from rollout.domain.model import Batch, Gate, Mode, PlanFacts, Run, RunState, RunTarget
from rollout.domain.ports import ApplyOutcome, PlanOutcome
from rollout.running.gate import begin_wave
from rollout.running.settle import SettleWorld, settle_wave
from rollout.running.stopping import Stop
from rollout.running.unit import World, apply_unit
from tests.rollout.running.engine_world import APPLIED, EngineWorld, a_run, a_wave, accounts, names

ROUNDS = 20
DEPTH = 4


class LostError(BaseException):
    """A job that is gone: nothing of what it would still do happens."""


class Account:
    """What really is in the accounts; an apply starts whatever the engine starts meanwhile."""

    def __init__(self, engine: BadEngine) -> None:
        self.engine = engine
        self.changed: Counter[str] = Counter()
        self.going: list[str] = []

    def plan(self, run: Run, target: RunTarget, *, interrupt: threading.Event) -> PlanOutcome:
        raise NotImplementedError

    def apply(
        self, run: Run, target: RunTarget, facts: PlanFacts, *, is_recovery: bool, interrupt: threading.Event
    ) -> ApplyOutcome:
        del facts, interrupt
        assert is_recovery or not self.changed[target.name], "what was applied is applied again as if it were new"
        if target.name in self.going:  # Terraform's lock: the other one ends first, which here it cannot
            raise LostError
        self.going.append(target.name)
        self.engine.require_limits(run)
        try:
            return self._applied(target.name)
        finally:
            self.going.remove(target.name)

    def _applied(self, name: str) -> ApplyOutcome:
        what = self.engine.draw("how it ends", ["well", "well", "fails", "lost before", "lost after"])
        self.engine.start_some(depth=len(self.going))
        if what == "lost before":
            raise LostError
        if what == "fails":
            return ApplyOutcome(is_applied=False, reason="Terraform failed")
        if self.changed[name]:
            return ApplyOutcome(is_applied=True, how="no changes")
        self.changed[name] += 1
        if what == "lost after":
            raise LostError
        return APPLIED


class BadEngine:
    """Starts units of a wave as it likes."""

    def __init__(self, data: st.DataObject, world: EngineWorld) -> None:
        self.data, self.world, self.is_kind = data, world, False
        self.account = Account(self)
        self.units: list[tuple[str, str]] = []

    def draw(self, what: str, choices: list[str]) -> str:
        return choices[0] if self.is_kind else self.data.draw(st.sampled_from(choices), label=what)

    def start_some(self, *, depth: int) -> None:
        """Start any units, maybe again, while others are applied."""
        if self.is_kind or depth >= DEPTH or not self.units:
            return
        for _ in range(self.data.draw(st.integers(0, 2), label="started meanwhile")):
            self.start(*self.data.draw(st.sampled_from(self.units), label="unit"))

    def start(self, target: str, digest: str) -> None:
        world = World(self.world.store, self.account, self.world.clock)
        try:
            apply_unit(world, self.world.run, target, digest, wait_seconds=0, stop=Stop())
        except (RunFailedError, RunPausedError, RolloutError, LostError):
            return

    def require_limits(self, run: Run) -> None:
        progress = self.world.progress
        for wave in run.waves:
            for batch in wave.batches:
                going = [name for name in batch.targets if name in self.account.going]
                assert len(going) <= batch.max_concurrent
                most = batch.failure_tolerance + (1 if wave.mode is Mode.STRICT else batch.max_concurrent)
                assert progress.failures(batch) <= most

    def wave(self, name: str, *, is_reopened: bool) -> None:
        """As a workflow does: gate, units, settle."""
        world = self.world
        try:
            begin_wave(world.run, world.store, name, clock=world.clock, is_reopened=is_reopened)
            progress = world.progress
            wave = next(each for each in world.run.waves if each.name == name)
            self.units = [
                (unit.target, unit.plan_digest)
                for shard in shards_of(world.run, progress, wave)
                for unit in shard.units
            ]
            for unit in self._chosen():
                self.start(*unit)
            settle_wave(SettleWorld(world.store, world.alarms, world.clock), world.run, name, stop=Stop())
        except (RunFailedError, RunPausedError):
            return

    def _chosen(self) -> Iterator[tuple[str, str]]:
        if self.is_kind or not self.units:
            yield from self.units
            return
        some = st.lists(st.sampled_from(self.units), max_size=2 * len(self.units))
        yield from self.data.draw(some, label="order of the units")


@settings(max_examples=60, deadline=None)
@given(
    data=st.data(),
    at_once=st.integers(1, 3),
    tolerance=st.integers(0, 2),
    mode=st.sampled_from(Mode),
    bad_rounds=st.integers(0, 4),
)
def test_whatever_the_engine_does_each_target_is_applied_once(
    data: st.DataObject, at_once: int, tolerance: int, mode: Mode, bad_rounds: int
) -> None:
    first, east, west = accounts(1), accounts(3)[1:], accounts(3, "eu-west-1")
    no_bake = Gate(0)
    waves = (
        a_wave("canary", Batch(names(first)), gate=no_bake, mode=mode),
        a_wave(
            "rest",
            Batch(names(east), at_once, min(tolerance, 2), "us-east-1"),
            Batch(names(west), at_once, tolerance, "eu-west-1"),
            gate=no_bake,
            mode=mode,
        ),
    )
    world = EngineWorld(a_run(*waves, targets=[*first, *east, *west]))
    engine = BadEngine(data, world)
    for number in range(ROUNDS):
        engine.is_kind = number >= bad_rounds
        left = [wave.name for wave in world.run.waves if world.progress.wave_state(wave.name) != "passed"]
        engine.wave(left[0] if left else "canary", is_reopened=number > 0)
        if world.progress.run_state is RunState.COMPLETED and set(world.states().values()) == {"done"}:
            break

    assert set(world.states().values()) == {"done"}
    assert engine.account.changed == Counter(dict.fromkeys(world.run.by_name, 1))
