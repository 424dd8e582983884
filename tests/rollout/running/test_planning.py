"""Planning of runs: upstreams first, blocked instead of guessed, failures kept, everything in the journal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest

from modules.core.errors import SuiteError
from modules.core.target import Target
from rollout.domain.errors import LockedError, RolloutError
from rollout.domain.model import Run, RunKind, RunState, TargetState
from rollout.domain.ports import Part
from rollout.domain.progress import Progress
from rollout.domain.records import RUN, Draft, Record
from rollout.domain.waves import Resolved, resolved
from rollout.running.planning import Planning, due, new_run, plan_more, plan_run, unplanned
from tests.rollout.domain.fleets import fleet, settings, target
from tests.rollout.running.planning_fakes import NOW, FakeUnit, MemoryStore

NET, API, WEB = (f"dev-main-us-east-1-{stack}" for stack in ("net", "api", "web"))
CHAIN = {"api": {"after": ["net"]}, "web": {"after": ["api"]}}
PLANNED, BLOCKED, PENDING = TargetState.PLANNED, TargetState.BLOCKED, TargetState.PENDING


def run_of(*targets: Target, waves: Sequence[object] = ({"name": "all"},), stacks: object = None) -> Run:
    found = resolved(settings(waves=list(waves), stacks=stacks or {}), targets)
    return new_run(found, now=NOW, suite_version="0.1.0")


def chain(**fields: object) -> Run:
    return run_of(target(stack="net"), target(stack="api"), target(stack="web"), stacks=CHAIN, **fields)  # type: ignore[arg-type]  # fields of run_of


def planned(run: Run, unit: FakeUnit, store: MemoryStore | None = None) -> Progress:
    return plan_run(Planning(store or MemoryStore(), unit, workers=3), run, lambda each: each.name.encode())


def states(progress: Progress) -> dict[str, TargetState]:
    return {name.rsplit("-", 1)[-1]: progress.state(name) for name in progress.names}


def test_an_id_sorts_by_time_and_is_its_own() -> None:
    ids = {run_of(target()).id for _ in range(3)}
    assert len(ids) == 3
    assert all(re.fullmatch(r"20261121-093000-[0-9a-f]{6}", each) for each in ids)


def test_a_run_carries_what_it_is_told() -> None:
    found = new_run(
        resolved(settings(), fleet()), now=NOW, suite_version="1.2", kind=RunKind.ROLLBACK, revision="a", source_run="b"
    )
    assert (found.kind, found.revision, found.source_run, found.suite_version) == (RunKind.ROLLBACK, "a", "b", "1.2")
    assert len(found.targets) == 6


def test_a_run_without_targets_is_refused() -> None:
    with pytest.raises(RolloutError) as caught:
        new_run(Resolved((), ()), now=NOW, suite_version="1.2")
    assert str(caught.value) == (
        "a run without targets changes nothing; name a target below environments/, or another one"
    )


def test_every_target_is_planned_and_its_root_kept() -> None:
    store, run, told = MemoryStore(), run_of(*fleet()), []
    planning = Planning(store, FakeUnit(), workers=3)
    progress = plan_run(planning, run, lambda each: each.name.encode(), told=lambda *given: told.append(given))
    assert set(states(progress).values()) == {PLANNED}
    assert store.runs == {run.id: run}
    assert {name: store.get(run.id, name, Part.ROOT) for name in progress.names} == {
        name: name.encode() for name in progress.names
    }
    assert told[-1] == (6, 6)
    assert states(Progress.of(run, store.journal(run.id).read())) == states(progress)
    assert all(progress.facts(name) for name in progress.names)


def test_several_are_planned_at_once_and_never_more_than_workers() -> None:
    unit = FakeUnit(seconds=0.02)
    planned(run_of(*fleet()), unit)
    assert unit.most_at_once == 3


def test_what_builds_on_a_change_is_blocked_and_not_planned() -> None:
    unit = FakeUnit()
    progress = planned(chain(), unit)
    assert unit.planned == [NET]
    assert states(progress) == {"net": PLANNED, "api": BLOCKED, "web": BLOCKED}
    assert progress.reason(API) == f"builds on {NET}, not applied yet; planned after wave all"
    assert progress.reason(WEB) == f"builds on {API}, not applied yet; planned after wave all"
    assert progress.facts(API) is None


def test_the_wave_that_is_waited_for_is_the_last_one() -> None:
    waves = [
        {"name": "first", "select": {"stacks": ["net"]}},
        {"name": "second", "select": {"stacks": ["api"]}},
        {"name": "third"},
    ]
    stacks = {"web": {"after": ["api", "net"]}}
    run = run_of(target(stack="net"), target(stack="api"), target(stack="web"), waves=waves, stacks=stacks)
    progress = planned(run, FakeUnit())
    assert progress.reason(WEB) == f"builds on {API}, {NET}, not applied yet; planned after wave second"


def test_what_builds_on_no_change_is_planned_after_it() -> None:
    unit = FakeUnit(empty={NET, API})
    progress = planned(chain(), unit)
    assert unit.planned == [NET, API, WEB]
    assert set(states(progress).values()) == {PLANNED}


def test_what_cannot_be_planned_stays_pending_with_its_reason_and_the_others_go_on() -> None:
    unit = FakeUnit(failing={API: "the role cannot be assumed"}, raising={WEB: SuiteError("no such folder")})
    progress = planned(run_of(target(stack="net"), target(stack="api"), target(stack="web")), unit)
    assert states(progress) == {"net": PLANNED, "api": PENDING, "web": PENDING}
    assert list(unplanned(progress)) == [(API, "the role cannot be assumed"), (WEB, "no such folder")]


def test_what_builds_on_something_that_cannot_be_planned_is_blocked() -> None:
    progress = planned(chain(), FakeUnit(failing={NET: "no"}))
    assert states(progress) == {"net": PENDING, "api": BLOCKED, "web": BLOCKED}


def test_what_destroys_data_without_a_word_is_blocked_and_its_plan_kept() -> None:
    progress = planned(run_of(target()), FakeUnit(protected={"dev-main-us-east-1-orders_api": ("aws_db_instance.a",)}))
    [name] = progress.names
    assert progress.state(name) is BLOCKED
    assert progress.reason(name) == (
        "destroys or replaces aws_db_instance.a, which keep data; allow_destroy of rollout.yaml allows it with a "
        "reason; plan again then"
    )
    assert progress.facts(name) is not None


def test_an_error_that_nobody_foresaw_ends_planning_and_what_was_planned_is_written() -> None:
    store, run = MemoryStore(), run_of(*fleet())
    unit = FakeUnit(raising={run.targets[2].name: ZeroDivisionError("a bug")}, seconds=0.02)
    with pytest.raises(ZeroDivisionError):
        planned(run, unit, store)
    progress = Progress.of(run, store.journal(run.id).read())
    assert [progress.state(each.name) for each in run.targets[:2]] == [PLANNED, PLANNED]
    assert len(unit.planned) < len(run.targets)


class Interrupting:
    """Ctrl-C as soon as the first target is planned."""

    def changed(self, progress: Progress, records: Sequence[Record]) -> None:
        del progress, records
        raise KeyboardInterrupt

    def noted(self, sentence: str) -> None:
        raise AssertionError(sentence)


def test_ctrl_c_stops_terraform_and_writes_what_was_planned() -> None:
    store, run = MemoryStore(), run_of(*fleet())
    unit = FakeUnit(seconds=0.02)
    planning = Planning(store, unit, workers=2, observer=Interrupting())
    with pytest.raises(KeyboardInterrupt):
        plan_run(planning, run, lambda _: b"")
    assert planning.interrupt.is_set()
    written = {record.subject for record in store.journal(run.id).read()}
    assert written == set(unit.planned)
    assert len(written) < len(run.targets)


def after(run: Run, store: MemoryStore, *drafts: Draft) -> None:
    store.journal(run.id).append(drafts)


def more(run: Run, store: MemoryStore, unit: FakeUnit, *only: str, hours: float = 0) -> Progress:
    return plan_more(Planning(store, unit), run, now=NOW + timedelta(hours=hours), only=only)


def test_blocked_targets_are_planned_once_what_they_build_on_is_applied() -> None:
    store, run = MemoryStore(), chain()
    planned(run, FakeUnit(), store)
    after(run, store, Draft(NET, TargetState.APPLYING), Draft(NET, TargetState.BAKING))
    unit = FakeUnit()
    progress = more(run, store, unit)
    assert unit.planned == [API]
    assert states(progress) == {"net": TargetState.BAKING, "api": PLANNED, "web": BLOCKED}
    assert states(Progress.of(run, store.journal(run.id).read())) == states(progress)
    assert not store.is_locked


def test_planning_again_without_news_writes_nothing() -> None:
    store, run = MemoryStore(), chain()
    planned(run, FakeUnit(), store)
    before = store.journal(run.id).read()
    more(run, store, FakeUnit())
    assert store.journal(run.id).read() == before


def test_pending_targets_are_tried_again() -> None:
    store, run = MemoryStore(), run_of(*fleet())
    planned(run, FakeUnit(failing={run.targets[0].name: "no role"}), store)
    unit = FakeUnit()
    assert set(states(more(run, store, unit)).values()) == {PLANNED}
    assert unit.planned == [run.targets[0].name]


def test_expired_plans_are_made_again() -> None:
    store, run = MemoryStore(), run_of(target(), target("shop"))
    planned(run, FakeUnit(), store)
    assert due(Progress.of(run, store.journal(run.id).read()), now=NOW + timedelta(hours=71)) == ()
    unit = FakeUnit(expires_at=NOW + timedelta(hours=200))
    progress = more(run, store, unit, hours=72)
    assert sorted(unit.planned) == sorted(progress.names)
    assert due(progress, now=NOW + timedelta(hours=73)) == ()


def test_named_targets_are_planned_again_whatever_their_plans() -> None:
    store, run = MemoryStore(), run_of(*fleet())
    planned(run, FakeUnit(), store)
    unit = FakeUnit()
    more(run, store, unit, run.targets[3].name)
    assert unit.planned == [run.targets[3].name]


def test_what_builds_on_a_plan_that_changes_something_now_is_blocked() -> None:
    store, run = MemoryStore(), chain()
    planned(run, FakeUnit(empty={NET, API}), store)
    unit = FakeUnit()
    progress = more(run, store, unit, NET)
    assert unit.planned == [NET]
    assert states(progress) == {"net": PLANNED, "api": BLOCKED, "web": BLOCKED}


def test_what_builds_on_a_plan_that_changes_nothing_still_holds() -> None:
    store, run = MemoryStore(), chain()
    planned(run, FakeUnit(empty={NET, API}), store)
    unit = FakeUnit(empty={NET})
    progress = more(run, store, unit, NET)
    assert unit.planned == [NET]
    assert set(states(progress).values()) == {PLANNED}


def test_targets_that_are_applied_or_unknown_cannot_be_planned_again() -> None:
    store, run = MemoryStore(), run_of(*fleet())
    planned(run, FakeUnit(), store)
    first = run.targets[0].name
    after(run, store, Draft(first, TargetState.APPLYING), Draft(RUN, RunState.COMPLETED))
    with pytest.raises(RolloutError) as caught:
        more(run, store, FakeUnit(), first, "dev-nobody")
    assert str(caught.value).splitlines() == [
        (
            f"{first}: is applying in run {run.id}; a target is planned before it is applied; resume the run, or "
            "plan a new one"
        ),
        f'run {run.id}: has no target "dev-nobody"; `lambdanet rollout status` lists them; name another',
        f"run {run.id}: is completed; nothing of it is planned any more; plan a new run",
    ]


def test_nothing_is_planned_while_a_rollout_goes_on() -> None:
    store, run = MemoryStore(), run_of(*fleet())
    planned(run, FakeUnit(), store)
    store.is_locked = True
    with pytest.raises(LockedError):
        more(run, store, FakeUnit())
