"""The engine with threads: what runs while it decides, who writes meanwhile, and how it ends early."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from threading import Event

import pytest

from modules.core.errors import PlanError
from rollout.domain.errors import StoreError
from rollout.domain.model import RunState, RunTarget, TargetState
from rollout.domain.ports import AlarmState, ApplyOutcome
from rollout.domain.records import LIMITS, RUN, Draft, Record
from rollout.running.stopping import Stop
from tests.rollout.running.machine_world import DONE, World


def test_applies_run_side_by_side_and_no_more_than_there_are_workers() -> None:
    world = World(6)
    together = threading.Barrier(2)

    def act(_name: str, _interrupt: Event) -> ApplyOutcome:
        together.wait(timeout=10)
        return DONE

    world.unit.act = act

    assert world.carry_out(workers=2) is RunState.COMPLETED
    assert world.unit.most == 2
    assert world.unit.started == world.names
    assert world.states() == {"done": 6}


def test_a_pause_from_elsewhere_lets_running_applies_end_and_starts_nothing_more() -> None:
    world = World(3, max_concurrent=1, failure_tolerance=0)

    def act(name: str, _interrupt: Event) -> ApplyOutcome:
        if name == world.names[0]:
            world.journal.append([Draft(RUN, RunState.PAUSED, "lunch")])
            Event().wait(0.05)  # several looks at the journal
        return DONE

    world.unit.act = act

    assert world.carry_out() is RunState.PAUSED
    assert world.unit.started == world.names[:1]
    assert world.progress.run_reason == "lunch"
    assert world.states() == {"baking": 1, "planned": 2}

    assert world.carry_out() is RunState.COMPLETED
    assert world.unit.started == world.names


def test_a_limit_from_elsewhere_counts_from_then_on() -> None:
    world = World(6, max_concurrent=1)
    go = threading.Barrier(5)

    def act(name: str, _interrupt: Event) -> ApplyOutcome:
        if name == world.names[0]:
            world.journal.append([Draft(RUN, LIMITS, "faster", {"max_concurrent": 5})])
        go.wait(timeout=10)
        return DONE

    world.unit.act = lambda name, interrupt: act(name, interrupt) if name != world.names[5] else DONE

    assert world.carry_out() is RunState.COMPLETED
    assert world.unit.most == 5


def test_an_apply_that_raises_fails_its_target_only() -> None:
    world = World(3)
    first, second = world.names[:2]

    def act(name: str, _interrupt: Event) -> ApplyOutcome:
        if name == first:
            raise PlanError("the role is denied")
        if name == second:
            raise KeyError("a secret")
        return DONE

    world.unit.act = act

    assert world.carry_out() is RunState.COMPLETED
    assert world.states() == {"done": 1, "failed": 2}
    assert world.progress.reason(first) == "the role is denied"
    assert world.progress.reason(second) == (
        f"{second}: the apply ended with KeyError, a defect of this program; nobody knows how much was applied; "
        "`resume` finds out"
    )


def test_an_apply_whose_thread_is_told_to_exit_fails_and_nobody_waits_for_it() -> None:
    world = World(2)

    def act(name: str, _interrupt: Event) -> ApplyOutcome:
        if name == world.names[0]:
            raise SystemExit(1)
        return DONE

    world.unit.act = act

    ended = threading.Thread(target=world.carry_out, daemon=True)
    ended.start()
    ended.join(timeout=10)
    assert not ended.is_alive()
    assert world.states() == {"done": 1, "failed": 1}


def test_told_to_stop_it_starts_nothing_more_and_waits_for_what_runs() -> None:
    world = World(4, max_concurrent=2)

    def act(name: str, interrupt: Event) -> ApplyOutcome:
        if name == world.names[0]:
            world.stop.ask()
            assert not interrupt.wait(0.05)
        return DONE

    world.unit.act = act

    assert world.carry_out() is RunState.PAUSED
    assert world.progress.run_reason == "told to stop by SIGINT; `resume` goes on"
    assert set(world.unit.started) <= set(world.names[:2])
    assert world.states()["baking"] == len(world.unit.started)

    world.stop = Stop()
    assert world.carry_out() is RunState.COMPLETED
    assert sorted(world.unit.started) == sorted(world.names)
    assert world.unit.recovered == []


def test_told_twice_it_interrupts_and_what_was_interrupted_is_recovered() -> None:
    world = World(1)

    def act(_name: str, interrupt: Event) -> ApplyOutcome:
        world.stop.ask()
        world.stop.ask()
        assert interrupt.wait(10)
        return ApplyOutcome(is_applied=False, reason="Terraform was interrupted", was_interrupted=True)

    world.unit.act = act

    assert world.carry_out() is RunState.PAUSED
    assert world.states() == {"applying": 1}
    assert world.told == [f"{world.names[0]}: Terraform was interrupted; `resume` finds out what is left of it"]

    world.stop, world.unit.act = Stop(), lambda _name, _interrupt: DONE
    assert world.carry_out() is RunState.COMPLETED
    assert world.unit.recovered == world.names
    assert world.progress.attempts(world.names[0]) == 2


def test_a_journal_that_cannot_be_written_ends_the_run_once_applies_have_ended() -> None:
    world = World(3, max_concurrent=2)
    ended: list[str] = []
    broken = Event()
    append = world.journal.append

    def failing(drafts: Sequence[Draft]) -> tuple[Record, ...]:
        if broken.is_set() and drafts:
            raise StoreError("the bucket is gone")
        return append(drafts)

    def act(name: str, _interrupt: Event) -> ApplyOutcome:
        broken.set()
        Event().wait(0.02 if name == world.names[0] else 0.06)
        ended.append(name)
        return DONE

    world.unit.act = act
    world.journal.append = failing  # type: ignore[method-assign]  # a fault

    with pytest.raises(StoreError, match=r"^the bucket is gone$"):
        world.carry_out()

    assert sorted(ended) == world.unit.started == world.names[:2]
    world.journal.append = append  # type: ignore[method-assign]  # as before
    assert world.carry_out() is RunState.COMPLETED
    assert world.unit.recovered == world.names[:2]


def test_alarms_are_read_in_threads_and_one_that_cannot_be_read_pauses_the_run() -> None:
    world = World(2, gate={"bake_minutes": 0.001})
    states = world.alarms.states

    def reading(target: RunTarget, names: Iterable[str]) -> Mapping[str, AlarmState]:
        if target.name == world.names[1]:
            raise ConnectionError("a secret")
        return states(target, names)

    world.alarms.states = reading  # type: ignore[method-assign]  # a fault

    assert world.carry_out() is RunState.PAUSED
    assert world.progress.run_reason == (
        f"wave all: {world.names[1]}: its alarms could not be read ({world.names[1]}: reading the alarms ended with "
        "ConnectionError, which is a defect of this program); the next wave begins once every alarm that counts is OK; "
        f"wait for data and run lambdanet rollout resume {world.run.id}, or add --accept-missing-data REASON"
    )
    assert world.states() == {"baking": 2}

    world.alarms.states = states  # type: ignore[method-assign]  # as before
    assert world.carry_out() is RunState.COMPLETED
    assert world.states() == {"done": 2}
    assert len(world.unit.started) == 2


def test_an_alarm_while_others_are_applied_fails_its_target_and_stops_the_rest() -> None:
    world = World(5, max_concurrent=1, failure_tolerance=0, gate={"bake_minutes": 1})
    canary = world.names[0]
    fired = Event()

    def act(name: str, _interrupt: Event) -> ApplyOutcome:
        if name == world.names[1]:
            world.alarms.states_of[canary] = AlarmState.ALARM
            assert fired.wait(10)
        return DONE

    world.unit.act = act
    append = world.journal.append

    def watching(drafts: Sequence[Draft]) -> tuple[Record, ...]:
        if any(draft.state == TargetState.FAILED for draft in drafts):
            fired.set()
        return append(drafts)

    world.journal.append = watching  # type: ignore[method-assign]  # listens

    assert world.carry_out() is RunState.STOPPED
    assert world.unit.started == world.names[:2]
    assert world.progress.reason(canary) == f"in ALARM: {canary}-errors, {canary}-throttles"
    assert world.states() == {"done": 1, "failed": 1, "skipped": 3}
