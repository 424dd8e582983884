"""Units as tests of engines start them."""

from __future__ import annotations

from rollout.domain.model import Batch, Mode, RunState, WaveState
from rollout.domain.ports import ApplyOutcome
from rollout.domain.records import RUN, WAVE
from rollout.running.observing import Silent
from rollout.running.stopping import Stop
from rollout.running.unit import World, apply_unit
from tests.rollout.running.engine_world import EngineWorld, a_run, a_wave, accounts, facts, names

FIRST, SECOND, THIRD = names(accounts(3))


def begun(world: EngineWorld) -> EngineWorld:
    world.write(RUN, RunState.RUNNING)
    world.write(WAVE + world.run.waves[0].name, WaveState.RUNNING)
    return world


def fleet(*, at_once: int = 3, tolerance: int = 0, mode: Mode = Mode.STRICT, hours: float = 72) -> EngineWorld:
    targets = accounts(3)
    batch = Batch(names(targets), max_concurrent=at_once, failure_tolerance=tolerance)
    return EngineWorld(a_run(a_wave("all", batch, mode=mode), targets=targets), hours=hours)


def apply(
    world: EngineWorld, name: str, *, digest: str = "", wait_seconds: float = 0, stop: Stop | None = None
) -> ApplyOutcome | None:
    used = World(world.store, world.unit, world.clock, Silent())
    wanted = digest or facts(name).digest
    return apply_unit(used, world.run, name, wanted, wait_seconds=wait_seconds, stop=stop or Stop())
