"""A target that an engine starts: it begins when it may, and once."""

from __future__ import annotations

import threading

import pytest

from rollout.domain.errors import RunFailedError, RunPausedError
from rollout.domain.model import Batch, Mode, RunTarget, TargetState
from rollout.domain.ports import ApplyOutcome
from rollout.running.observing import Silent
from rollout.running.stopping import Stop
from rollout.running.unit import World, apply_unit
from tests.rollout.running.engine_world import APPLIED, EngineWorld, a_run, a_wave, accounts, facts, names, target
from tests.rollout.running.started_units import FIRST, SECOND, THIRD, apply, begun, fleet

NOT_APPLIED = ApplyOutcome(is_applied=False, reason="Terraform failed: no such bucket")


def run_state(world: EngineWorld) -> str:
    return str(world.progress.run_state)


def test_it_is_applied_and_the_journal_tells_so() -> None:
    world = begun(fleet())
    outcome = apply(world, FIRST)

    assert outcome == APPLIED
    assert world.unit.applied == [(FIRST, False)]
    records = [record for record in world.store.kept.records if record.subject == FIRST]
    assert [record.state for record in records] == ["planned", "applying", "baking"]
    assert (records[1].draft.details, records[2].draft.details) == ({"attempt": 1}, {"how": "as reviewed"})


@pytest.mark.parametrize("state", [TargetState.BAKING, TargetState.DONE])
def test_what_is_applied_is_not_applied_again(state: TargetState) -> None:
    world = begun(fleet())
    world.write(FIRST, state)

    assert apply(world, FIRST) is None
    assert world.unit.applied == []


def test_started_twice_it_is_applied_once() -> None:
    world = begun(fleet())
    apply(world, FIRST)
    apply(world, FIRST)

    assert world.unit.applied == [(FIRST, False)]


def test_one_whose_job_was_lost_is_recovered() -> None:
    world = begun(fleet())
    world.write(FIRST, TargetState.APPLYING, attempt=1)
    apply(world, FIRST)

    assert world.unit.applied == [(FIRST, True)]
    assert world.progress.attempts(FIRST) == 2


def test_one_that_failed_stops_those_that_are_left() -> None:
    world = begun(fleet(at_once=1))
    world.unit.outcomes[FIRST] = NOT_APPLIED
    with pytest.raises(RunFailedError, match=f"^{FIRST}: Terraform failed: no such bucket$"):
        apply(world, FIRST)

    assert run_state(world) == "stopped"
    assert world.states() == {FIRST: "failed", SECOND: "skipped", THIRD: "skipped"}
    with pytest.raises(RunFailedError, match=f"^{SECOND}: it is skipped in run"):
        apply(world, SECOND)
    assert world.unit.applied == [(FIRST, False)]


def test_within_the_tolerance_the_others_go_on() -> None:
    world = begun(fleet(tolerance=1))
    world.unit.outcomes[FIRST] = NOT_APPLIED
    with pytest.raises(RunFailedError):
        apply(world, FIRST)
    apply(world, SECOND)

    assert run_state(world) == "running"
    assert world.states() == {FIRST: "failed", SECOND: "baking", THIRD: "planned"}


def test_where_another_still_applies_the_run_is_stopped_once_that_has_ended() -> None:
    world = begun(fleet(mode=Mode.SOFT))
    world.write(SECOND, TargetState.APPLYING, attempt=1)
    world.unit.outcomes[FIRST] = NOT_APPLIED
    with pytest.raises(RunFailedError):
        apply(world, FIRST)
    assert run_state(world) == "running"
    with pytest.raises(RunFailedError, match="failure_tolerance is 0"):
        apply(world, THIRD)

    apply(world, SECOND)
    assert run_state(world) == "stopped"
    assert world.states() == {FIRST: "failed", SECOND: "done", THIRD: "skipped"}


def test_it_waits_for_room_and_says_so_once() -> None:
    world = begun(fleet(at_once=1))
    world.write(FIRST, TargetState.APPLYING, attempt=1)
    looks: list[str] = []

    def look() -> None:
        looks.append("")
        if len(looks) == 3:
            world.write(FIRST, TargetState.BAKING, how="as reviewed")

    class Told(Silent):
        sentences: list[str] = []  # noqa: RUF012  # one test, one list

        def noted(self, sentence: str) -> None:
            self.sentences.append(sentence)

    world.clock.on_wait = look
    used = World(world.store, world.unit, world.clock, Told())
    apply_unit(used, world.run, SECOND, facts(SECOND).digest, wait_seconds=600, stop=Stop())

    assert len(looks) == 3
    assert Told.sentences == [
        f"{SECOND}: 1 target of its batch is being applied; 1 may be at once now; wait for one to end"
    ]
    assert world.unit.applied == [(SECOND, False)]


def test_a_turn_that_does_not_come_is_a_pause() -> None:
    world = begun(fleet(at_once=1))
    world.write(FIRST, TargetState.APPLYING, attempt=1)
    with pytest.raises(RunPausedError) as paused:
        apply(world, SECOND, wait_seconds=60)

    assert str(paused.value) == (
        f"{SECOND}: 1 target of its batch is being applied; 1 may be at once now; wait for one to end; nothing of "
        f"{SECOND} was applied; start it again"
    )
    assert world.states()[SECOND] == "planned"


def test_it_waits_for_what_it_builds_on() -> None:
    network = RunTarget(target("us-east-1", stack="network"))
    orders = RunTarget(target("us-east-1"), after=(network.name,))
    batch = Batch((network.name, orders.name), max_concurrent=2, failure_tolerance=1)
    world = begun(EngineWorld(a_run(a_wave("all", batch), targets=(network, orders))))

    def apply_network() -> None:
        apply(world, network.name)

    world.clock.on_wait = apply_network
    apply(world, orders.name, wait_seconds=60)

    assert [name for name, _ in world.unit.applied] == [network.name, orders.name]


def test_of_many_at_once_no_more_are_applied_than_may_be() -> None:
    targets = accounts(8)
    batch = Batch(names(targets), max_concurrent=3, failure_tolerance=7)
    world = begun(EngineWorld(a_run(a_wave("all", batch), targets=targets)))
    running, most, guard = 0, 0, threading.Lock()
    enough = threading.Semaphore(0)

    def count(_: str) -> None:
        nonlocal running, most
        with guard:
            running += 1
            most = max(most, running)
        enough.acquire(timeout=0.02)
        with guard:
            running -= 1

    world.unit.on_apply = count

    def until_applied(name: str) -> None:
        while True:
            try:
                apply(world, name)
            except RunPausedError:
                continue
            return

    threads = [threading.Thread(target=until_applied, args=(name,)) for name in names(targets)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert most <= 3
    assert sorted(world.unit.applied) == [(name, False) for name in sorted(names(targets))]
