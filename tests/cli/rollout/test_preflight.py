"""`lambdanet rollout preflight`, `orphans` and `unlock` where states are in S3, against the emulator."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.emulator import Emulator
from rollout.adapters.preflight_subnets import chosen_subnets
from rollout.domain.preflight import SubnetFree
from tests.cli.rollout.looking_project import DEV, PROD, Project

ACCOUNT, REGION, BUCKET = "123456789012", "us-east-1", "acme-state"
BACKEND = f"backend: {{kind: s3, bucket: {BUCKET}, region: {REGION}}}\n"
LOCK = {"ID": "5c0d", "Operation": "OperationTypeApply", "Who": "ci@runner", "Created": "2026-11-21T09:30:00.123456Z"}
TOLD = "lock 5c0d of OperationTypeApply, held by ci@runner since 2026-11-21 09:30 UTC"
KEY = f"acme/{DEV}.tfstate"
MISSING = "subnet-0123456789abcdef0"
HELD = f"s3://{BUCKET}/{KEY} is locked ({TOLD})"


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


@pytest.fixture
def s3(emulator: Emulator) -> Any:
    emulator.reset()
    return emulator.client("s3", REGION)


@pytest.fixture
def project(tmp_path: Path, emulator: Emulator, s3: Any, monkeypatch: pytest.MonkeyPatch) -> Project:
    del s3
    environment = {
        name: value for name, value in emulator.environment(REGION).items() if "AWS" in name or "PROXY" in name
    }
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return Project(tmp_path, environment=environment, defaults=BACKEND)


def with_roles(project: Project, emulator: Emulator, *existing: str) -> None:
    file = project.environments / "rollout.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "roles: {plan: planner, apply: applier}\n", encoding="utf-8")
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ACCOUNT}}
    for name in existing:
        emulator.client("iam", REGION).create_role(
            RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        )


def checks(answer: Any, target: str) -> dict[str, str]:
    (own,) = (each["checks"] for each in answer["targets"] if each["target"] == target)
    return {each["check"]: each["verdict"] for each in own}


def test_everything_is_looked_at(project: Project, emulator: Emulator, s3: Any) -> None:
    with_roles(project, emulator, "planner", "applier")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key=f"{KEY}.tflock", Body=json.dumps(LOCK).encode())
    ec2 = emulator.client("ec2", REGION)
    for _ in range(5):
        ec2.allocate_address(Domain="vpc")
    answer = project.json(0, "preflight")
    same = {
        "plan role": "ok",
        "apply role": "ok",
        "region": "ok",
        "state": "ok",
        "reserved or provisioned executions": "ok",
        "Elastic IP addresses": "warning",
        "network interfaces": "ok",
    }
    assert checks(answer, DEV) == {**same, "state lock": "warning"}
    assert checks(answer, PROD) == {**same, "state lock": "ok"}
    result = project.call("preflight", "--target", "dev-*")
    assert result.stderr == (
        f"warning: {DEV}: {HELD}; an apply waits for it; let that run end, or, if it is surely dead, run `lambdanet "
        f"rollout unlock {DEV} --lock-id 5c0d --reason REASON`\n"
        f"warning: account {ACCOUNT} in {REGION} has 5 of 5 Elastic IP addresses; little is left; remove some, or ask "
        "for more by `aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-0263D0A3 "
        f"--desired-value 6 --region {REGION}`\n"
    )
    assert PROD not in result.stdout
    assert not emulator.failures()


def test_what_stops_a_rollout_is_in_one_report(project: Project, emulator: Emulator) -> None:
    with_roles(project, emulator, "planner")
    told = project.ends(2, "preflight")
    lines = told.splitlines()
    refused = (
        f"{DEV}: the role arn:aws:iam::{ACCOUNT}:role/applier cannot be assumed; AWS refused AssumeRole (AccessDenied: "
    )
    assert [line for line in lines if line.startswith(refused)]
    missing = (
        f"2 targets ({DEV}, {PROD}): bucket {BUCKET} of the state does not exist in {REGION}; "
        "`lambdanet rollout bootstrap` makes it"
    )
    assert missing in lines


def test_a_pattern_that_matches_nothing(project: Project) -> None:
    assert project.ends(2, "preflight", "--target", "stage-*") == (
        f'--target is "stage-*", which matches no target; there are: {DEV}, {PROD}; name one of them'
    )


@pytest.mark.plan
def test_a_dead_lock_is_released_by_its_id_alone(project: Project, s3: Any) -> None:
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key=f"{KEY}.tflock", Body=json.dumps(LOCK).encode())
    assert project.ends(2, "unlock", DEV, "--lock-id", "other", "--reason", "dead") == (
        f"{DEV}: --lock-id is other; s3://{BUCKET}/{KEY} has {TOLD}; it was taken anew since, so its holder may live; "
        "look again"
    )
    assert project.ends(0, "unlock", DEV, "--lock-id", "5c0d", "--reason", "its runner is gone") == (
        f"{DEV}: {TOLD}: released\n"
    )
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET)
    assert "is not locked" in project.ends(2, "unlock", DEV, "--lock-id", "5c0d", "--reason", "dead")


def test_states_in_buckets_are_found(project: Project, s3: Any) -> None:
    assert project.ends(2, "orphans").startswith(f"{DEV}: bucket {BUCKET} of the state does not exist in {REGION}; ")
    s3.create_bucket(Bucket=BUCKET)
    resources = [{"mode": "managed", "instances": [{}, {}]}, {"mode": "data", "instances": [{}]}]
    full, empty = ({"resources": each} for each in (resources, resources[1:]))
    states = {KEY: full, "acme/old.tfstate": full, "acme/empty.tfstate": empty, "other/x.tfstate": full}
    for key, content in states.items():
        s3.put_object(Bucket=BUCKET, Key=key, Body=json.dumps(content).encode())
    (orphan,) = project.json(1, "orphans")["orphans"]
    assert (orphan["target"], orphan["state"], orphan["resources"]) == ("old", f"s3://{BUCKET}/acme/old.tfstate", 2)
    assert project.ends(2, "orphans", "--plan-destroy").endswith(
        "there is no state without a target whose destruction can be planned; `lambdanet rollout orphans` lists what "
        "there is"
    )
    s3.put_object(Bucket=BUCKET, Key="acme/old.tfstate", Body=b"no state")
    assert project.ends(2, "orphans") == (
        f"old: s3://{BUCKET}/acme/old.tfstate is no state of Terraform (Expecting value: line 1 column 1 (char 0)); "
        "look at it, and remove it if it is none"
    )


def test_subnets_by_id_and_by_tags(emulator: Emulator) -> None:
    emulator.reset()
    ec2 = emulator.client("ec2", REGION)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Name", "Value": "shared"}])
    ids = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=cidr)["Subnet"]["SubnetId"] for cidr in ("10.0.0.0/28", "10.0.1.0/24")
    ]
    ec2.create_tags(Resources=ids[1:], Tags=[{"Key": "tier", "Value": "private"}])
    named = {"network": {"subnets": {"private": {f"{REGION}a": ids[0], f"{REGION}b": MISSING}}}}
    assert chosen_subnets(lambda: ec2, named, {ids[0]: 3}) == tuple(
        sorted([SubnetFree(ids[0], 11, 3), SubnetFree(MISSING, None)], key=lambda each: each.id)
    )
    by_tags = {"network": {"vpc_tags": {"Name": "shared"}, "subnet_tags": {"private": {"tier": "private"}}}}
    assert chosen_subnets(lambda: ec2, by_tags, {}) == (SubnetFree(ids[1], 251),)
    assert chosen_subnets(lambda: pytest.fail("no client is needed"), {"network": {"cidr": "10.0.0.0/16"}}, {}) == ()
