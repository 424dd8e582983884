"""What happens next, one situation at a time."""

from __future__ import annotations

from rollout.domain.approval import digest_of
from rollout.domain.model import Batch, Gate, Mode, RunState, TargetState, Wave, WaveState
from rollout.domain.ports import ApplyOutcome
from rollout.domain.records import LIMITS, RUN, WAVE, Draft
from rollout.domain.scheduler import reopened
from tests.rollout.domain.scheduler_world import BROKE, World, approved, named, pause, planned, run_of, wave_of

DONE, FAILED, SKIPPED, PLANNED = TargetState.DONE, TargetState.FAILED, TargetState.SKIPPED, TargetState.PLANNED
BAKED = Gate(bake_minutes=10)


def test_one_after_the_other_until_the_run_is_completed() -> None:
    world = planned(wave_of("a", "b"))
    assert world.started() == ["a"]
    assert world.started() == []
    world.end("a")
    assert world.started() == ["b"]
    world.end("b")
    assert world.go().is_over
    assert world.run_state() is RunState.COMPLETED
    assert world.states() == {"a": DONE, "b": DONE}
    assert [record.state for record in world.records if record.subject.startswith((RUN, WAVE))] == [
        *("running", "running", "baking", "passed", "completed")
    ]


def test_regions_go_one_after_the_other() -> None:
    world = planned(Wave("all", (Batch(("a", "b"), 2, 1), Batch(("c",), 2)), gate=Gate(0, off_reason="none")))
    assert world.started() == ["a", "b"]
    world.end("a")
    assert world.started() == []
    world.end("b")
    assert world.started() == ["c"]


def test_strict_lowers_concurrency_with_each_failure_and_soft_does_not() -> None:
    strict, soft = (planned(wave_of(*"abcdef", most=3, tolerance=1, mode=mode)) for mode in (Mode.STRICT, Mode.SOFT))
    assert strict.started() == ["a", "b"]
    assert soft.started() == ["a", "b", "c"]
    for world in (strict, soft):
        world.end("a", BROKE)
    assert strict.started() == []
    assert soft.started() == ["d"]
    strict.end("b")
    assert strict.started() == ["c"]


def test_more_failures_than_tolerated_stop_the_run_once_running_applies_have_ended() -> None:
    world = planned(wave_of("a", "b", "c", most=2, mode=Mode.SOFT), wave_of("d", name="rest"))
    assert world.started() == ["a", "b"]
    world.end("a", BROKE)
    assert world.started() == []
    assert world.run_state() is RunState.RUNNING
    world.end("b")
    assert world.go().is_over
    assert world.run_state() is RunState.STOPPED
    assert world.progress.run_reason == (
        "wave all: 1 of 3 targets failed (dev-main-us-east-1-a); failure_tolerance is 0; nothing more of the run "
        "starts; mend what failed, then run lambdanet rollout resume 20261121-090000-a1b2c3, or plan a new run"
    )
    assert world.states() == {"a": FAILED, "b": DONE, "c": SKIPPED, "d": SKIPPED}
    assert world.progress.reason(named("d")) == "wave all met more failures than it tolerates"


def test_resume_takes_up_what_failed_and_what_was_skipped_and_nothing_else() -> None:
    world = planned(wave_of("a", "b", "c"))
    world.go()
    world.end("a")
    world.go()
    world.end("b", BROKE)
    world.go()
    world.resume()
    assert world.run_state() is RunState.RUNNING
    assert reopened(world.run, world.progress) == ()
    assert world.started() == ["b"]
    assert world.recovered == {named("b")}
    assert world.progress.attempts(named("a")) == 1
    world.end("b")
    assert world.started() == ["c"]
    assert named("c") not in world.recovered


def test_a_failure_within_the_tolerance_is_taken_up_by_resume_too() -> None:
    world = planned(wave_of("a", "b", tolerance=1), wave_of("c", name="rest"))
    for stack, outcome in (("a", BROKE), ("b", ApplyOutcome(is_applied=True)), ("c", ApplyOutcome(is_applied=True))):
        assert world.started() == [stack]
        world.end(stack, outcome)
    world.go()
    assert world.run_state() is RunState.COMPLETED
    world.resume()
    assert world.started() == ["a"]
    world.end("a")
    world.go()
    assert world.run_state() is RunState.COMPLETED
    assert set(world.states().values()) == {DONE}
    assert reopened(world.run, world.progress) == ()


def test_a_killed_apply_is_recovered_and_its_place_is_not_given_away() -> None:
    world = planned(wave_of("a", "b", "c", most=2, tolerance=1))
    assert world.started() == ["a", "b"]
    world.running.clear()
    world.resume()
    decision = world.go()
    assert decision.start == (named("a"), named("b"))
    assert decision.recover == {named("a"), named("b")}
    assert world.progress.attempts(named("a")) == 2


def test_an_interrupted_apply_has_not_failed_and_is_recovered() -> None:
    world = planned(wave_of("a"))
    world.go()
    world.end("a", ApplyOutcome(is_applied=False, reason="told to stop", was_interrupted=True))
    assert world.states() == {"a": PLANNED}
    assert world.go().recover == {named("a")}


def test_what_builds_on_a_failed_target_is_skipped_and_so_is_what_builds_on_that() -> None:
    world = planned(wave_of("a", "b", "c", tolerance=3), wave_of("d", name="rest"), after={"b": ["a"], "d": ["b"]})
    world.go()
    world.end("a", BROKE)
    assert world.started() == ["c"]
    assert world.progress.reason(named("b")) == "it builds on dev-main-us-east-1-a, which failed"
    assert world.progress.reason(named("d")) == "it builds on dev-main-us-east-1-b, which is skipped"
    world.end("c")
    world.go()
    assert world.run_state() is RunState.COMPLETED


