"""Words of a person: pause, limits, approval."""

from __future__ import annotations

import pytest

from benchmarks.fleet_world import JumpingClock, MemoryJournal, fleet_run, fleet_settings, planned
from rollout.domain.approval import digest_of
from rollout.domain.errors import RolloutError
from rollout.domain.model import RunState, WaveState
from rollout.domain.progress import Progress
from rollout.domain.records import APPROVED, LIMITS, RUN, WAVE, Draft
from rollout.running.words import approving, limiting, pausing

RUN_ = fleet_run(
    2,
    fleet_settings(
        waves=[{"name": "canary", "select": {"accounts": ["a000"]}}, {"name": "rest", "approval": "required"}]
    ),
)
ID = RUN_.id


def progress(*drafts: Draft) -> Progress:
    journal = MemoryJournal(JumpingClock())
    journal.append([*planned(RUN_), *drafts])
    return Progress.of(RUN_, journal.read())


def test_a_running_run_is_paused_with_a_reason() -> None:
    running = progress(Draft(RUN, RunState.RUNNING))

    assert pausing(RUN_, running, " lunch ") == (Draft(RUN, RunState.PAUSED, "lunch"),)
    assert pausing(RUN_, progress(Draft(RUN, RunState.PAUSED)), "again") == ()
    with pytest.raises(RolloutError) as caught:
        pausing(RUN_, running, " ")
    assert str(caught.value) == (
        f"run {ID}: --reason is empty; a pause stands in the journal with its reason; give one"
    )


@pytest.mark.parametrize("state", [RunState.PLANNED, RunState.STOPPED, RunState.COMPLETED])
def test_only_what_runs_is_paused(state: RunState) -> None:
    drafts = () if state is RunState.PLANNED else (Draft(RUN, state),)

    with pytest.raises(RolloutError) as caught:
        pausing(RUN_, progress(*drafts), "lunch")

    assert str(caught.value) == (
        f"run {ID}: it is {state}; only a running run is paused; `lambdanet rollout status {ID}` says how far it is"
    )


def test_limits_hold_for_what_is_named() -> None:
    draft = limiting(RUN_, progress(), max_concurrent=3, failure_tolerance=None, reason="careful")
    assert draft == (Draft(RUN, LIMITS, "careful", {"max_concurrent": 3}),)
    both = limiting(RUN_, progress(), max_concurrent=1, failure_tolerance=6, reason="")
    assert both[0].details == {"max_concurrent": 1, "failure_tolerance": 6}


def test_limits_out_of_range_are_refused_together() -> None:
    with pytest.raises(RolloutError) as caught:
        limiting(RUN_, progress(Draft(RUN, RunState.COMPLETED)), max_concurrent=0, failure_tolerance=7, reason="")
    assert str(caught.value).splitlines() == [
        f"run {ID}: --max-concurrent is 0; it is at least 1; use `pause` to start nothing more",
        f"run {ID}: --failure-tolerance is 7; it is from 0 to the run's 6 targets; correct it",
        f"run {ID}: it is completed; limits hold for what is still to start; plan a new run",
    ]
    with pytest.raises(RolloutError) as caught:
        limiting(RUN_, progress(), max_concurrent=None, failure_tolerance=None, reason="")
    assert str(caught.value) == (f"run {ID}: no limit is given; give --max-concurrent, --failure-tolerance, or both")


def test_plans_are_approved_by_their_digest_only() -> None:
    now = progress()
    digest = digest_of(RUN_, now, "rest")

    assert approving(RUN_, now, "rest", f" {digest}", "ticket 7") == (
        Draft(f"{WAVE}rest", APPROVED, "ticket 7", {"digest": digest}),
    )
    with pytest.raises(RolloutError) as caught:
        approving(RUN_, now, "rest", "abc")
    assert str(caught.value) == (
        f"run {ID}: --digest is abc; the plans of wave rest have {digest} now; only what was read is approved; read "
        "them again, and give their digest"
    )


def test_a_wave_that_is_not_to_be_approved_is_refused() -> None:
    with pytest.raises(RolloutError) as caught:
        approving(RUN_, progress(), "first", "abc")
    assert str(caught.value) == f'run {ID}: has no wave "first"; its waves are canary, rest; name one of them'
    with pytest.raises(RolloutError) as caught:
        approving(RUN_, progress(), "canary", "abc")
    assert str(caught.value) == (
        f"run {ID}: wave canary needs no approval; those with `approval: required` do, here rest; leave it, or name "
        "another wave"
    )
    with pytest.raises(RolloutError) as caught:
        approving(RUN_, progress(Draft(f"{WAVE}rest", WaveState.PASSED)), "rest", "abc")
    assert str(caught.value) == (f"run {ID}: wave rest has passed; a wave is approved before it begins; leave it")
