"""What alarms make of a wave and of the run."""

from __future__ import annotations

import pytest

from rollout.domain.model import Batch, Gate, IgnoredAlarm, Mode, RunState, TargetState, Wave, WaveState
from rollout.domain.ports import AlarmState, Reading
from rollout.domain.records import WAVE, Draft
from tests.rollout.domain.scheduler_world import BROKE, named, planned, run_of, wave_of

DONE, FAILED, SKIPPED, PLANNED = TargetState.DONE, TargetState.FAILED, TargetState.SKIPPED, TargetState.PLANNED
BAKED = Gate(bake_minutes=10)


def test_alarms_are_watched_until_the_bake_is_over() -> None:
    world = planned(wave_of("a", gate=BAKED), wave_of("b", name="rest"), alarms=("errors",))
    world.go()
    world.end("a")
    decision = world.go()
    assert decision.read_alarms == (named("a"),)
    assert decision.next_at is not None
    world.read(decision.read_alarms)
    world.pass_minutes(9.9)
    assert world.started() == []
    world.now = decision.next_at
    assert world.step().next_at == world.now  # what was read before the end does not end it
    assert world.progress.wave_state("all") is WaveState.BAKING
    assert world.started() == ["b"]
    assert world.progress.wave_state("all") is WaveState.PASSED


def test_an_alarm_at_any_time_of_the_wave_fails_its_target() -> None:
    world = planned(wave_of("a", "b", gate=BAKED), alarms=("errors",))
    world.go()
    world.end("a")
    world.alarms[named("a")] = {"errors": AlarmState.ALARM}
    world.read([named("a")])
    assert world.started() == []
    assert world.run_state() is RunState.STOPPED
    assert world.progress.reason(named("a")) == "in ALARM: errors"
    assert world.records[-3].draft == Draft(named("a"), FAILED, "in ALARM: errors", {"alarms": ["errors"]})
    assert world.states()["b"] is SKIPPED
    world.alarms.clear()
    world.pass_minutes(1)
    world.resume()
    assert world.states()["a"] is TargetState.BAKING  # applied once, and once only; the old reading is not looked at
    assert world.started() == ["b"]


def test_alarms_are_read_before_the_next_batch_begins() -> None:
    wave = Wave("all", (Batch(("a",)), Batch(("b", "c"))), Mode.STRICT, BAKED)
    world = planned(wave, alarms=("errors",))
    world.go()
    world.pass_minutes(1)
    world.end("a")
    decision = world.step()
    assert (decision.start, decision.read_alarms, decision.next_at) == ((), (named("a"),), world.now)
    world.alarms[named("a")] = {"errors": AlarmState.ALARM}
    world.read(decision.read_alarms)
    assert world.started() == []
    assert world.states() == {"a": FAILED, "b": SKIPPED, "c": SKIPPED}


def test_a_batch_that_has_begun_does_not_wait_for_alarms() -> None:
    wave = Wave("all", (Batch(("a",)), Batch(("b", "c"))), Mode.STRICT, BAKED)
    world = planned(wave, alarms=("errors",))
    world.go()
    world.end("a")
    assert world.started() == ["b"]
    world.pass_minutes(1)
    world.end("b")
    assert world.step().start == (named("c"),)


def test_a_bake_cut_short_is_taken_up_again() -> None:
    world = planned(wave_of("a", "b", gate=BAKED), alarms=("errors",))
    world.go()
    world.end("a")
    world.go()
    world.end("b", BROKE)
    world.go()
    assert world.states() == {"a": DONE, "b": FAILED}
    world.resume()
    assert world.states() == {"a": TargetState.BAKING, "b": PLANNED}


def test_alarms_without_data_pause_the_run_until_a_person_accepts() -> None:
    world = planned(wave_of("a", gate=BAKED), alarms=("errors",))
    world.go()
    world.end("a")
    world.alarms[named("a")] = {"errors": AlarmState.INSUFFICIENT_DATA}
    world.go()
    world.pass_minutes(10)
    assert world.go().is_over
    assert world.progress.run_reason == (
        "wave all: dev-main-us-east-1-a: in INSUFFICIENT_DATA: errors; the next wave begins once every alarm that "
        "counts is OK; wait for data and run lambdanet rollout resume 20261121-090000-a1b2c3, or add "
        "--accept-missing-data REASON"
    )
    world.resume()
    assert world.go().is_over
    world.write(Draft(WAVE + "all", "accepted", "new function"))
    world.resume()
    world.go()
    assert world.run_state() is RunState.COMPLETED


@pytest.mark.parametrize(
    ("gate", "alarms", "reading", "state"),
    [
        (Gate(0), ("errors",), Reading(run_of([]).created_at, {"errors": AlarmState.MISSING}), RunState.COMPLETED),
        (Gate(0), ("errors",), Reading(run_of([]).created_at, problem="denied"), RunState.PAUSED),
        (Gate(0), ("errors",), Reading(run_of([]).created_at, {"errors": AlarmState.ALARM}), RunState.STOPPED),
        (Gate(0), (), None, RunState.COMPLETED),
        (BAKED, (), None, RunState.PAUSED),
        (BAKED, ("errors",), Reading(run_of([]).created_at), RunState.PAUSED),
        (BAKED, ("errors", "gone"), Reading(run_of([]).created_at, {"errors": AlarmState.OK}), RunState.PAUSED),
        (BAKED, ("errors",), Reading(run_of([]).created_at, {"errors": AlarmState.OK}), RunState.COMPLETED),
        (Gate(10, missing_data_reason="quiet"), (), None, RunState.COMPLETED),
        (Gate(10, ignored_alarms=(IgnoredAlarm("err*", "noise"),)), ("errors",), None, RunState.PAUSED),
        (Gate(10, off_reason="none"), ("errors",), None, RunState.COMPLETED),
    ],
)
def test_what_a_reading_at_the_end_of_a_bake_makes_of_the_run(
    gate: Gate, alarms: tuple[str, ...], reading: Reading | None, state: RunState
) -> None:
    world = planned(wave_of("a", gate=gate), alarms=alarms)
    world.go()
    world.end("a")
    world.step()  # the wave begins to bake
    world.pass_minutes(gate.bake_minutes)
    if reading is not None:
        world.readings[named("a")] = Reading(world.now, reading.states, reading.problem)
    for _ in range(9):
        world.step()
    assert world.run_state() is state
    assert world.last.is_over