def test_a_target_waits_for_what_it_builds_on_while_others_go() -> None:
    world = planned(wave_of("b", "a", "c", most=2, tolerance=1), after={"b": ["a"]})
    assert world.started() == ["a", "c"]
    world.end("c")
    assert world.started() == []
    world.end("a")
    assert world.started() == ["b"]


def test_the_run_pauses_when_only_targets_without_a_plan_are_left_and_goes_on_once_they_are_planned() -> None:
    world = World(run_of([wave_of("a", "b", "c", "d")], {"b": ["a"]}))
    world.plan("a")
    world.write(Draft(named("b"), TargetState.BLOCKED, "it builds on a."))
    world.plan("d", hours=0.01)
    world.go()
    world.end("a")
    world.pass_minutes(5)
    assert world.go().is_over
    assert world.run_state() is RunState.PAUSED
    assert world.progress.run_reason == (
        "wave all: dev-main-us-east-1-b is blocked (it builds on a); dev-main-us-east-1-c is not planned; "
        "dev-main-us-east-1-d has a plan that expired at 2026-11-21T09:00:36+00:00; only reviewed plans are applied; "
        "run lambdanet rollout plan --run 20261121-090000-a1b2c3, review what it plans, then run lambdanet rollout "
        "resume 20261121-090000-a1b2c3"
    )
    world.plan("b", "c", "d")
    world.resume()
    assert world.started() == ["b"]


def test_a_pause_lets_running_applies_end_and_resume_goes_on() -> None:
    world = planned(wave_of("a", "b"))
    world.go()
    world.write(pause())
    assert not world.go().is_over
    world.end("a")
    assert world.go().is_over
    assert world.states()["b"] is PLANNED
    world.resume()
    assert world.started() == ["b"]


def test_a_run_paused_while_it_was_about_to_stop_takes_up_what_failed() -> None:
    world = planned(wave_of("a", "b"))
    world.go()
    world.end("a", BROKE)
    world.write(pause())  # as an interrupt does, before anything else is decided
    world.resume()
    assert world.states() == {"a": PLANNED, "b": PLANNED}
    assert world.started() == ["a"]


def test_a_persons_limits_count_for_every_batch_from_now_on() -> None:
    world = planned(wave_of(*"abcdef", most=4, tolerance=6))
    assert len(world.started()) == 4
    world.write(Draft(RUN, LIMITS, details={"max_concurrent": 1}))
    for stack in "abc":
        world.end(stack)
        assert world.started() == []
    world.end("d")
    assert world.started() == ["e"]
    world.write(Draft(RUN, LIMITS, details={"failure_tolerance": 0}))
    assert (world.progress.limits.max_concurrent, world.progress.limits.failure_tolerance) == (1, 0)
    world.end("e", BROKE)
    world.go()
    assert world.run_state() is RunState.STOPPED


def test_recovery_after_a_lowered_limit_takes_one_at_a_time() -> None:
    world = planned(wave_of("a", "b", most=2, tolerance=1))
    world.go()
    world.write(Draft(RUN, LIMITS, details={"max_concurrent": 1}))
    world.running.clear()
    assert world.started() == ["a"]
    assert world.started() == []
    world.end("a")
    assert world.started() == ["b"]


def test_a_wave_waits_for_its_approval_and_a_plan_that_changes_makes_it_void() -> None:
    world = planned(wave_of("a", "b", needs_approval=True))
    digest = digest_of(world.run, world.progress, "all")
    assert world.go().is_over
    assert world.progress.run_reason == (
        "wave all: its plans are not approved; nothing of it starts before a person approves them; read them, then run "
        f"lambdanet rollout approve 20261121-090000-a1b2c3 --wave all --digest {digest}, and resume"
    )
    assert world.progress.wave_state("all") is WaveState.PENDING
    world.write(approved("all", digest))
    world.resume()
    assert world.started() == ["a"]
    world.plan("b", digest="d2")
    world.end("a")
    assert world.go().is_over
    assert world.progress.run_reason.startswith("wave all: its plans changed after they were approved; ")
    world.write(approved("all", digest))
    world.resume()
    assert world.started() == []
    world.write(approved("all", digest_of(world.run, world.progress, "all")))
    world.resume()
    assert world.started() == ["b"]


def test_a_wave_of_which_nothing_is_applied_is_not_waited_for() -> None:
    world = planned(wave_of("a", tolerance=1, gate=Gate(bake_minutes=10)), wave_of("b", name="rest"))
    world.go()
    world.end("a", BROKE)
    assert world.started() == ["b"]
    assert world.progress.wave_state("all") is WaveState.PASSED


def test_a_blocked_target_that_was_skipped_is_blocked_again_for_the_same_reason() -> None:
    world = World(run_of([wave_of("a", "b", "c")]))
    world.plan("a")
    world.write(Draft(named("b"), TargetState.BLOCKED, "it builds on a"))
    world.go()
    world.end("a", BROKE)
    world.go()
    assert world.states() == {"a": FAILED, "b": SKIPPED, "c": SKIPPED}
    world.resume()
    assert world.states() == {"a": PLANNED, "b": TargetState.BLOCKED, "c": TargetState.PENDING}
    assert world.progress.reason(named("b")) == "it builds on a"
