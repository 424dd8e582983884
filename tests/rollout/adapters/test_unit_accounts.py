"""Roles, state in S3 and alarms, each in the target's own account of the emulator."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config

from local.emulator import DEFAULT_ACCOUNT, Emulator
from modules.core.target import Target
from rollout.adapters import role_session
from rollout.adapters.alarms import CloudWatchAlarms
from rollout.adapters.roles import Purpose, Roles
from rollout.domain.errors import RoleError, RolloutError
from rollout.domain.model import RunTarget
from rollout.domain.ports import AlarmState, ApplyOutcome
from tests.rollout.adapters.fakes import needs_binary
from tests.rollout.adapters.unit_world import ORDERS, World

ACCOUNT, REGION, BUCKET = "222222222222", "us-east-1", "acme-state"
TARGET = RunTarget(
    Target(org="acme", env="dev", account="two", account_id=ACCOUNT, region=REGION, stack="orders", owner="me")
)
STATE = f"acme/{TARGET.name}.tfstate"
ROLES = {"plan": "reads", "apply": "writes", "external_id": "acme"}
DENIED = (
    f"{TARGET.name}: the role arn:aws:iam::{ACCOUNT}:role/absent cannot be assumed; AWS refused AssumeRole "
    f"(AccessDenied: User: arn:aws:sts::{DEFAULT_ACCOUNT}:user/moto is not authorized to perform: sts:AssumeRole on "
    f"resource: arn:aws:iam::{ACCOUNT}:role/absent); it must exist and trust whoever assumes it; correct the "
    "role's trust policy, or roles.apply in environments/rollout.yaml"
)


def trust(account: str, external_id: str) -> str:
    principal = {"AWS": f"arn:aws:iam::{account}:root"}
    condition = {"StringEquals": {"sts:ExternalId": external_id}}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", "Condition": condition}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        iam = running.client("iam", REGION, ACCOUNT)
        for name in ("reads", "writes"):
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(DEFAULT_ACCOUNT, "acme"))
        running.client("s3", REGION, ACCOUNT).create_bucket(Bucket=BUCKET)
        yield running


@pytest.fixture
def world(emulator: Emulator, tmp_path: Path) -> World:
    made = World(tmp_path, environment=emulator.environment(REGION), roles=ROLES)
    made.target = TARGET
    made.run = replace(made.run, targets=(TARGET,))
    made.write("first=one", backend={"s3": {"bucket": BUCKET, "key": STATE, "region": REGION, "use_lockfile": True}})
    return made


def roles(world: World, **changed: str) -> Roles:
    settings = world.settings.roles.model_copy(update=changed)
    return Roles(settings, world.environment)


def objects(emulator: Emulator) -> list[str]:
    listed = emulator.client("s3", REGION, ACCOUNT).list_objects_v2(Bucket=BUCKET)
    return [each["Key"] for each in listed.get("Contents", ())]


def remove_state(emulator: Emulator) -> None:
    for key in objects(emulator):
        emulator.client("s3", REGION, ACCOUNT).delete_object(Bucket=BUCKET, Key=key)


@needs_binary
def test_a_target_in_its_own_account(world: World, emulator: Emulator) -> None:
    remove_state(emulator)
    facts = world.plan()
    assert objects(emulator) == [], "who plans writes neither state nor lock"
    assert world.apply(facts) == ApplyOutcome(is_applied=True, how="as reviewed")
    assert objects(emulator) == [STATE], "the lock is gone"
    assert world.apply(facts, is_recovery=True) == ApplyOutcome(is_applied=True, how="no changes")
    asked = {(each.account_id, each.service) for each in emulator.requests() if "tfstate" in each.action}
    assert asked == {(ACCOUNT, "s3")}
    assert world.left_behind() == []


@needs_binary
def test_a_lock_that_nobody_releases(world: World, emulator: Emulator) -> None:
    remove_state(emulator)
    facts = world.plan()
    held = {
        "ID": "6e1a-lock", "Operation": "OperationTypeApply", "Who": "ci@runner", "Version": "1.11.4", "Info": "",
        "Created": "2026-11-21T08:00:00Z", "Path": f"{BUCKET}/{STATE}",
    }  # fmt: skip
    lock = f"{STATE}.tflock"
    s3 = emulator.client("s3", REGION, ACCOUNT)
    s3.put_object(Bucket=BUCKET, Key=lock, Body=json.dumps(held).encode())
    assert world.apply(facts) == ApplyOutcome(
        is_applied=False,
        reason=(
            f"{TARGET.name}: its state is locked by ci@runner since 2026-11-21 08:00:00 +0000 UTC, and still was "
            "after 0 seconds; wait until that has ended, or, where it is surely dead, release the lock with `lambdanet "
            f"rollout unlock {TARGET.name} --lock-id 6e1a-lock --reason …`, then resume"
        ),
    )
    assert objects(emulator) == [lock]


@needs_binary
def test_a_role_that_is_not_there_fails_its_target(world: World) -> None:
    facts = world.plan()
    world.settings = world.settings.model_copy(
        update={"roles": world.settings.roles.model_copy(update={"apply": "absent"})}
    )
    outcome = world.apply(facts)
    assert outcome == ApplyOutcome(is_applied=False, reason=DENIED)
    assert world.left_behind() == []


def test_the_role_of_each_purpose(world: World) -> None:
    known = roles(world)
    assert known.role_arn(TARGET, Purpose.APPLY) == f"arn:aws:iam::{ACCOUNT}:role/writes"
    for purpose, name in ((Purpose.PLAN, "reads"), (Purpose.APPLY, "writes")):
        caller = known.client(TARGET, "sts", purpose).get_caller_identity()["Arn"]
        assert caller == f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/lambdanet-rollout"
    assert known.client(TARGET, "sts", Purpose.PLAN) is known.client(TARGET, "sts", Purpose.PLAN)
    elsewhere = known.client(TARGET, "s3", Purpose.PLAN, region="eu-west-1")
    assert elsewhere.meta.region_name == "eu-west-1"


def test_a_role_that_wants_another_external_id(world: World) -> None:
    with pytest.raises(RoleError, match=r"role/reads cannot be assumed; AWS refused AssumeRole \(AccessDenied: "):
        roles(world, external_id="other").environment(TARGET, Purpose.PLAN)


def test_without_roles_the_credentials_at_hand_are_taken(world: World) -> None:
    at_hand = Roles(replace_roles(world), world.environment)
    given = at_hand.environment(ORDERS, Purpose.APPLY)
    assert given == {**world.environment, "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"}
    assert at_hand.client(ORDERS, "sts", Purpose.APPLY).get_caller_identity()["Account"] == DEFAULT_ACCOUNT


def replace_roles(world: World) -> Any:
    return world.settings.roles.model_copy(update={"plan": None, "apply": None})


@pytest.mark.parametrize(
    ("endpoint", "why"),
    [
        ("http://127.0.0.1:9", 'Could not connect to the endpoint URL: "http://127.0.0.1:9/"'),
        ("no endpoint", "Invalid endpoint: no endpoint"),
    ],
)
def test_an_sts_that_does_not_answer(world: World, monkeypatch: pytest.MonkeyPatch, endpoint: str, why: str) -> None:
    monkeypatch.setattr("rollout.adapters.roles._CONFIG", Config(retries={"total_max_attempts": 1}))
    nowhere = Roles(world.settings.roles, {**world.environment, "AWS_ENDPOINT_URL": endpoint})
    with pytest.raises(RoleError) as raised:
        nowhere.environment(TARGET, Purpose.PLAN)
    assert str(raised.value) == (
        f"{TARGET.name}: the role arn:aws:iam::{ACCOUNT}:role/reads cannot be assumed; AWS could not be asked ({why}); "
        "check credentials, network and endpoint, and run the command again"
    )
    at_hand = Roles(replace_roles(world), {**world.environment, "AWS_ENDPOINT_URL": "no endpoint"})
    with pytest.raises(RoleError, match=r"AWS could not be asked \(Invalid endpoint: no endpoint\); check credentials"):
        at_hand.client(TARGET, "sts", Purpose.PLAN)


def test_sessions_are_kept_until_they_are_about_to_end(world: World, emulator: Emulator) -> None:
    at = datetime.now(UTC)
    known = Roles(world.settings.roles, world.environment, now=lambda: at)

    def key() -> str:
        return known.environment(TARGET, Purpose.PLAN)["AWS_ACCESS_KEY_ID"]

    first, client = key(), known.client(TARGET, "s3", Purpose.PLAN)
    assert first == key()
    at += timedelta(minutes=55)
    assert first != key()
    assert known.client(TARGET, "s3", Purpose.PLAN) is not client
    del emulator


def test_terraform_is_given_no_key_but_a_program_that_assumes_the_role_anew(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "held"
    folder.mkdir()
    given = roles(world).environment(TARGET, Purpose.APPLY, folder=folder)
    assert not {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} & given.keys()
    assert {path.name: path.stat().st_mode & 0o077 for path in folder.iterdir() if path.suffix == ".json"} == {
        "aws-request.json": 0, "aws-session.json": 0
    }  # fmt: skip

    def asked() -> dict[str, str]:
        program = [sys.executable, "-P", str(role_session.__file__), str(folder)]
        told = subprocess.run(program, env=dict(given), capture_output=True, text=True, check=True, timeout=30)
        return dict(json.loads(told.stdout))

    first = asked()
    assert first == asked(), "as long as the session lasts"
    assert first.keys() == {"Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}
    ends_soon = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    (folder / "aws-session.json").write_text(json.dumps({**first, "Expiration": ends_soon}), encoding="utf-8")
    second = asked()
    assert second["AccessKeyId"] != first["AccessKeyId"]
    assert datetime.fromisoformat(second["Expiration"]) > datetime.now(UTC) + timedelta(minutes=30)
    assert second == asked()


def test_secrets_that_are_taken_out_of_sentences(world: World) -> None:
    known = roles(world)
    given = known.environment(TARGET, Purpose.PLAN)
    hidden = known.secrets(TARGET, Purpose.PLAN)
    assert {given["AWS_SECRET_ACCESS_KEY"], given["AWS_SESSION_TOKEN"]} <= hidden
    assert world.environment["AWS_SECRET_ACCESS_KEY"] in hidden


def alarm(client: Any, name: str, state: str) -> None:
    client.put_metric_alarm(
        AlarmName=name, MetricName="Errors", Namespace="AWS/Lambda", Statistic="Sum", Period=60, EvaluationPeriods=1,
        Threshold=1, ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    client.set_alarm_state(AlarmName=name, StateValue=state, StateReason="as the test says")


def test_alarms_of_the_targets_account_in_chunks(world: World, emulator: Emulator) -> None:
    here = emulator.client("cloudwatch", REGION, ACCOUNT)
    alarm(here, "fires", "ALARM")
    alarm(here, "quiet", "OK")
    here.put_composite_alarm(AlarmName="both", AlarmRule="ALARM(fires) OR ALARM(quiet)")
    alarm(emulator.client("cloudwatch", REGION), "elsewhere", "OK")
    names = ["fires", "quiet", "both", "elsewhere", *(f"absent-{number}" for number in range(200))]
    states = CloudWatchAlarms(roles(world)).states(TARGET, names)
    assert len(states) == len(names)
    assert (states["fires"], states["quiet"]) == (AlarmState.ALARM, AlarmState.OK)
    assert states["both"] is not AlarmState.MISSING
    assert states["elsewhere"] is states["absent-199"] is AlarmState.MISSING
    assert CloudWatchAlarms(roles(world)).states(TARGET, ()) == {}


def test_alarms_that_cannot_be_read(world: World) -> None:
    with pytest.raises(RolloutError, match="role/absent cannot be assumed; AWS refused AssumeRole"):
        CloudWatchAlarms(roles(world, plan="absent")).states(TARGET, ["fires"])
