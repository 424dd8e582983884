"""Journal and progress in step, while others write."""

from __future__ import annotations

from benchmarks.fleet_world import JumpingClock, MemoryJournal, fleet_run, planned
from rollout.domain.model import RunState, TargetState
from rollout.domain.records import RUN, Draft
from rollout.running.ledger import Ledger

RUN_OF_ONE = fleet_run(11)
NAME = RUN_OF_ONE.targets[0].name


def ledger() -> tuple[Ledger, MemoryJournal]:
    journal = MemoryJournal(JumpingClock())
    journal.append(planned(RUN_OF_ONE))
    return Ledger(RUN_OF_ONE, journal), journal


def test_what_others_wrote_is_taken_in_once() -> None:
    taken, journal = ledger()
    assert taken.poll() == ()

    journal.append([Draft(RUN, RunState.PAUSED, "lunch")])

    assert [record.state for record in taken.poll()] == ["paused"]
    assert taken.progress.run_state is RunState.PAUSED
    assert taken.poll() == ()


def test_a_record_of_somebody_else_in_between_is_taken_before_ours() -> None:
    taken, journal = ledger()
    journal.append([Draft(RUN, RunState.RUNNING), Draft(RUN, RunState.PAUSED, "lunch")])

    records = taken.append([Draft(RUN, RunState.RUNNING, "again")])

    assert [(record.number, record.draft.reason) for record in records] == [(1, ""), (2, "lunch"), (3, "again")]
    assert (taken.progress.run_state, taken.progress.run_reason) == (RunState.RUNNING, "again")
    assert taken.poll() == ()


def test_several_records_of_one_subject_at_once_are_in_order() -> None:
    taken, _ = ledger()

    taken.append([Draft(NAME, TargetState.APPLYING), Draft(NAME, TargetState.BAKING), Draft(NAME, TargetState.DONE)])

    assert taken.progress.state(NAME) is TargetState.DONE
    assert taken.progress.attempts(NAME) == 1


def test_a_preview_writes_nothing() -> None:
    taken, journal = ledger()
    before = journal.read()

    after = taken.preview([Draft(NAME, TargetState.SKIPPED, "left out")], at=JumpingClock().now())

    assert after.state(NAME) is TargetState.SKIPPED
    assert taken.progress.state(NAME) is TargetState.PLANNED
    assert journal.read() == before
