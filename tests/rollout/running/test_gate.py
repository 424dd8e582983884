"""A wave begins once those before it have passed, its plans hold, and a person has said so where one is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rollout.domain.approval import digest_of
from rollout.domain.errors import RolloutError, RunFailedError, RunPausedError
from rollout.domain.model import Batch, Gate, RunState, TargetState, WaveState
from rollout.domain.ports import AlarmState
from rollout.domain.records import APPROVED, RUN, WAVE
from rollout.running.gate import begin_wave
from tests.rollout.running.engine_world import NO_GATE, START, EngineWorld, a_run, a_wave, accounts, names

CANARY, FIRST, SECOND = names(accounts(3))
RUN_ID = "20261121-093000-a1b2c3"


def two_waves(*, approval: bool = False, hours: float = 72, gate: Gate = NO_GATE) -> EngineWorld:
    targets = accounts(3)
    rest = a_wave("rest", Batch((FIRST, SECOND), max_concurrent=2), approval=approval, gate=gate)
    return EngineWorld(a_run(a_wave("canary", Batch((CANARY,))), rest, targets=targets), hours=hours)


def passed(world: EngineWorld) -> EngineWorld:
    world.write(RUN, RunState.RUNNING)
    world.write(CANARY, TargetState.DONE, how="as reviewed")
    world.write(WAVE + "canary", WaveState.PASSED)
    return world


def begin(
    world: EngineWorld, name: str, *, is_reopened: bool = False, left_out: str = "", digest: str = ""
) -> list[tuple[str, str]]:
    """What it wrote."""
    before = len(world.store.kept.records)
    begin_wave(
        world.run,
        world.store,
        name,
        clock=world.clock,
        alarms=world.alarms,
        is_reopened=is_reopened,
        left_out_reason=left_out,
        reviewed_digest=digest,
    )
    return [(record.subject, record.state) for record in world.store.kept.records[before:]]


def refused(world: EngineWorld, name: str, kind: type[Exception]) -> str:
    before = len(world.store.kept.records)
    with pytest.raises(kind) as caught:
        begin(world, name)
    assert len(world.store.kept.records) == before
    return str(caught.value)


def test_the_first_wave_begins_the_run_and_once() -> None:
    world = two_waves()

    assert begin(world, "canary") == [("run", "running"), ("wave:canary", "running")]
    assert begin(world, "canary") == []


def test_the_next_wave_begins_after_the_one_before() -> None:
    world = two_waves()
    begin(world, "canary")

    assert refused(world, "rest", RolloutError) == (
        "wave rest: wave canary is running; a wave begins once those before it have passed; run `lambdanet rollout "
        f"settle --run {RUN_ID} --wave canary` after its units"
    )
    assert begin(passed(world), "rest") == [("wave:rest", "running")]


def test_a_wave_that_has_passed_stays_so() -> None:
    assert begin(passed(two_waves()), "canary") == []


def test_plans_are_approved_before() -> None:
    world = passed(two_waves(approval=True))
    digest = digest_of(world.run, world.progress, "rest")

    assert f"lambdanet rollout approve {RUN_ID} --wave rest --digest {digest}" in refused(world, "rest", RunPausedError)
    world.write(WAVE + "rest", APPROVED, digest="0" * 64)
    assert "its plans changed after they were approved" in refused(world, "rest", RunPausedError)
    world.write(WAVE + "rest", APPROVED, digest=digest)
    assert begin(world, "rest") == [("wave:rest", "running")]


def test_what_was_reviewed_at_the_gate_is_approved() -> None:
    world = passed(two_waves(approval=True))
    digest = digest_of(world.run, world.progress, "rest")

    assert begin(world, "rest", digest=digest) == [("wave:rest", "approved"), ("wave:rest", "running")]
    assert begin(world, "rest", digest=digest) == []


@pytest.mark.parametrize("approval", [True, False])
def test_plans_that_are_not_those_that_were_reviewed_are_refused(approval: bool) -> None:  # noqa: FBT001  # a parameter
    world = passed(two_waves(approval=approval))
    digest = digest_of(world.run, world.progress, "rest")
    with pytest.raises(RolloutError) as caught:
        begin(world, "rest", digest="0" * 64)

    assert str(caught.value) == (
        f"wave rest: the digest {'0' * 64} was reviewed; its plans have {digest} now; only what was reviewed is "
        "applied; review them again, and give their digest"
    )


def test_plans_that_are_missing_expired_or_altered_are_told_together() -> None:
    world = two_waves(hours=0)
    world.write(FIRST, TargetState.PENDING, "its role cannot be assumed")
    world.store.altered.add(SECOND)
    told = refused(world, "canary", RolloutError).splitlines()

    assert [line.split(";")[0].split(", the")[0] for line in told] == [
        f"{FIRST}: has no plan (its role cannot be assumed)",
        f"2 targets ({', '.join(sorted((CANARY, SECOND)))}): its plan expired at 2026-11-21 09:30:00+00:00",
        told[2].split(", the")[0],
    ]
    assert told[2].startswith(f"{SECOND}: its plan has the digest ")


def test_what_could_not_be_planned_is_left_out_with_a_reason() -> None:
    world = two_waves()
    world.write(FIRST, TargetState.PENDING, "its role cannot be assumed")

    assert begin(world, "canary", left_out="account is closed") == [
        (FIRST, "skipped"), ("run", "running"), ("wave:canary", "running"),
    ]  # fmt: skip


def test_what_is_refused_is_not_left_out_either() -> None:
    world = two_waves()
    world.write(FIRST, TargetState.PENDING, "its role cannot be assumed")
    world.store.altered.add(SECOND)
    with pytest.raises(RolloutError, match=f"^{SECOND}: its plan has the digest"):
        begin(world, "canary", left_out="account is closed")

    assert world.states()[FIRST] == "pending"


def test_plans_are_compared_when_a_wave_begins_and_not_with_each_shard() -> None:
    world = two_waves()
    begin(world, "canary")
    world.store.altered.add(CANARY)

    assert begin(world, "canary") == []  # the unit refuses it


def test_a_wave_of_blocked_targets_waits_for_their_review() -> None:
    world = passed(two_waves())
    for name in (FIRST, SECOND):
        world.write(name, TargetState.BLOCKED, f"builds on {CANARY}, not applied yet")

    assert refused(world, "rest", RunPausedError) == (
        f"wave rest: {FIRST}, {SECOND} blocked (builds on {CANARY}, not applied yet); plan and review with `lambdanet "
        f"rollout plan --run {RUN_ID}`"
    )


def test_blocked_targets_beside_others_stop_nothing() -> None:
    world = passed(two_waves())
    world.write(SECOND, TargetState.BLOCKED, f"builds on {FIRST}, not applied yet")

    assert begin(world, "rest") == [("wave:rest", "running")]


def test_a_pause_holds_until_somebody_ends_it() -> None:
    world = passed(two_waves())
    world.write(RUN, RunState.PAUSED, "looking at a graph")

    assert refused(world, "rest", RunPausedError) == (
        f"run {RUN_ID}: is paused (looking at a graph); no wave of it begins; --reopen lets it go on"
    )
    assert begin(world, "rest", is_reopened=True) == [("run", "running"), ("wave:rest", "running")]


def test_a_stopped_run_begins_no_wave_until_it_is_reopened() -> None:
    world = two_waves()
    begin(world, "canary")
    world.write(CANARY, TargetState.APPLYING, attempt=1)
    world.write(CANARY, TargetState.FAILED, "no such bucket")
    for name in (FIRST, SECOND):
        world.write(name, TargetState.SKIPPED, "the run stopped")
    world.write(RUN, RunState.STOPPED, "1 of 1 target failed")

    assert refused(world, "canary", RunFailedError) == (
        f"run {RUN_ID}: is stopped (1 of 1 target failed); no wave of it begins; --reopen lets it go on with what "
        "failed and was skipped"
    )
    begin(world, "canary", is_reopened=True)
    assert set(world.states().values()) == {"planned"}
    assert world.progress.run_state is RunState.RUNNING


def test_lost_jobs_are_looked_for_even_when_nothing_else_may_start() -> None:
    world = passed(two_waves())
    world.write(WAVE + "rest", WaveState.RUNNING)
    world.write(FIRST, TargetState.FAILED, "no such bucket")
    assert "failure_tolerance is 0" in refused(world, "rest", RunFailedError)
    world.write(SECOND, TargetState.APPLYING, attempt=1)

    assert begin(world, "rest") == []


def test_what_failed_in_another_wave_starts_again_too() -> None:
    world = passed(two_waves())
    for name, state in ((FIRST, TargetState.FAILED), (SECOND, TargetState.DONE)):
        world.write(name, TargetState.APPLYING, attempt=1)
        world.write(name, state, "no such bucket")
    world.write(WAVE + "rest", WaveState.PASSED)
    world.write(RUN, RunState.COMPLETED)

    assert begin(world, "canary", is_reopened=True) == [
        ("wave:rest", "running"), (FIRST, "planned"), ("run", "running"),
    ]  # fmt: skip


def test_a_wave_with_more_failures_than_it_tolerates_does_not_go_on() -> None:
    world = two_waves()
    begin(world, "canary")
    world.write(CANARY, TargetState.FAILED, "no such bucket")

    assert "failure_tolerance is 0" in refused(world, "canary", RunFailedError)


def test_the_clock_decides_what_has_expired() -> None:
    world = two_waves(hours=1)
    world.clock.time = START + timedelta(minutes=60)
    assert "its plan expired" in refused(world, "canary", RolloutError)
    world.clock.time = START + timedelta(minutes=59)
    assert begin(world, "canary") == [("run", "running"), ("wave:canary", "running")]


def test_between_shards_an_alarm_of_what_is_applied_stops_the_run() -> None:
    world = passed(two_waves(gate=Gate(10)))
    begin(world, "rest")
    world.write(FIRST, TargetState.APPLYING, attempt=1)
    world.write(FIRST, TargetState.BAKING, how="as reviewed")
    assert begin(world, "rest") == []
    assert world.alarms.reads == 1

    world.alarms.told[FIRST] = AlarmState.ALARM
    with pytest.raises(RunFailedError, match=r"is stopped \(wave rest: 1 of 2 targets failed"):
        begin(world, "rest")
    assert world.states() == {CANARY: "done", FIRST: "failed", SECOND: "skipped"}
    assert world.progress.reason(FIRST) == "in ALARM: errors"
