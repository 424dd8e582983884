"""What a rollback goes back to, target by target."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rollout.domain.errors import RolloutError
from rollout.domain.model import Batch, Gate, Mode, Run, RunKind, RunTarget, TargetState, Wave
from rollout.domain.records import Draft
from rollout.running.returning import last_applied, way_back
from tests.modules.core.test_target import target
from tests.rollout.running.planning_fakes import NOW, MemoryStore

A, B, C = (RunTarget(target(stack=stack)) for stack in ("a_stack", "b_stack", "c_stack"))
A_ON_B = RunTarget(A.target, (B.name,))


def run(day: int, *targets: RunTarget, kind: RunKind = RunKind.ROLLOUT) -> Run:
    canary = Wave("canary", (Batch((targets[0].name,)),), needs_approval=True)
    rest = tuple(each.name for each in targets[1:])
    waves = (canary, Wave("rest", (Batch(rest, 3, 2),), Mode.SOFT, Gate(5))) if rest else (canary,)
    return Run(f"202611{day:02}-000000-aaaaaa", kind, NOW + timedelta(days=day), "0.1.0", targets, waves)


def store(*runs: tuple[Run, dict[str, TargetState]]) -> MemoryStore:
    """Runs, and the states that their targets came to."""
    kept = MemoryStore()
    for each, states in runs:
        kept.create(each)
        for name, state in states.items():
            if state is not TargetState.SKIPPED:
                kept.journal(each.id).append((Draft(name, TargetState.APPLYING, details={"attempt": 1}),))
            kept.journal(each.id).append((Draft(name, state),))
    return kept


DONE, FAILED, SKIPPED, BAKING = TargetState.DONE, TargetState.FAILED, TargetState.SKIPPED, TargetState.BAKING


def test_each_target_goes_back_to_what_was_applied_last() -> None:
    first, second, bad = run(1, A, B, C), run(2, A, B), run(3, A_ON_B, B, C)
    kept = store(
        (first, {A.name: DONE, B.name: DONE, C.name: DONE}),
        (second, {A.name: FAILED, B.name: BAKING}),
        (bad, {A.name: DONE, B.name: FAILED, C.name: SKIPPED}),
    )
    found = way_back(kept, bad)
    assert found.sources == {A.name: first.id, B.name: second.id}
    assert found.source_run == second.id
    assert found.left_out == {}
    assert found.resolved.targets == (A_ON_B, B)
    assert found.resolved.waves == (
        Wave("canary", (Batch((A.name,)),), needs_approval=True),
        Wave("rest", (Batch((B.name,), 1, 1),), Mode.SOFT, Gate(5)),
    )


def test_waves_without_a_target_are_left_out() -> None:
    first, bad = run(1, A, B), run(2, A_ON_B, B)
    kept = store((first, {A.name: DONE}), (bad, {A.name: DONE, B.name: SKIPPED}))
    found = way_back(kept, bad)
    assert [wave.name for wave in found.resolved.waves] == ["canary"]
    assert found.resolved.targets == (A,)  # what it builds on does not go back


def test_a_run_may_be_named() -> None:
    first, second, bad = run(1, A, B), run(2, A), run(3, A, B)
    kept = store((first, {A.name: DONE, B.name: DONE}), (second, {A.name: DONE}), (bad, {A.name: DONE, B.name: DONE}))
    assert way_back(kept, bad, to=first.id).sources == {A.name: first.id, B.name: first.id}
    found = way_back(kept, bad, to=second.id)
    assert found.sources == {A.name: second.id}
    assert found.left_out == {
        B.name: f"{B.name}: run {second.id} did not apply it; a rollback plans a configuration that was applied "
        "before; change the configuration and roll it out, or take the target out and run `lambdanet rollout orphans`"
    }
    with pytest.raises(RolloutError) as error:
        way_back(kept, bad, to=bad.id)
    assert str(error.value) == (
        f'--to is "{bad.id}", which is no run before {bad.id}; the newest are: {first.id}, {second.id}; name one of '
        "them"
    )


def test_what_was_new_has_nothing_to_go_back_to() -> None:
    bad = run(1, A, B)
    kept = store((bad, {A.name: DONE}))
    with pytest.raises(RolloutError) as error:
        way_back(kept, bad)
    assert str(error.value) == (
        f"{A.name}: no run before {bad.id} of this store applied it; a rollback plans a configuration that was applied "
        "before; change the configuration and roll it out, or take the target out and run `lambdanet rollout orphans`"
    )


def test_what_was_destroyed_before_has_nothing_to_go_back_to() -> None:
    first, gone, bad = run(1, A), run(2, A, kind=RunKind.DESTROY), run(3, A)
    kept = store((first, {A.name: DONE}), (gone, {A.name: DONE}), (bad, {A.name: DONE}))
    with pytest.raises(RolloutError) as error:
        way_back(kept, bad)
    assert str(error.value) == (
        f"{A.name}: before, run {gone.id} had destroyed it; there is nothing to go back to; take the target out and "
        "run `lambdanet rollout orphans`"
    )


@pytest.mark.parametrize(("only", "which"), [((), ""), ((B.name,), " of those named")])
def test_a_run_that_changed_nothing(only: tuple[str, ...], which: str) -> None:
    first, bad = run(1, A, B), run(2, A, B)
    states = {A.name: DONE} if only else {A.name: SKIPPED}
    kept = store((first, {A.name: DONE, B.name: DONE}), (bad, states))
    with pytest.raises(RolloutError) as error:
        way_back(kept, bad, only=only)
    assert str(error.value) == (
        f"run {bad.id}: it has changed no target{which}; there is nothing to go back from; name another run"
    )


def test_what_was_applied_last_is_found_whatever_failed_since() -> None:
    first, second, gone = run(1, A, B), run(2, A, B, C), run(3, B, kind=RunKind.DESTROY)
    kept = store(
        (first, {A.name: DONE, B.name: DONE}), (second, {A.name: FAILED, B.name: DONE, C.name: SKIPPED}),
        (gone, {B.name: DONE}),
    )  # fmt: skip
    assert last_applied(kept, kept.run_ids(), (A.name, B.name, C.name)) == ({A.name: first.id}, {B.name: gone.id})
