"""A process killed between two records goes on as if it had not been."""

from __future__ import annotations

import pytest

from rollout.domain.model import Gate, Mode, RunState, TargetState, WaveState
from rollout.domain.ports import AlarmState
from rollout.domain.scheduler import reopened
from tests.rollout.domain.scheduler_world import BROKE, World, named, planned, wave_of

BAKED = Gate(bake_minutes=10)


def about_to_stop() -> World:
    """One target failed, one bakes, one fails as its alarm fires, two wait; the next decision is to stop."""
    world = planned(
        wave_of(*"abcd", most=3, mode=Mode.SOFT, tolerance=1, gate=BAKED), wave_of("e", name="rest"), alarms=("errors",)
    )
    world.go()
    world.end("a")
    world.end("b")
    world.end("c", BROKE)
    world.alarms[named("a")] = {"errors": AlarmState.ALARM}
    world.read([named("a")])
    world.step()
    world.pass_minutes(1)
    return world


def test_a_stop_is_taken_up_after_each_of_its_records() -> None:
    drafts = about_to_stop().decided().drafts
    assert len(drafts) == 4
    for written in range(len(drafts)):
        world = about_to_stop()
        world.write(*drafts[:written])
        world.go()
        assert world.run_state() is RunState.STOPPED
        assert [state.value for state in world.states().values()] == ["failed", "done", "failed", "skipped", "skipped"]


def test_a_resume_is_taken_up_after_each_of_its_records() -> None:
    whole = about_to_stop()
    whole.go()
    drafts = reopened(whole.run, whole.progress)
    assert len(drafts) == 6
    for written in range(len(drafts)):
        world = about_to_stop()
        world.go()
        world.write(*drafts[:written])
        world.resume()
        assert world.run_state() is RunState.RUNNING
        assert [state.value for state in world.states().values()] == ["baking", "baking", *["planned"] * 3]
        assert reopened(world.run, world.progress) == ()


def test_a_resume_after_the_last_wave_reopens_the_wave_whatever_was_written_before() -> None:
    def completed() -> World:
        world = planned(wave_of("a", tolerance=1))
        world.go()
        world.end("a", BROKE)
        world.go()
        return world

    drafts = reopened(completed().run, completed().progress)
    assert len(drafts) == 3
    for written in range(len(drafts)):
        world = completed()
        world.write(*drafts[:written])
        world.resume()
        assert world.progress.wave_state("all") is WaveState.RUNNING
        assert world.started() == ["a"]


@pytest.mark.parametrize("mode", Mode)
def test_a_run_that_stops_ends_first_what_began_and_nobody_applies(mode: Mode) -> None:
    world = planned(wave_of("a", "b", "c", most=2, tolerance=1, mode=mode))
    assert world.started() == ["a", "b"]
    world.end("a", BROKE)
    world.end("b", BROKE)
    world.write(*planned(wave_of("c")).go().drafts)  # its apply began, and its process was killed
    assert world.started() == ["c"]
    assert world.run_state() is RunState.RUNNING
    world.end("c")
    world.go()
    assert world.run_state() is RunState.STOPPED
    assert world.states()["c"] is TargetState.DONE
