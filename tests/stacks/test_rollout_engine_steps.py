"""What an execution of the rollout engine does, carried out by moto's interpreter of the Amazon States Language."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import boto3
import pytest
import typer
import yaml
from moto import mock_aws
from moto.stepfunctions.parser.asl.utils import boto_client

from cli.rollout import rollout
from modules.core.build_limits import EXECUTION_MAX_EVENTS
from modules.state_machine import definition_problems
from rollout.domain.handoff import MOST_SHARDS, HandedUnit, Shard, items_key, stepfunctions_fields, unit_fields
from rollout.domain.model import Run, RunKind, Wave
from stacks import rollout_engine_steps
from stacks.rollout_engine_builds import build_states
from stacks.rollout_engine_config import (
    BUILDSPEC,
    EVENTS_PER_LOOK,
    MOST_MINUTES,
    POLL_SECONDS,
    SETTLE_POLL_SECONDS,
)
from stacks.rollout_engine_steps import definition
from tests.docs.test_ci import parse
from tests.stacks.executions import REGION, ROLE, Builds, Clients, Variables, deployed, execute

RUN, AT = "20261121-093000-a1b2c3", datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
STORE, RESULTS, PROJECT = "acme-rollouts", "acme-engine", "acme-units"
COMMANDS = yaml.safe_load(BUILDSPEC)["phases"]["build"]["commands"]
FAILED_COMMAND = f"Error while executing command: {COMMANDS[0]}. Reason: exit status "
"""What CodeBuild tells of a command that failed, before its exit code."""
LOG = "`aws codebuild batch-get-builds --ids {build}` names its log"
STOPPED = (
    "the run is stopped, or has ended with targets that failed; `lambdanet rollout status {run}` names them; "
    "`lambdanet rollout gate --run {run} --wave canary --reopen` lets what failed and was skipped start again"
)
REFUSED = f"the command was refused; what it said is in the log of its build; {LOG}"
PAUSED = (
    "the run waits for a person; `lambdanet rollout status {run}` says for what; where it is paused, "
    "`lambdanet rollout gate --run {run} --wave canary --reopen` ends that; then hand the wave over again"
)
KILLED = f"its build ended FAILED; {LOG}; `lambdanet rollout status {{run}}` shows how far the run is"


CarriedOut = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def carried_out() -> Iterator[CarriedOut]:
    """Executions of what `lambdanet rollout matrix` hands over, with the given targets in each shard."""
    with pytest.MonkeyPatch.context() as patch, mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        for name in ("POLL_SECONDS", "SETTLE_POLL_SECONDS"):
            patch.setattr(rollout_engine_steps, name, 0)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setattr(boto_client, "boto3", shared := Clients())
        s3, codebuild, states = (
            boto3.client(service, region_name=REGION) for service in ("s3", "codebuild", "stepfunctions")
        )
        for bucket in (STORE, RESULTS):
            s3.create_bucket(Bucket=bucket)
        box = {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"}
        codebuild.create_project(
            name=PROJECT, source={"type": "S3", "location": "a/b"}, artifacts={"type": "NO_ARTIFACTS"},
            environment=box, serviceRole=ROLE,
        )  # fmt: skip
        machine_arn = deployed(
            states, definition(partition="aws", project=PROJECT, results_bucket=RESULTS, settle_minutes=90)
        )

        numbers = count()

        def carried_out(*targets: list[str]) -> dict[str, Any]:
            run, wave, shards = Run(RUN, RunKind.ROLLOUT, AT, "0.1.0", (), ()), Wave("canary", ()), shards_with(targets)
            for shard in shards:
                units = json.dumps([unit_fields(run, shard, unit) for unit in shard.units])
                s3.put_object(Bucket=STORE, Key=items_key(run, wave, shard, prefix="lambdanet"), Body=units)
            given = stepfunctions_fields(run, wave, shards, bucket=STORE, prefix="lambdanet")
            return execute(states, machine_arn, given, name=f"{RUN}-canary-{next(numbers)}")

        yield carried_out
        for client in (s3, codebuild, states, shared):
            client.close()


def shards_with(targets: tuple[list[str], ...]) -> tuple[Shard, ...]:
    """A shard for each list of targets."""
    return tuple(
        Shard(f"{number}", tuple(HandedUnit(each, f"of-{each}", "123456789012", REGION) for each in own), 2, len(own))
        for number, own in enumerate(targets)
    )


def names_of(variables: Variables) -> str:
    return variables.get("ROLLOUT_TARGET", variables["ROLLOUT_STEP"])


def names(builds: Builds) -> list[str]:
    return [names_of(each) for each in builds.started]


def exited(code: int, *steps: str) -> Builds:
    """Builds whose command ends so in the named steps, and all others well."""
    return Builds(
        lambda variables: "FAILED" if names_of(variables) in steps else "SUCCEEDED",
        lambda variables: f"{FAILED_COMMAND}{code}" if names_of(variables) in steps else "",
    )


def test_a_wave_is_gated_carried_out_shard_by_shard_and_settled(
    carried_out: CarriedOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    builds = Builds(lambda _: "SUCCEEDED")
    builds.attach(monkeypatch)
    assert carried_out(["a", "b", "c"], ["d"])["status"] == "SUCCEEDED"
    first, *units, turn, last, settled = names(builds)
    assert (first, sorted(units), turn, last, settled) == ("gate", ["a", "b", "c"], "gate", "d", "settle")
    wave = {"ROLLOUT_RUN": RUN, "ROLLOUT_WAVE": "canary"}
    assert builds.started[0] == builds.started[4] == {"ROLLOUT_STEP": "gate", **wave}
    assert builds.started[5] == {
        "ROLLOUT_STEP": "unit", **wave, "ROLLOUT_TARGET": "d", "ROLLOUT_PLAN_DIGEST": "of-d",
    }  # fmt: skip
    assert builds.started[6] == {"ROLLOUT_STEP": "settle", **wave, "ROLLOUT_WAIT_MINUTES": "80"}
    assert [each.get("timeoutInMinutesOverride") for each in builds.parameters] == [None] * 6 + [90]
    assert {each["projectName"] for each in builds.parameters} == {PROJECT}
    tokens = [each["idempotencyToken"] for each in builds.parameters]
    assert [tokens[place] for place in (0, 4, 6)] == [
        f"{RUN}-canary-0-{build}" for build in ("Gate", "Turn-1", "Settle")
    ]


def test_the_gate_stands_before_each_further_shard_too(
    carried_out: CarriedOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0

    def ends(variables: Variables) -> str:
        nonlocal asked
        asked += variables["ROLLOUT_STEP"] == "gate"
        return "FAILED" if asked == 3 and variables["ROLLOUT_STEP"] == "gate" else "SUCCEEDED"

    builds = Builds(ends)
    builds.attach(monkeypatch)
    assert carried_out(["a"], ["b"], ["c"], ["d"])["status"] == "SUCCEEDED"
    assert names(builds) == ["gate", "a", "gate", "b", "gate", "settle"]


@pytest.mark.parametrize("step", ["gate", "settle"])
@pytest.mark.parametrize(
    ("code", "error", "cause"),
    [
        (1, "RolloutStopped", STOPPED),
        (2, "RolloutRefused", REFUSED),
        (3, "RolloutPaused", PAUSED),
        (137, "FAILED", KILLED),
    ],
)
def test_an_execution_ends_with_what_a_person_does_next(
    carried_out: CarriedOut, monkeypatch: pytest.MonkeyPatch, step: str, code: int, error: str, cause: str
) -> None:
    builds = exited(code, step)
    builds.attach(monkeypatch)
    ended = carried_out([])
    assert names(builds) == (["gate"] if step == "gate" else ["gate", "settle"])
    assert (ended["status"], ended["error"]) == ("FAILED", error)
    assert ended["cause"] == f"run {RUN}, wave canary: " + cause.format(run=RUN, build=builds.ids[-1])


@pytest.mark.parametrize(
    ("status", "message"),
    [
        ("FAILED", "Error while executing command: python3 -m pip install '.[terraform]'. Reason: exit status 1"),
        ("TIMED_OUT", ""),
        ("FAULT", ""),
    ],
)
def test_a_build_that_never_asked_tells_nothing_about_the_run(
    carried_out: CarriedOut, monkeypatch: pytest.MonkeyPatch, status: str, message: str
) -> None:
    builds = Builds(lambda _: status, lambda _: message)
    builds.attach(monkeypatch)
    ended = carried_out(["a"])
    assert (ended["status"], ended["error"], names(builds)) == ("FAILED", status, ["gate"])


def test_what_fails_is_judged_by_the_settlement(carried_out: CarriedOut, monkeypatch: pytest.MonkeyPatch) -> None:
    builds = exited(1, "a")
    builds.attach(monkeypatch)
    assert carried_out(["a"], ["b"])["status"] == "SUCCEEDED"
    assert names(builds)[-1] == "settle"


def test_a_build_is_looked_at_until_it_has_ended(carried_out: CarriedOut, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Variables] = []

    def ends(variables: Variables) -> str:
        looks.append(variables)
        return "SUCCEEDED" if len(looks) > 3 else "IN_PROGRESS"

    builds = Builds(ends)
    builds.attach(monkeypatch)
    assert carried_out([])["status"] == "SUCCEEDED"
    assert (len(looks), names(builds)) == (5, ["gate", "settle"])


def test_commands_that_causes_name_exist() -> None:
    whole = json.dumps(definition(partition="aws", project=PROJECT, results_bucket=RESULTS, settle_minutes=90))
    found = set(re.findall(r"`(lambdanet [^`]+)`", whole))
    assert len(found) == 2
    for command in found:
        parse(command.replace("{}", "x"))


def test_gates_shards_and_settling_fit_into_the_history_of_an_execution() -> None:
    settling = MOST_MINUTES * 60 // SETTLE_POLL_SECONDS * EVENTS_PER_LOOK
    five_minutes = 5 * 60 // POLL_SECONDS * EVENTS_PER_LOOK
    of_a_shard = five_minutes + 30  # its map run, its choice, and the start of its build
    assert settling + (MOST_SHARDS + 1) * of_a_shard < EXECUTION_MAX_EVENTS


def test_step_functions_would_take_it() -> None:
    whole = definition(partition="aws-cn", project=PROJECT, results_bucket=RESULTS, settle_minutes=90)
    assert list(definition_problems(whole)) == []
    assert "arn:aws:" not in json.dumps(whole)


def test_no_build_is_stopped_with_its_execution() -> None:
    whole = json.dumps(definition(partition="aws", project=PROJECT, results_bucket=RESULTS, settle_minutes=90))
    assert ".sync" not in whole
    assert "stopBuild" not in whole


def test_units_are_as_many_at_once_and_may_fail_as_often_as_the_hand_off_says() -> None:
    whole = definition(partition="aws", project=PROJECT, results_bucket=RESULTS, settle_minutes=90)
    shards = whole["States"]["Shards"]
    units = shards["ItemProcessor"]["States"]["Units"]
    assert shards["MaxConcurrency"] == 1
    assert units["MaxConcurrencyPath"] == "$.shard.max_concurrency"
    assert units["ToleratedFailureCountPath"] == "$.shard.tolerated_failure_count"
    assert units["ItemReader"]["Parameters"] == {"Bucket.$": "$.shard.bucket", "Key.$": "$.shard.key"}


def test_a_full_queue_is_waited_for_and_the_same_build_is_never_started_twice() -> None:
    states = build_states("Unit", "aws", PROJECT, {"ROLLOUT_RUN": "$.run"}, poll_seconds=POLL_SECONDS)
    busy, _ = states["Unit"]["Retry"]
    assert busy["ErrorEquals"] == ["CodeBuild.AccountLimitExceededException"]
    assert busy["JitterStrategy"] == "FULL"
    assert states["Unit"]["Parameters"]["IdempotencyToken.$"] == "States.Format('{}-Unit', $$.Execution.Name)"
    assert states["Unit runs"]["Seconds"] == POLL_SECONDS


def test_builds_call_commands_that_there_are() -> None:
    commands = typer.main.get_command(rollout)
    called = re.findall(r"lambdanet rollout ([^;]+);;", BUILDSPEC.replace("\\\n", ""))
    assert len(called) == 3
    for line in called:
        found: Any = commands
        words = line.split()
        while hasattr(found, "commands"):
            found = found.commands[words.pop(0)]
        options = {option for parameter in found.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, line
