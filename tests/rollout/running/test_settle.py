"""What follows the units of a wave: what it tolerates, how long it bakes, what its alarms say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rollout.domain.errors import LockedError, RolloutError, RunFailedError, RunPausedError
from rollout.domain.model import Batch, Gate, RunState, TargetState, WaveState
from rollout.domain.ports import AlarmState
from rollout.domain.records import RUN, WAVE
from rollout.running.settle import SettleWorld, settle_wave
from rollout.running.stopping import Stop
from tests.rollout.running.engine_world import START, EngineWorld, a_run, a_wave, accounts, names

CANARY, FIRST, SECOND = names(accounts(3))
RUN_ID = "20261121-093000-a1b2c3"
GATE = Gate(bake_minutes=10)


def applied(*, gate: Gate = GATE, tolerance: int = 0, last: bool = False) -> EngineWorld:
    """Two waves, of which the first is applied; or one wave, where it is the last."""
    targets = accounts(3)
    canary = a_wave("canary", Batch((CANARY, FIRST), max_concurrent=2, failure_tolerance=tolerance), gate=gate)
    rest = a_wave("rest", Batch((SECOND,)))
    run = a_run(canary, targets=targets[:2]) if last else a_run(canary, rest, targets=targets)
    world = EngineWorld(run)
    world.write(RUN, RunState.RUNNING)
    world.write(WAVE + "canary", WaveState.RUNNING)
    for name in (CANARY, FIRST):
        world.write(name, TargetState.APPLYING, attempt=1)
        world.write(name, TargetState.BAKING, how="as reviewed")
    return world


def settle(world: EngineWorld, name: str = "canary", *, accepted: str = "", stop: Stop | None = None) -> None:
    used = SettleWorld(world.store, world.alarms, world.clock)
    settle_wave(used, world.run, name, stop=stop or Stop(), accepted=accepted)


def test_a_wave_passes_once_it_has_baked_and_the_next_one_does_not_begin() -> None:
    world = applied()
    settle(world)

    assert world.clock.time - START >= timedelta(minutes=10)
    assert world.states() == {CANARY: "done", FIRST: "done", SECOND: "planned"}
    assert world.progress.wave_state("canary") is WaveState.PASSED
    assert (world.progress.wave_state("rest"), world.progress.run_state) == (WaveState.PENDING, RunState.RUNNING)
    assert world.alarms.reads > 10


def test_settled_again_it_has_passed() -> None:
    world = applied()
    settle(world)
    before = len(world.store.kept.records)
    settle(world)

    assert len(world.store.kept.records) == before


def test_the_last_wave_ends_the_run() -> None:
    world = applied(last=True)
    settle(world)

    assert world.progress.run_state is RunState.COMPLETED


def test_an_alarm_that_fires_meanwhile_stops_the_run() -> None:
    world = applied()

    def fire() -> None:
        if world.clock.time - START > timedelta(minutes=5):
            world.alarms.told[FIRST] = AlarmState.ALARM

    world.clock.on_wait = fire
    with pytest.raises(RunFailedError) as failed:
        settle(world)

    assert f"1 of 2 targets failed ({FIRST}); failure_tolerance is 0" in str(failed.value)
    assert str(failed.value).endswith("no further wave begins; `lambdanet rollout gate --reopen` lets it go on")
    assert world.clock.time - START < timedelta(minutes=6)
    assert world.states() == {CANARY: "done", FIRST: "failed", SECOND: "skipped"}
    assert world.progress.reason(FIRST) == "in ALARM: errors"


def test_an_alarm_within_the_tolerance_lets_the_wave_pass() -> None:
    world = applied(tolerance=1)
    world.alarms.told[FIRST] = AlarmState.ALARM
    settle(world)

    assert world.states() == {CANARY: "done", FIRST: "failed", SECOND: "planned"}


def test_a_run_that_ends_with_failures_says_so() -> None:
    world = applied(tolerance=1, last=True)
    world.alarms.told[FIRST] = AlarmState.ALARM
    with pytest.raises(RunFailedError) as failed:
        settle(world)

    assert str(failed.value) == (
        f"run {RUN_ID}: has ended; {FIRST} failed, which its tolerance allows; `lambdanet rollout status` tells why"
    )
    assert world.progress.run_state is RunState.COMPLETED


def test_alarms_without_data_pause_the_run_until_a_person_accepts() -> None:
    world = applied()
    world.alarms.told[FIRST] = AlarmState.INSUFFICIENT_DATA
    with pytest.raises(RunPausedError, match="in INSUFFICIENT_DATA: errors"):
        settle(world)
    assert world.progress.run_state is RunState.PAUSED
    with pytest.raises(RunPausedError):
        settle(world)

    settle(world, accepted="nothing calls it at night")
    assert world.progress.wave_state("canary") is WaveState.PASSED
    accepted = [record for record in world.store.kept.records if record.state == "accepted"]
    assert [record.draft.reason for record in accepted] == ["nothing calls it at night"]


def test_without_a_gate_it_passes_at_once() -> None:
    world = applied(gate=Gate(0, off_reason="a test"))
    settle(world)

    assert (world.clock.time, world.alarms.reads) == (START, 0)
    assert world.progress.wave_state("canary") is WaveState.PASSED


def test_what_was_not_applied_is_handed_over_again() -> None:
    world = applied()
    world.write(FIRST, TargetState.PLANNED)
    with pytest.raises(RunPausedError) as paused:
        settle(world)

    assert str(paused.value) == f"wave canary: {FIRST} not applied yet; hand the wave over again"
    assert (world.progress.run_state, world.states()[FIRST]) == (RunState.RUNNING, "planned")


def test_what_began_and_did_not_tell_is_handed_over_again() -> None:
    world = applied()
    world.write(FIRST, TargetState.APPLYING, attempt=2)
    with pytest.raises(RunPausedError) as paused:
        settle(world)

    assert str(paused.value) == (
        f"wave canary: {FIRST} began to be applied, and no unit told how that ended; hand the wave over again, whose "
        "units find out"
    )
    assert world.progress.attempts(FIRST) == 2


def test_failures_that_no_unit_could_write_the_end_of_stop_the_run() -> None:
    world = applied()
    world.write(FIRST, TargetState.FAILED, "no such bucket")
    with pytest.raises(RunFailedError):
        settle(world)

    assert world.states() == {CANARY: "done", FIRST: "failed", SECOND: "skipped"}


def test_a_person_pauses_while_it_bakes() -> None:
    world = applied()

    def pause() -> None:
        world.write(RUN, RunState.PAUSED, "looking at a graph")

    world.clock.on_wait = pause
    with pytest.raises(RunPausedError, match=r"is paused \(looking at a graph\)"):
        settle(world)


def test_only_blocked_targets_left_pause_the_run() -> None:
    world = applied()
    world.write(FIRST, TargetState.BLOCKED, f"builds on {CANARY}, not applied yet")
    with pytest.raises(RunPausedError, match=f"{FIRST} is blocked"):
        settle(world)

    assert world.progress.run_state is RunState.PAUSED


def test_told_to_stop_it_writes_nothing_more() -> None:
    world, stop = applied(), Stop()
    world.clock.on_wait = stop.ask
    with pytest.raises(SystemExit) as ended:
        settle(world, stop=stop)

    assert ended.value.code == 130
    assert world.progress.wave_state("canary") is WaveState.BAKING


def test_a_bake_that_outlives_its_job_goes_on_in_the_next_one() -> None:
    world = applied()
    used = SettleWorld(world.store, world.alarms, world.clock)
    with pytest.raises(RunPausedError) as paused:
        settle_wave(used, world.run, "canary", stop=Stop(), wait_seconds=240)
    assert str(paused.value) == "wave canary: bakes longer than it was waited for; it goes on baking; settle it again"
    assert world.clock.time - START < timedelta(minutes=5)

    settle(world)
    assert timedelta(minutes=10) <= world.clock.time - START < timedelta(minutes=11)
    assert world.progress.wave_state("canary") is WaveState.PASSED


def test_a_wave_that_has_not_begun_is_refused() -> None:
    world = applied(gate=Gate(0, off_reason="a test"))
    settle(world)
    with pytest.raises(RolloutError) as refused:
        settle(world, "rest")

    assert str(refused.value) == (
        "wave rest: has not begun; a wave is settled after its units; begin it with `lambdanet rollout gate --run "
        f"{RUN_ID} --wave rest`"
    )


def test_it_holds_the_lock() -> None:
    world = applied()
    world.store.is_held_by_another = True
    with pytest.raises(LockedError):
        settle(world)
