"""What holds whatever happens: any fleet, any failure, kill, pause, brake, alarm and late plan, in any order."""

from __future__ import annotations

from random import Random

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from rollout.domain.model import Batch, Gate, Mode, Run, RunState, TargetState, Wave
from rollout.domain.progress import Progress
from tests.rollout.domain.scheduler_chaos import Chaos
from tests.rollout.domain.scheduler_rules import told
from tests.rollout.domain.scheduler_world import BROKE, NO_GATE, WORKED, World, run_of

GATES = [NO_GATE, Gate(0), Gate(10), Gate(5, missing_data_reason="quiet")]


@st.composite
def runs(draw: st.DrawFn) -> Run:
    waves: list[Wave] = []
    stacks: list[str] = []
    after: dict[str, list[str]] = {}
    for place in range(draw(st.integers(1, 3))):
        batches = []
        for _ in range(draw(st.integers(1, 2))):
            own = [f"t{len(stacks) + number}" for number in range(draw(st.integers(0, 5)))]
            for stack in own:
                after[stack] = draw(st.lists(st.sampled_from(stacks), max_size=2)) if stacks else []
                stacks.append(stack)
            most, tolerance = draw(st.integers(1, 4)), draw(st.integers(0, len(own)))
            batches.append(Batch(tuple(draw(st.permutations(own))), most, tolerance))
        gate, mode = draw(st.sampled_from(GATES)), draw(st.sampled_from(Mode))
        waves.append(Wave(f"w{place}", tuple(batches), mode, gate, needs_approval=draw(st.integers(0, 3)) == 0))
    return run_of(waves, after)


@settings(max_examples=60, deadline=None)
@given(runs(), st.integers(0, 2**32))
def test_no_rule_is_broken_and_a_world_that_is_well_again_ends_with_everything_applied_once(
    run: Run, seed: int
) -> None:
    chaos = Chaos(run, Random(seed))  # noqa: S311  # not for secrets
    chaos.live(events=60)
    chaos.heal()
    assert chaos.world.run_state() is RunState.COMPLETED
    assert set(chaos.world.states().values()) <= {TargetState.DONE}
    applied = {name for name, _ in chaos.applied}
    assert applied == set(run.by_name)
    subjects = sorted({record.subject for record in chaos.world.records}, reverse=True)
    by_subject = [record for subject in subjects for record in chaos.world.records if record.subject == subject]
    assert told(Progress.of(run, [*by_subject, *chaos.world.records])) == told(chaos.world.progress)


@pytest.mark.parametrize("mode", Mode)
@settings(max_examples=40, deadline=None)
@given(st.integers(1, 12), st.integers(1, 6), st.integers(0, 12), st.integers(0, 2**32))
def test_failures_pass_the_tolerance_by_no_more_than_the_mode_allows(
    mode: Mode, size: int, most: int, tolerance: int, seed: int
) -> None:
    random, tolerated = Random(seed), min(tolerance, size)  # noqa: S311  # not for secrets
    stacks = tuple(f"t{number}" for number in range(size))
    world = World(run_of([Wave("all", (Batch(stacks, most, tolerated),), mode, NO_GATE)]))
    world.plan()
    chance = random.random()
    while not world.go().is_over:
        name = random.choice(sorted(world.running))
        world.end(name.rsplit("-", 1)[-1], BROKE if random.random() < chance else WORKED)
    counts = world.progress.counts
    assert counts[TargetState.FAILED] <= tolerated + (1 if mode is Mode.STRICT else most)
    assert sum(counts[state] for state in TargetState if state.is_final) == size
    is_over_tolerance = counts[TargetState.FAILED] > tolerated
    assert world.run_state() is (RunState.STOPPED if is_over_tolerance else RunState.COMPLETED)
    assert is_over_tolerance or counts[TargetState.SKIPPED] == 0
