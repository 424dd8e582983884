"""Waves handed over: what stands in units, shards and jobs, and what no matrix takes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.target import Target
from rollout.domain.errors import RolloutError
from rollout.domain.handoff import (
    LONGEST_UNIT,
    MOST_JOBS,
    MOST_SHARDS,
    github_fields,
    jobs_of,
    require_output,
    shards_of,
    stepfunctions_fields,
    target_of,
    unit_fields,
    wave_of,
)
from rollout.domain.model import Batch, Mode, Run, RunTarget, TargetState, Wave
from rollout.domain.serialized import facts_as_json
from tests.rollout.running.engine_world import EngineWorld, a_run, a_wave, accounts, facts, names


def two_regions(mode: Mode = Mode.STRICT) -> EngineWorld:
    east, west = accounts(3), accounts(2, "eu-west-1")
    first = Batch(names(east), max_concurrent=3, failure_tolerance=1, region="us-east-1")
    second = Batch(names(west), max_concurrent=1, failure_tolerance=0, region="eu-west-1")
    return EngineWorld(a_run(a_wave("rest", first, second, mode=mode), targets=[*east, *west]))


def large(count: int) -> tuple[Run, Wave, EngineWorld]:
    targets = accounts(count)
    wave = a_wave("rest", Batch(names(targets), max_concurrent=50, failure_tolerance=5, region="us-east-1"))
    world = EngineWorld(a_run(wave, targets=targets))
    return world.run, wave, world


def test_each_batch_is_a_shard_with_its_limits() -> None:
    world = two_regions()
    shards = shards_of(world.run, world.progress, world.run.waves[0])

    assert [(each.name, len(each.units), each.max_parallel, each.tolerated_failures) for each in shards] == [
        ("us-east-1", 3, 2, 1),
        ("eu-west-1", 2, 1, 0),
    ]
    assert [unit.target for unit in shards[1].units] == ["dev-a0-eu-west-1-orders_api", "dev-a1-eu-west-1-orders_api"]


def test_where_failures_lower_no_concurrency_no_engine_stops_by_itself() -> None:
    world = two_regions(Mode.SOFT)
    first = shards_of(world.run, world.progress, world.run.waves[0])[0]

    assert (first.max_parallel, first.tolerated_failures) == (3, 3)


def test_failures_before_count() -> None:
    world = two_regions()
    world.write("dev-a0-us-east-1-orders_api", TargetState.FAILED, "no")
    first = shards_of(world.run, world.progress, world.run.waves[0])[0]

    assert [unit.target for unit in first.units] == ["dev-a1-us-east-1-orders_api", "dev-a2-us-east-1-orders_api"]
    assert (first.max_parallel, first.tolerated_failures) == (1, 0)


def test_where_too_many_failed_only_lost_jobs_are_handed_over() -> None:
    world = two_regions()
    for name in world.run.waves[0].targets[:2]:
        world.write(name, TargetState.FAILED, "no")
    world.write("dev-a2-us-east-1-orders_api", TargetState.APPLYING, attempt=1)
    [shard] = shards_of(world.run, world.progress, world.run.waves[0])

    assert [unit.target for unit in shard.units] == ["dev-a2-us-east-1-orders_api"]
    assert shard.max_parallel == 1


@pytest.mark.parametrize("state", [state for state in TargetState if state not in ("planned", "applying")])
def test_only_what_is_left_to_apply_is_handed_over(state: TargetState) -> None:
    world = two_regions()
    for name in world.run.by_name:
        world.write(name, state)

    assert shards_of(world.run, world.progress, world.run.waves[0]) == ()


def test_one_whose_job_was_lost_is_handed_over_again() -> None:
    world = two_regions()
    world.write("dev-a1-us-east-1-orders_api", TargetState.APPLYING, attempt=1)
    first = shards_of(world.run, world.progress, world.run.waves[0])[0]

    assert "dev-a1-us-east-1-orders_api" in {unit.target for unit in first.units}


@given(count=st.integers(1, 60), size=st.integers(0, 70), pack=st.integers(1, 9))
def test_every_target_is_handed_over_once_and_in_order(count: int, size: int, pack: int) -> None:
    run, wave, world = large(count)
    shards = shards_of(run, world.progress, wave, shard_size=size)
    jobs = [job for shard in shards for job in jobs_of(wave, shard, pack=pack)]

    assert [unit.target for job in jobs for unit in job.units] == list(wave.targets)
    assert all(len(shard.units) <= (size or count) for shard in shards)
    assert all(1 <= len(job.units) <= pack for job in jobs)
    assert len({shard.name for shard in shards}) == len(shards)
    assert len({job.id for job in jobs}) == len(jobs)
    assert all(1 <= shard.max_parallel <= len(shard.units) for shard in shards)


def test_a_matrix_of_more_than_256_jobs_is_refused() -> None:
    run, wave, world = large(1500)
    [shard] = shards_of(run, world.progress, wave)
    with pytest.raises(RolloutError) as refused:
        github_fields(wave, [shard])

    assert str(refused.value) == (
        "wave rest, us-east-1: 1500 jobs; a matrix has at most 256 (GitHub Actions); give --shard-size 256 for "
        "matrices one after the other, or --pack 6 for several targets in a job"
    )
    assert len(jobs_of(wave, shard, pack=6)) == 250
    assert [len(part.units) for part in shards_of(run, world.progress, wave, shard_size=256)] == [256] * 5 + [220]


def test_more_shards_than_a_matrix_has_jobs_are_refused() -> None:
    run, wave, world = large(MOST_JOBS + 1)
    with pytest.raises(RolloutError) as refused:
        github_fields(wave, shards_of(run, world.progress, wave, shard_size=1))

    assert str(refused.value) == (
        "wave rest: 257 shards; a matrix has at most 256 (GitHub Actions); give a larger --shard-size, or --pack for "
        "several targets in a job"
    )


def test_more_shards_than_an_execution_has_room_for_are_refused() -> None:
    run, wave, world = large(MOST_SHARDS + 1)
    shards = shards_of(run, world.progress, wave, shard_size=1)
    with pytest.raises(RolloutError) as refused:
        stepfunctions_fields(run, wave, shards, bucket="acme-rollouts", prefix="lambdanet")

    assert str(refused.value) == (
        "wave rest: 101 shards; an execution takes at most 100, as the gate before each stands in its history (Step "
        "Functions quotas); give a larger --shard-size"
    )
    assert stepfunctions_fields(run, wave, shards[:MOST_SHARDS], bucket="acme-rollouts", prefix="lambdanet")


def test_1500_targets_fit_into_what_a_job_puts_out() -> None:
    run, wave, world = large(1500)
    shards = shards_of(run, world.progress, wave, shard_size=250)

    require_output(wave, json.dumps(github_fields(wave, shards)))


def test_an_output_that_is_too_large_is_refused() -> None:
    _, wave, _ = large(1)
    with pytest.raises(RolloutError) as refused:
        require_output(wave, "x" * 524_289)

    assert str(refused.value) == (
        "wave rest: its matrix has 1048578 bytes; a job puts out at most 1048576 (GitHub Actions, UTF-16); split the "
        "wave in environments/rollout.yaml, or hand it over with --format stepfunctions"
    )


def test_the_longest_names_make_no_unit_longer_than_300_characters() -> None:
    long = Target(
        org="acme", env="e" * 16, account="a" * 16, account_id="123456789012", region="ap-southeast-4",
        stack="s" * 31, owner="me",
    )  # fmt: skip
    targets = [RunTarget(long)]
    wave = a_wave("w" * 32, Batch(names(targets), region=long.region))
    world = EngineWorld(a_run(wave, targets=targets))
    [shard] = shards_of(world.run, world.progress, wave)
    [unit] = shard.units

    assert len(json.dumps(unit_fields(world.run, shard, unit), separators=(",", ":"))) <= LONGEST_UNIT
    assert len(json.dumps(github_fields(wave, [shard])[0]["include"], separators=(",", ":"))) <= LONGEST_UNIT


def test_what_github_gets() -> None:
    world = two_regions()
    wave = world.run.waves[0]
    fields = github_fields(wave, shards_of(world.run, world.progress, wave), pack=2)
    digests = [facts(name).digest for name in wave.targets]

    assert fields == [
        {
            "name": "us-east-1",
            "max_parallel": 2,
            "include": [
                {
                    "id": "dev-a0-us-east-1-orders_api+1",
                    "units": f"dev-a0-us-east-1-orders_api@{digests[0]} dev-a1-us-east-1-orders_api@{digests[1]}",
                },
                {"id": "dev-a2-us-east-1-orders_api", "units": f"dev-a2-us-east-1-orders_api@{digests[2]}"},
            ],
        },
        {
            "name": "eu-west-1",
            "max_parallel": 1,
            "include": [
                {
                    "id": "dev-a0-eu-west-1-orders_api+1",
                    "units": f"dev-a0-eu-west-1-orders_api@{digests[3]} dev-a1-eu-west-1-orders_api@{digests[4]}",
                }
            ],
        },
    ]


def test_what_step_functions_gets() -> None:
    world = two_regions()
    wave = world.run.waves[0]
    shards = shards_of(world.run, world.progress, wave)

    assert stepfunctions_fields(world.run, wave, shards[:1], bucket="acme-rollouts", prefix="lambdanet") == {
        "run": "20261121-093000-a1b2c3",
        "wave": "rest",
        "shards": [
            {
                "name": "us-east-1",
                "bucket": "acme-rollouts",
                "key": "lambdanet/handoff/20261121-093000-a1b2c3/rest/us-east-1.json",
                "max_concurrency": 2,
                "tolerated_failure_count": 1,
            }
        ],
    }
    assert unit_fields(world.run, shards[0], shards[0].units[0]) == {
        "run": "20261121-093000-a1b2c3",
        "shard": "us-east-1",
        "target": "dev-a0-us-east-1-orders_api",
        "plan_digest": facts("dev-a0-us-east-1-orders_api").digest,
        "account_id": world.run.targets[0].target.account_id,
        "region": "us-east-1",
    }


def test_a_wave_or_target_that_does_not_exist_is_named_with_those_that_do() -> None:
    run = two_regions().run
    with pytest.raises(RolloutError) as wave:
        wave_of(run, "canary")
    with pytest.raises(RolloutError) as target:
        target_of(run, "dev")

    assert str(wave.value) == 'run 20261121-093000-a1b2c3: has no wave "canary"; it has rest; name one of them'
    assert str(target.value) == (
        'run 20261121-093000-a1b2c3: has no target "dev"; it has 5, which `lambdanet rollout status` lists; name one '
        "of them"
    )


def test_a_plan_that_changed_hands_over_its_new_digest() -> None:
    world = two_regions()
    name = world.run.targets[0].name
    world.write(name, TargetState.PLANNED, plan=facts_as_json(facts("another")))
    shards = shards_of(world.run, world.progress, world.run.waves[0])

    assert shards[0].units[0].plan_digest == facts("another").digest
