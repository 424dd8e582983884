from __future__ import annotations

from datetime import timedelta

import pytest

from rollout.domain.errors import StoreError
from rollout.domain.model import Batch, Mode, RunState, TargetState, Wave, WaveState
from rollout.domain.progress import Limits, Progress
from rollout.domain.records import LIMITS, NOTED, RUN, WAVE, Draft, Record
from tests.rollout.domain.scheduler_world import NO_GATE, START, World, facts_of, named, planned, run_of, wave_of


def test_a_run_without_records_is_planned_and_its_targets_wait() -> None:
    run = run_of([wave_of("a"), wave_of("b", name="rest")])
    progress = Progress(run)
    assert (progress.run_state, progress.run_since, progress.run_reason) == (RunState.PLANNED, START, "")
    assert (progress.state(named("a")), progress.facts(named("a"))) == (TargetState.PENDING, None)
    assert (progress.wave_state("all"), progress.wave_since("all")) == (WaveState.PENDING, START)
    assert (progress.approved("all"), progress.is_accepted("all"), progress.limits) == ("", False, Limits())
    assert progress.counts[TargetState.PENDING] == 2
    assert progress.wave_counts("all")[TargetState.PENDING] == 1
    assert progress.current_wave is progress.waves["all"]


def test_records_tell_how_far_a_target_is() -> None:
    world = World(run_of([wave_of("a", "b")]))
    name, batch = named("a"), world.run.waves[0].batches[0]
    world.plan("a")
    assert world.progress.facts(name) == facts_of()
    assert not world.progress.has_begun(name)
    world.pass_minutes(3)
    world.write(Draft(name, TargetState.APPLYING, details={"attempt": 1}))
    assert world.progress.has_begun(name)
    assert (world.progress.since(name), world.progress.attempts(name)) == (START + timedelta(minutes=3), 1)
    world.write(Draft(name, TargetState.BAKING, details={"how": "as reviewed"}))
    world.write(Draft(name, TargetState.FAILED, "in ALARM: errors", {"alarms": ["errors"]}))
    assert (world.progress.how(name), world.progress.reason(name)) == ("as reviewed", "in ALARM: errors")
    assert (world.progress.failures(batch), world.progress.failures(Batch(()))) == (1, 0)
    world.plan("a", digest="d2")
    assert not world.progress.has_begun(name)
    assert world.progress.failures(batch) == 0


def test_a_record_read_again_counts_once() -> None:
    world = World(run_of([wave_of("a")]))
    world.plan("a")
    world.write(Draft(named("a"), TargetState.APPLYING), Draft(RUN, RunState.RUNNING))
    for record in world.records:
        world.progress.add(record)
    assert world.progress.attempts(named("a")) == 1
    assert world.progress.counts[TargetState.APPLYING] == 1


def test_words_of_a_person_stand_beside_the_states() -> None:
    world = World(run_of([wave_of("a")]))
    world.write(
        Draft(RUN, LIMITS, details={"max_concurrent": 0}),
        Draft(RUN, LIMITS, details={"failure_tolerance": 2}),
        Draft(WAVE + "all", "approved", details={"digest": "d"}),
        Draft(WAVE + "all", "accepted", "it is new"),
        Draft(RUN, NOTED, "a state lock was released"),
    )
    assert world.progress.limits == Limits(max_concurrent=1, failure_tolerance=2)
    assert (world.progress.approved("all"), world.progress.is_accepted("all")) == ("d", True)
    assert (world.progress.run_state, world.progress.wave_state("all")) == (RunState.PLANNED, WaveState.PENDING)


@pytest.mark.parametrize(
    ("subject", "state"),
    [
        ("nobody", "planned"),
        (named("a"), "sleeping"),
        (WAVE + "last", "running"),
        (WAVE + "all", "approved"),
        (RUN, "x"),
    ],
)
def test_a_record_of_another_run_is_refused(subject: str, state: str) -> None:
    with pytest.raises(StoreError) as caught:
        Progress.of(run_of([wave_of("a")]), [Record(1, START, "me@host", Draft(subject, state))])
    assert str(caught.value) == (
        f"20261121-090000-a1b2c3: record 1 of {subject} says {state}; the run has no such subject or state, or the "
        "record is incomplete; the journal was changed, or written by another version of lambdanet; plan a new run"
    )


def test_a_target_that_builds_on_what_is_not_in_the_run_waits_for_nothing() -> None:
    world = planned(wave_of("a"), after={"a": ["elsewhere"]})
    assert world.started() == ["a"]


def test_an_event_costs_the_same_in_a_small_and_in_a_large_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks at states of targets are counted, which a walk over all of them for each event would square."""

    def looks(size: int) -> int:
        seen = 0
        real = Progress.state

        def counting(self: Progress, target: str) -> TargetState:
            nonlocal seen
            seen += 1
            return real(self, target)

        stacks = [f"t{number}" for number in range(size)]
        after = {stack: [stacks[0]] for stack in stacks[1:]}
        world = planned(Wave("all", (Batch(tuple(stacks), 5, 2),), Mode.SOFT, NO_GATE), after=after)
        monkeypatch.setattr(Progress, "state", counting)
        monkeypatch.setattr(
            Progress, "facts", lambda self, target: counting(self, target) and self.targets[target].facts
        )
        while not world.go().is_over:
            world.end(min(world.running).rsplit("-", 1)[-1])
        monkeypatch.undo()
        assert world.run_state() is RunState.COMPLETED
        return seen

    assert looks(160) < 5 * looks(40)
