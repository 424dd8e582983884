"""A fleet of hundreds of accounts in three regions, simulated: waves, tolerance, journal, kills."""

from __future__ import annotations

import cProfile
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest

from benchmarks.fleet_world import AtOnce, FleetAlarms, FleetUnit, JumpingClock, fleet_run, fleet_settings
from rollout.domain.model import RunState, TargetState, WaveState
from rollout.domain.ports import AlarmState
from rollout.domain.progress import Progress
from rollout.domain.records import RUN, Draft, Record
from rollout.running.readings import Sweeps
from rollout.running.stopping import Stop
from tests.rollout.running.fleet_runs import Fleet, KilledError

ACCOUNTS = 500
REGIONS = ("ap-southeast-2", "eu-west-1", "us-east-1")


def begun(records: list[Record]) -> list[str]:
    """Targets in the order in which their applies began."""
    return [record.subject for record in records if record.state == TargetState.APPLYING]


def once(fleet: Fleet) -> bool:
    """Whether every target was applied exactly once."""
    return fleet.unit.applied == Counter([target.name for target in fleet.run.targets])


def test_1500_targets_go_wave_by_wave_and_region_by_region() -> None:
    fleet = Fleet(fleet_run(ACCOUNTS))

    assert fleet.carry_out() is RunState.COMPLETED

    assert once(fleet)
    assert fleet.progress.counts[TargetState.DONE] == 3 * ACCOUNTS
    assert fleet.most == {
        **{f"canary/{region}": 1 for region in REGIONS},
        **{f"early/{region}": 1 for region in REGIONS},  # strict: failure_tolerance + 1
        **{f"rest/{region}": 45 for region in REGIONS},
    }
    batches = [fleet.batch_of[name] for name in begun(fleet.journal.records)]
    assert [before for before, after in pairwise([*batches, ""]) if before != after] == [
        f"{wave}/{region}" for wave in ("canary", "early", "rest") for region in REGIONS
    ]
    assert all(len(batch.targets) in {1, 49, 450} for wave in fleet.run.waves for batch in wave.batches)


def test_a_wave_with_more_failures_than_it_tolerates_stops_the_run_and_resume_ends_it() -> None:
    run = fleet_run(100)
    rest = next(batch for batch in run.waves[2].batches if batch.region == "eu-west-1")
    broken = rest.targets[10:30:2]
    fleet = Fleet(run, FleetUnit(failing=dict.fromkeys(broken, "it broke")))
    assert (rest.failure_tolerance, rest.max_concurrent) == (1, 9)

    assert fleet.carry_out() is RunState.STOPPED

    counts = fleet.progress.counts
    assert rest.failure_tolerance < counts[TargetState.FAILED] <= rest.failure_tolerance + rest.max_concurrent  # soft
    assert counts[TargetState.SKIPPED] + counts[TargetState.DONE] + counts[TargetState.FAILED] == 300
    assert not {target for target in fleet.unit.applied if "us-east-1" in fleet.batch_of[target]} & {
        *run.waves[2].targets
    }
    assert fleet.progress.wave_state("rest") is WaveState.RUNNING

    fleet.unit.failing = {}
    assert fleet.carry_out() is RunState.COMPLETED
    assert once(fleet)
    assert fleet.progress.counts[TargetState.DONE] == 300


def test_an_alarm_of_the_canary_stops_the_second_wave() -> None:
    fleet = Fleet(fleet_run(20))
    canary = fleet.run.waves[0].targets[0]
    fleet.alarms.states_of[canary] = AlarmState.ALARM

    assert fleet.carry_out() is RunState.STOPPED

    assert fleet.progress.reason(canary) == f"in ALARM: {canary}-errors, {canary}-throttles"
    assert set(fleet.unit.applied) <= set(fleet.run.waves[0].targets)
    assert fleet.progress.wave_state("early") is WaveState.PENDING


@pytest.mark.parametrize("seed", range(50))
def test_killed_at_any_moment_and_resumed_each_target_is_applied_exactly_once(seed: int) -> None:
    fleet = Fleet(fleet_run(12), seed=seed)
    kills = 0
    while True:
        try:
            assert fleet.carry_out(lives=fleet.random.randrange(1, 60)) is RunState.COMPLETED
            break
        except KilledError:
            kills += 1

    assert kills
    assert once(fleet)
    assert all(
        fleet.most[f"{wave.name}/{b.region}"] <= b.max_concurrent for wave in fleet.run.waves for b in wave.batches
    )


def test_this_machine_applies_no_more_than_it_has_workers_for() -> None:
    rest = {
        "name": "all",
        "max_concurrent": 10,
        "failure_tolerance": 9,
        "regions": "parallel",
        "gate": {"off_reason": "nothing to watch"},
    }
    fleet = Fleet(fleet_run(10, fleet_settings(waves=[rest])), workers=3)

    assert fleet.carry_out() is RunState.COMPLETED

    assert once(fleet)
    assert fleet.most == {"all/": 3}
    assert all(fleet.progress.attempts(target.name) == 1 for target in fleet.run.targets)


class ClockSetBack(JumpingClock):
    """A machine whose time is set back while a run goes on."""

    back = timedelta()

    def now(self) -> datetime:
        return super().now() - self.back


def test_a_pause_is_seen_within_a_look_even_after_the_clock_was_set_back() -> None:
    clock = ClockSetBack()
    fleet = Fleet(fleet_run(20), clock=clock)
    clock.at(30, lambda: setattr(clock, "back", timedelta(days=1)))
    clock.at(600, partial(fleet.journal.append, [Draft(RUN, RunState.PAUSED, "lunch")]))

    assert fleet.carry_out() is RunState.PAUSED

    assert 1 <= sum(fleet.unit.applied.values()) <= (600 + 60 + 300) / 60


def test_alarms_are_read_after_the_clock_was_set_back() -> None:
    clock, stop = ClockSetBack(), Stop()
    run = fleet_run(20)
    sweeps = Sweeps(run, FleetAlarms(), AtOnce(), clock, stop, every_seconds=30)
    sweeps.look(Progress(run), [run.targets[0].name])
    sweeps.take()
    assert not sweeps.is_due
    clock.back = timedelta(days=1)
    assert sweeps.is_due


def test_a_target_costs_the_same_in_a_fleet_four_times_as_large() -> None:
    """Calls are counted, as they are the same every time; seconds are not."""
    calls = []
    for accounts in (50, 200):
        fleet, profile = Fleet(fleet_run(accounts)), cProfile.Profile()
        profile.runcall(fleet.carry_out)
        calls.append(sum(entry.callcount for entry in profile.getstats()) / (3 * accounts))

    assert calls[1] <= 1.3 * calls[0]
