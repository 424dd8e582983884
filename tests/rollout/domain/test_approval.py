from __future__ import annotations

from rollout.domain.approval import digest_of, missing_approval
from rollout.domain.model import TargetState
from tests.rollout.domain.scheduler_world import BROKE, approved, planned, wave_of


def test_the_digest_covers_every_plan_of_the_wave_and_nothing_else() -> None:
    world = planned(wave_of("a", "b", tolerance=2), wave_of("c", name="rest"))
    first = digest_of(world.run, world.progress, "all")
    assert len(first) == 64
    assert first != digest_of(world.run, world.progress, "rest")
    world.plan("c", digest="d2")
    world.go()
    world.end("a", BROKE)
    world.go()
    assert digest_of(world.run, world.progress, "all") == first
    world.plan("b", digest="d2")
    assert digest_of(world.run, world.progress, "all") != first
    world.plan("b", digest="d1")
    assert digest_of(world.run, world.progress, "all") == first
    assert world.states()["a"] is TargetState.FAILED


def test_an_approval_is_for_one_wave_and_the_plans_it_had() -> None:
    world = planned(wave_of("a", needs_approval=True), wave_of("b", name="rest"))
    digest = digest_of(world.run, world.progress, "all")
    assert missing_approval(world.run, world.progress, "rest") == ""
    assert missing_approval(world.run, world.progress, "all").startswith("wave all: its plans are not approved; ")
    world.write(approved("rest", digest))
    assert missing_approval(world.run, world.progress, "all") != ""
    world.write(approved("all", digest))
    assert missing_approval(world.run, world.progress, "all") == ""
    world.plan("a", digest="d2")
    assert missing_approval(world.run, world.progress, "all").startswith(
        "wave all: its plans changed after they were approved; "
    )
