"""What is refused before a run is applied or resumed, sentence by sentence."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest

from benchmarks.fleet_world import START, JumpingClock, MemoryJournal, MemoryStore, facts_of, fleet_run, fleet_settings
from rollout.domain.digest import plan_digest
from rollout.domain.errors import RolloutError
from rollout.domain.model import PlanFacts, RunState, TargetState, WaveState
from rollout.domain.ports import Part
from rollout.domain.progress import Progress
from rollout.domain.records import ACCEPTED, RUN, WAVE, Draft
from rollout.domain.serialized import facts_as_json
from rollout.running.starting import accepted, left_out, refuse, require_begun, require_new

ROOT = gzip.compress(b"\0" * 10_240, mtime=0)  # an empty tar file
RUN_ = fleet_run(1, fleet_settings(waves=[{"name": "all"}]))
ONE, TWO, THREE = (target.name for target in RUN_.targets)
ID = RUN_.id


class World:
    """A run of three targets whose plans are in the store."""

    def __init__(self) -> None:
        self.clock = JumpingClock()
        self.journal = MemoryJournal(self.clock)
        self.store = MemoryStore(RUN_, self.clock, self.journal)
        for name in (ONE, TWO, THREE):
            self.plan(name)

    def plan(self, name: str, *, hours: float = 72) -> None:
        for part, content in ((Part.PLAN, name.encode()), (Part.PLAN_JSON, b"{}"), (Part.ROOT, ROOT)):
            self.store.put(ID, name, part, content)
        times = {"planned_at": START, "expires_at": START + timedelta(hours=hours)}
        digest = plan_digest(plan=name.encode(), plan_json=b"{}", root=ROOT, suite_version="1.0", **times)
        facts = PlanFacts(digest, START, times["expires_at"], alarms=facts_of(name).alarms)
        self.journal.append([Draft(name, TargetState.PLANNED, details={"plan": facts_as_json(facts)})])

    @property
    def progress(self) -> Progress:
        return Progress.of(RUN_, self.journal.read())

    def refusals(self) -> list[str]:
        with pytest.raises(RolloutError) as caught:
            refuse(RUN_, self.progress, self.store, now=self.clock.now())
        return str(caught.value).splitlines()


def test_plans_as_they_were_reviewed_are_let_through() -> None:
    world, seen = World(), list[tuple[int, int]]()

    refuse(RUN_, world.progress, world.store, now=START, seen=lambda done, total: seen.append((done, total)))

    assert seen[-1] == (3, 3)


def test_everything_that_stands_in_the_way_is_one_report() -> None:
    world = World()
    world.plan(ONE, hours=-1)
    world.store.put(ID, TWO, Part.PLAN, b"another")
    world.journal.append([Draft(THREE, TargetState.PENDING, "its role cannot be assumed")])

    refused = world.refusals()

    assert refused[0] == (
        f"{THREE}: has no plan (its role cannot be assumed); only what was planned and reviewed is applied; correct "
        f"that and run `lambdanet rollout plan --run {ID}`, or leave the target out with --skip-unplanned REASON"
    )
    assert refused[1] == (
        f"{ONE}: its plan expired at 2026-11-21 08:00:00+00:00; a plan is applied before it expires; run "
        f"`lambdanet rollout plan --run {ID}`, which plans it anew, and review it"
    )
    facts = world.progress.facts(TWO)
    assert facts is not None
    times = {"planned_at": facts.planned_at, "expires_at": facts.expires_at}
    found = plan_digest(plan=b"another", plan_json=b"{}", root=ROOT, suite_version="1.0", **times)
    assert refused[2] == (
        f"{TWO}: its plan has the digest {found[:12]}, the reviewed one has {facts.digest[:12]}; only what was "
        "reviewed is applied; find out who changed the store, and run `lambdanet rollout plan` for a new run"
    )
    assert len(refused) == 3


@pytest.mark.parametrize("part", [Part.PLAN, Part.PLAN_JSON, Part.ROOT])
def test_a_missing_part_is_refused(part: Part) -> None:
    world = World()
    del world.store.parts[ONE, part]

    assert world.refusals() == [f"run {ID}, {ONE}, {part}: is missing"]


def test_what_is_applied_already_is_not_looked_at() -> None:
    world = World()
    world.journal.append([Draft(ONE, TargetState.APPLYING), Draft(ONE, TargetState.DONE)])
    world.store.parts = {key: content for key, content in world.store.parts.items() if key[0] != ONE}

    refuse(RUN_, world.progress, world.store, now=START)


def test_targets_without_a_plan_are_left_out_for_a_reason() -> None:
    world = World()
    world.journal.append([Draft(TWO, TargetState.PENDING)])

    drafts = left_out(RUN_, world.progress, " the account is being closed ")

    assert drafts == (Draft(TWO, TargetState.SKIPPED, "left out without a plan: the account is being closed"),)
    assert left_out(RUN_, world.progress, "") == ()
    world.plan(TWO)
    with pytest.raises(RolloutError) as caught:
        left_out(RUN_, world.progress, "for nothing")
    assert str(caught.value) == (
        f"run {ID}: --skip-unplanned is given, but every target has a plan or is blocked; leave the option out"
    )


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (RunState.RUNNING, "it was begun before, and its command ended without a word"),
        (RunState.PAUSED, "it is paused"),
        (RunState.STOPPED, "it is stopped"),
    ],
)
def test_a_run_begins_once(state: RunState, sentence: str) -> None:
    world = World()
    require_new(RUN_, world.progress)
    world.journal.append([Draft(RUN, state)])

    with pytest.raises(RolloutError) as caught:
        require_new(RUN_, world.progress)

    assert str(caught.value) == (
        f"run {ID}: {sentence}; `apply` begins a run, `resume` goes on with it; run `lambdanet rollout resume {ID}`"
    )
    require_begun(RUN_, world.progress)


def test_a_completed_run_is_not_applied_again() -> None:
    world = World()
    world.journal.append([Draft(RUN, RunState.COMPLETED)])

    with pytest.raises(RolloutError) as caught:
        require_new(RUN_, world.progress)

    assert str(caught.value) == (
        f"run {ID}: it is completed; a run is applied once; plan a new one with `lambdanet rollout plan`"
    )


def test_a_run_that_has_not_begun_is_not_resumed() -> None:
    with pytest.raises(RolloutError) as caught:
        require_begun(RUN_, World().progress)

    assert str(caught.value) == (
        f"run {ID}: it has not begun; `resume` goes on with a run, `apply` begins it; run "
        f"`lambdanet rollout apply {ID}`"
    )


def test_missing_data_is_accepted_for_the_wave_that_waits() -> None:
    world = World()
    assert accepted(RUN_, world.progress, "") == ()
    with pytest.raises(RolloutError) as caught:
        accepted(RUN_, world.progress, "no traffic")
    assert str(caught.value) == (
        f"run {ID}: --accept-missing-data is given, but no wave is running or baking; alarms are accepted for the wave "
        "that waits for them; leave the option out"
    )

    world.journal.append([Draft(f"{WAVE}all", WaveState.BAKING)])

    assert accepted(RUN_, world.progress, "no traffic") == (Draft(f"{WAVE}all", ACCEPTED, "no traffic"),)
