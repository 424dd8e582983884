"""A target that an engine starts and that may not begin, or is told to stop."""

from __future__ import annotations

import pytest

from rollout.domain.errors import LockedError, RolloutError, RunFailedError, RunPausedError, StoreError
from rollout.domain.model import Batch, RunState, TargetState
from rollout.domain.ports import ApplyOutcome
from rollout.domain.records import RUN
from rollout.running.stopping import Stop
from tests.rollout.running.engine_world import EngineWorld, ToldUnit, a_run, a_wave, accounts, facts, names
from tests.rollout.running.started_units import FIRST, SECOND, apply, begun, fleet


@pytest.mark.parametrize(("state", "kind"), [(RunState.PAUSED, RunPausedError), (RunState.STOPPED, RunFailedError)])
def test_a_run_that_does_not_go_on_starts_nothing(state: RunState, kind: type[Exception]) -> None:
    world = begun(fleet())
    world.write(RUN, state, "a person said so")
    with pytest.raises(kind, match=f"it is {state} \\(a person said so\\); nothing of it starts"):
        apply(world, FIRST, wait_seconds=600)

    assert world.unit.applied == []


def test_a_wave_that_has_not_begun_starts_nothing() -> None:
    world = fleet()
    world.write(RUN, RunState.RUNNING)
    with pytest.raises(RolloutError) as refused:
        apply(world, FIRST, wait_seconds=600)

    assert str(refused.value) == (
        f"{FIRST}: wave all is pending; targets start while their wave is running; begin it with its gate"
    )


def test_an_expired_plan_is_refused() -> None:
    world = begun(fleet(hours=0))
    with pytest.raises(RolloutError, match="has a plan that expired at 2026-11-21T09:30:00"):
        apply(world, FIRST, digest=facts(FIRST, hours=0).digest)

    assert world.unit.applied == []


def test_a_wave_whose_approval_is_void_waits_for_a_person() -> None:
    targets = accounts(1)
    world = begun(EngineWorld(a_run(a_wave("all", Batch(names(targets)), approval=True), targets=targets)))
    with pytest.raises(RunPausedError, match=r"^wave all: its plans are not approved"):
        apply(world, FIRST)


def test_told_to_stop_it_begins_nothing() -> None:
    world = begun(fleet(at_once=1))
    world.write(FIRST, TargetState.APPLYING, attempt=1)
    stop = Stop()
    world.clock.on_wait = stop.ask
    with pytest.raises(SystemExit) as ended:
        apply(world, SECOND, wait_seconds=600, stop=stop)

    assert (ended.value.code, world.states()[SECOND]) == (130, "planned")


def test_told_to_stop_before_it_begins_it_begins_nothing() -> None:
    world, stop = begun(fleet()), Stop()
    stop.ask()
    with pytest.raises(SystemExit):
        apply(world, FIRST, stop=stop)

    assert world.unit.applied == []


def test_an_apply_that_is_interrupted_ends_as_the_signal_does() -> None:
    world, stop = begun(fleet()), Stop()
    world.unit.on_apply = lambda _: stop.ask()
    world.unit.outcomes[FIRST] = ApplyOutcome(is_applied=False, reason="it was told to stop", was_interrupted=True)
    with pytest.raises(SystemExit) as ended:
        apply(world, FIRST, stop=stop)

    assert (ended.value.code, world.states()[FIRST]) == (130, "planned")
    apply(world, SECOND)


def test_an_error_of_the_unit_is_how_it_ended() -> None:
    class Refusing(ToldUnit):
        def apply(self, *_: object, **__: object) -> ApplyOutcome:
            raise StoreError("plan.tfplan is not what was written")

    world = begun(fleet())
    world.unit = Refusing()
    with pytest.raises(RunFailedError, match=r"^dev-a0-us-east-1-orders_api: plan.tfplan is not what was written$"):
        apply(world, FIRST)

    assert (world.states()[FIRST], world.progress.reason(FIRST)) == ("failed", "plan.tfplan is not what was written")


def test_a_defect_of_the_unit_is_how_it_ended() -> None:
    class Broken(ToldUnit):
        def apply(self, *_: object, **__: object) -> ApplyOutcome:
            raise KeyError("a secret")

    world = begun(fleet())
    world.unit = Broken()
    with pytest.raises(RunFailedError, match="the apply ended with KeyError, a defect of this program"):
        apply(world, FIRST)

    assert world.states()[FIRST] == "failed"


def test_nothing_begins_while_another_rollout_holds_the_lock() -> None:
    world = begun(fleet())
    world.store.is_held_by_another = True
    with pytest.raises(LockedError):
        apply(world, FIRST)

    assert world.unit.applied == []


def test_a_target_that_the_run_does_not_have_is_refused() -> None:
    with pytest.raises(RolloutError, match='has no target "dev"'):
        apply(begun(fleet()), "dev", digest="0")


def test_another_plan_than_the_reviewed_one_is_refused() -> None:
    world = begun(fleet())
    with pytest.raises(RolloutError) as refused:
        apply(world, FIRST, digest="0" * 64)

    assert str(refused.value) == (
        f"{FIRST}: the plan digest {'0' * 64} was handed over; that of run 20261121-093000-a1b2c3 is "
        f"{facts(FIRST).digest}; hand the wave over again with `lambdanet rollout matrix`"
    )
    assert world.unit.applied == []
