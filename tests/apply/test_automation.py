"""The rollout engine; builds in a network, and a function that starts builds, stand in the stack of every store."""

from __future__ import annotations

import json
from typing import Any, cast

from policies.checkov import Checkov
from policies.scanned import read_synthesized
from stacks.base import TargetStack
from stacks.rollout_engine import RolloutEngine
from stacks.rollout_engine_config import BUILDSPEC, RolloutEngineConfig
from tests.apply.harness import REPLACED, Applied, Build, Prove

BUCKET = {
    "removal": "destroy", "removal_reason": "made by a test", "noncurrent_version_days": None,
    "incomplete_upload_days": None,
}  # fmt: skip
"""Without a lifecycle, for which Terraform would wait a minute."""
STORE_KEY = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
BUILD = {"compute_type": "BUILD_GENERAL1_MEDIUM", "concurrent_builds": 20, "environment": {"STAGE": "dev"}}
ENGINE: dict[str, Any] = {
    "store": {"bucket": "acme-rollouts", "key_arn": STORE_KEY},
    "account_ids": ["123456789012", "210987654321"],
    "bucket": BUCKET,
}
FOUND = {
    ("CKV2_AWS_61", "aws_s3_bucket"),  # no lifecycle, here only
    ("CKV2_AWS_62", "aws_s3_bucket"),  # no notifications
    ("CKV_AWS_144", "aws_s3_bucket"),  # no copy in another region
    ("CKV_AWS_18", "aws_s3_bucket"),  # no log of each access
}
"""What Checkov finds, and nothing else: no project, state machine or role is among it."""
PREFIX = "acme-dev-orders"
ARN = "arn:aws:{}:eu-west-1:123456789012:{}"


def engine(**fields: Any) -> Build:
    """The engine, whose builds have these fields besides."""

    def build(stack: TargetStack) -> None:
        config = RolloutEngineConfig.parse({**ENGINE, "build": {**BUILD, **fields}})
        RolloutEngine.build(cast("RolloutEngine", stack), config)

    return build


def test_the_engine_of_rollouts(prove: Prove, checkov: Checkov) -> None:
    with prove(engine(), unscanned_reason="its findings are looked at here") as applied:
        [report] = checkov.scan([read_synthesized(applied.folder)], without=REPLACED)
        assert {(found.check, found.address.partition(".")[0]) for found in report.failed} == FOUND
        _project(applied)
        _machine(applied)
        _roles(applied)
        other = applied.plan_of(engine(compute_type="BUILD_GENERAL1_SMALL", concurrent_builds=30, environment={}))
        changed = [(change.type, change.actions) for change in other.resource_changes if not change.is_quiet]
        assert changed == [("aws_codebuild_project", ("update",))]


def _project(applied: Applied) -> None:
    (project,) = applied.client("codebuild").batch_get_projects(names=[applied.outputs["build_project_name"]])[
        "projects"
    ]
    assert project["source"]["type"] == "S3"
    assert project["source"]["location"] == f"{applied.outputs['bucket_name']}/source/project.zip"
    assert project["source"]["buildspec"] == BUILDSPEC
    assert project["artifacts"]["type"] == "NO_ARTIFACTS"
    assert not project["environment"]["privilegedMode"]
    assert (project["environment"]["computeType"], project["concurrentBuildLimit"]) == ("BUILD_GENERAL1_MEDIUM", 20)
    (variable,) = project["environment"]["environmentVariables"]
    assert (variable["name"], variable["value"], variable["type"]) == ("STAGE", "dev", "PLAINTEXT")
    assert (project["timeoutInMinutes"], project["queuedTimeoutInMinutes"]) == (120, 480)
    assert project["logsConfig"]["cloudWatchLogs"] == {
        "status": "ENABLED",
        "groupName": f"/aws/codebuild/{PREFIX}-units",
    }


def _machine(applied: Applied) -> None:
    machine = applied.client("stepfunctions").describe_state_machine(
        stateMachineArn=applied.outputs["state_machine_arn"]
    )
    assert (machine["name"], machine["type"]) == (f"{PREFIX}-waves", "STANDARD")
    assert machine["loggingConfiguration"]["level"] == "ALL"
    assert machine["loggingConfiguration"]["includeExecutionData"]
    assert machine["tracingConfiguration"] == {"enabled": True}
    encryption = machine["encryptionConfiguration"]
    assert (encryption["type"], encryption["kmsDataKeyReusePeriodSeconds"]) == ("CUSTOMER_MANAGED_KMS_KEY", 300)
    definition = json.loads(machine["definition"])
    assert definition["TimeoutSeconds"] == 604_800
    assert definition["States"]["Gate"]["Parameters"]["ProjectName"] == f"{PREFIX}-units"
    units = definition["States"]["Shards"]["ItemProcessor"]["States"]["Units"]
    assert units["ResultWriter"]["Parameters"]["Bucket"] == applied.outputs["bucket_name"]
    logs = applied.client("logs").describe_log_groups(logGroupNamePrefix="/aws/vendedlogs/states/")["logGroups"]
    assert [(group["logGroupName"], group["retentionInDays"]) for group in logs] == [
        (f"/aws/vendedlogs/states/{PREFIX}-waves", 365)
    ]


def _roles(applied: Applied) -> None:
    units, waves = (_statements(applied, f"{PREFIX}-{name}") for name in ("units-codebuild", "waves-states"))
    assert units["AssumeRolesOfTargets"]["Resource"] == [
        f"arn:aws:iam::{account}:role/lambdanet-{what}"
        for account in ("123456789012", "210987654321")
        for what in ("apply", "plan")
    ]
    assert units["WriteStoreLambdanetf89fa3"]["Resource"] == ["arn:aws:s3:::acme-rollouts/lambdanet/*"]
    assert units["SeeWhatIsMissing"] == {
        "Sid": "SeeWhatIsMissing", "Effect": "Allow", "Action": ["s3:ListBucket"],
        "Resource": ["arn:aws:s3:::acme-rollouts"],
    }  # fmt: skip
    assert units["EncryptPlans"]["Resource"] == [STORE_KEY]
    assert waves["BuildUnits"]["Resource"] == [ARN.format("codebuild", f"project/{PREFIX}-units")]
    assert waves["StartChildren"]["Resource"] == [applied.outputs["state_machine_arn"]]
    assert waves["EncryptExecutions"]["Condition"] == {
        "StringEquals": {"kms:EncryptionContext:aws:states:stateMachineArn": [applied.outputs["state_machine_arn"]]}
    }
    everything = {sid for found in (units, waves) for sid, each in found.items() if each["Resource"] == ["*"]}
    assert everything == {"DeliverLogs", "WriteTraces"}
    trust = applied.client("iam").get_role(RoleName=f"{PREFIX}-waves-states")["Role"]["AssumeRolePolicyDocument"]
    assert trust["Statement"][0]["Condition"] == {"StringEquals": {"aws:SourceAccount": ["123456789012"]}}


def _statements(applied: Applied, role: str) -> dict[str, dict[str, Any]]:
    document = applied.client("iam").get_role_policy(RoleName=role, PolicyName=role)["PolicyDocument"]
    return {each["Sid"]: each for each in document["Statement"]}
