"""What engines that fan out by themselves are told."""

from __future__ import annotations

from rollout.domain.model import Batch, RunState, TargetState, Wave, WaveState
from rollout.domain.records import RUN, WAVE, Draft
from rollout.domain.scheduler import Refusal, may_begin, may_start, refusal
from tests.rollout.domain.scheduler_world import BROKE, World, named, pause, planned, run_of, wave_of


def test_engines_are_told_why_a_target_may_not_start() -> None:
    waves = [
        Wave("first", (Batch(("a", "b"), 1, region="us-east-1"), Batch(("c",), region="eu-west-1"))),
        wave_of("d", name="rest"),
    ]
    world = World(run_of(waves, {"b": ["a"]}))
    world.plan("a", "b", "d")

    def why(stack: str) -> str:
        return may_start(world.run, world.progress, named(stack), now=world.now)

    assert why("a").endswith("wave first is pending; targets start while their wave is running; begin it with its gate")
    assert may_begin(world.run, world.progress, "first") == ""
    world.write(Draft(RUN, RunState.RUNNING), Draft(WAVE + "first", WaveState.RUNNING))
    assert why("a") == ""
    assert why("b") == (
        "dev-main-us-east-1-b: it builds on dev-main-us-east-1-a, which is not applied; targets start once what they "
        "build on is applied; wait for it"
    )
    assert why("c") == (
        "dev-main-us-east-1-c: it is not planned; only reviewed plans are applied; run lambdanet rollout plan --run "
        "20261121-090000-a1b2c3 and review what it plans"
    )
    world.plan("c")
    assert why("c") == (
        "dev-main-us-east-1-c: targets in us-east-1 are left; regions go one after the other; wait for them"
    )
    waits = refusal(world.run, world.progress, named("c"), now=world.now)
    assert waits is not None
    assert waits.is_for_now
    assert why("d") == (
        "wave rest: wave first before it is running; waves go one after the other; begin it once that one has passed"
    )
    assert why("nobody") == (
        "dev-main-us-east-1-nobody: run 20261121-090000-a1b2c3 has no such target; its targets are shown by lambdanet "
        "rollout status"
    )
    world.write(Draft(named("a"), TargetState.APPLYING, details={"attempt": 1}))
    assert why("a") == ""  # its job was killed, and runs anew
    world.write(Draft(named("a"), TargetState.BAKING, details={"how": "as reviewed"}))
    assert (
        why("a") == "dev-main-us-east-1-a: it is baking in run 20261121-090000-a1b2c3; what waits is started, and once"
    )
    world.write(pause())
    assert why("b") == (
        "run 20261121-090000-a1b2c3: it is paused (a person paused it); nothing of it starts; run lambdanet rollout "
        "resume 20261121-090000-a1b2c3"
    )


def test_engines_are_told_when_as_many_are_applied_as_may_be() -> None:
    world = planned(wave_of("a", "b", "c", most=2, tolerance=1))
    assert world.started() == ["a", "b"]
    refused = refusal(world.run, world.progress, named("c"), now=world.now)
    assert refused == Refusal(
        "dev-main-us-east-1-c: 2 targets of its batch are being applied; 2 may be at once now; wait for one to end",
        is_for_now=True,
    )
    world.end("a", BROKE)
    assert may_start(world.run, world.progress, named("c"), now=world.now) == (
        "dev-main-us-east-1-c: 1 target of its batch is being applied; 1 may be at once now; wait for one to end"
    )
    world.end("b")
    assert may_start(world.run, world.progress, named("c"), now=world.now) == ""


def test_engines_are_told_that_too_many_failed() -> None:
    world = planned(wave_of("a", "b", name="canary"))
    world.go()
    world.end("a", BROKE)
    sentence = (
        "wave canary: 1 of 2 targets failed (dev-main-us-east-1-a); failure_tolerance is 0; nothing more of the run "
        "starts; mend what failed, then run lambdanet rollout resume 20261121-090000-a1b2c3, or plan a new run"
    )
    assert may_start(world.run, world.progress, named("b"), now=world.now) == sentence
    assert may_begin(world.run, world.progress, "canary") == sentence
