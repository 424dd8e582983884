"""The rollout engine's stack, and a build project in a network, as AWS keeps them."""

from __future__ import annotations

import json
from typing import Any, cast

from modules.build_project import BuildProject, BuildProjectConfig
from modules.state_machine import StateMachine, StateMachineConfig
from policies.checkov import Checkov
from policies.scanned import read_synthesized
from stacks.base import TargetStack
from stacks.rollout_engine import RolloutEngine
from stacks.rollout_engine_config import BUILDSPEC, RolloutEngineConfig
from tests.apply.function_base import base
from tests.apply.harness import REPLACED, Applied, Build, Prove

GONE = {"removal": "destroy", "removal_reason": "made by a test"}
STORE_KEY = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
ENGINE: dict[str, Any] = {
    "store": {"bucket": "acme-rollouts", "key_arn": STORE_KEY},
    "account_ids": ["123456789012", "210987654321"],
    "bucket": GONE,
}
OF_ANY_BUCKET = {(check, "engine") for check in ("CKV2_AWS_62", "CKV_AWS_144", "CKV_AWS_18")}
"""What Checkov wants of any bucket: notifications, a copy in another region, a log of each access."""
PREFIX = "acme-dev-orders"
ARN = "arn:aws:{}:eu-west-1:123456789012:{}"


def engine(**changes: Any) -> Build:
    def build(stack: TargetStack) -> None:
        RolloutEngine.build(cast(RolloutEngine, stack), RolloutEngineConfig.parse({**ENGINE, **changes}))

    return build


def test_the_engine_of_rollouts(prove: Prove, checkov: Checkov) -> None:
    with prove(engine(), unscanned_reason="its findings are looked at here") as applied:
        [report] = checkov.scan([read_synthesized(applied.folder)], without=REPLACED)
        assert {(found.check, found.address.partition("_bucket.")[2][:6]) for found in report.failed} == OF_ANY_BUCKET
        _project(applied)
        _machine(applied)
        _roles(applied)
        plan = applied.apply(engine(build={"compute_type": "BUILD_GENERAL1_MEDIUM", "concurrent_builds": 20}))
        changed = [change.address for change in plan.resource_changes if not change.is_quiet]
        assert [address.partition(".")[0] for address in changed] == ["aws_codebuild_project"]
        (project,) = applied.client("codebuild").batch_get_projects(names=[f"{PREFIX}-units"])["projects"]
        assert (project["environment"]["computeType"], project["concurrentBuildLimit"]) == ("BUILD_GENERAL1_MEDIUM", 20)


def _project(applied: Applied) -> None:
    (project,) = applied.client("codebuild").batch_get_projects(names=[applied.outputs["build_project_name"]])[
        "projects"
    ]
    assert project["source"]["type"] == "S3"
    assert project["source"]["location"] == f"{applied.outputs['bucket_name']}/source/project.zip"
    assert project["source"]["buildspec"] == BUILDSPEC
    assert project["artifacts"]["type"] == "NO_ARTIFACTS"
    assert not project["environment"]["privilegedMode"]
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


def inside(stack: TargetStack) -> None:
    there = base(stack, endpoints={"interface": ["codebuild", "logs", "states"], "subnet_attachment": "inline"})
    parts: dict[str, Any] = {"key": there.key, "alarm_topic": there.topic}
    spec = "version: 0.2\nphases:\n  build:\n    commands: [make]\n"
    config = BuildProjectConfig(buildspec=spec, architecture="arm64", environment={"STAGE": "dev"})
    docs = BuildProject(stack, "docs", config=config, network=there.network, **parts)
    wait = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 1, "End": True}}}
    express = StateMachineConfig(type="EXPRESS", log_level="ERROR")
    flow = StateMachine(stack, "flow", definition=wait, config=express, **parts)
    quiet = {"enabled": False, "reason": "it only starts others"}
    starter = there.function("starter", {"reserved_concurrency": 1, "alarms": quiet})
    starter.connect_to(docs)
    starter.connect_to(flow)


def test_a_build_in_a_network_and_a_state_machine_that_a_function_starts(prove: Prove) -> None:
    with prove(inside) as applied:
        (project,) = applied.client("codebuild").batch_get_projects(names=[f"{PREFIX}-docs"])["projects"]
        assert project["vpcConfig"]["vpcId"] == applied.outputs["vpc_id"]
        assert (project["source"]["type"], project["environment"]["type"]) == ("NO_SOURCE", "ARM_CONTAINER")
        (variable,) = project["environment"]["environmentVariables"]
        assert (variable["name"], variable["value"], variable["type"]) == ("STAGE", "dev", "PLAINTEXT")
        role = _statements(applied, f"{PREFIX}-docs-codebuild")
        subnets = [ARN.format("ec2", f"subnet/{subnet}") for subnet in project["vpcConfig"]["subnets"]]
        assert role["LendInterfaces"]["Condition"]["StringEquals"] == {
            "ec2:Subnet": subnets,
            "ec2:AuthorizedService": ["codebuild.amazonaws.com"],
        }
        (group,) = project["vpcConfig"]["securityGroupIds"]
        rules = applied.client("ec2").describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
        assert [(rule["IsEgress"], rule["ToPort"]) for rule in rules["SecurityGroupRules"]] == [(True, 443)]
        (machine,) = applied.client("stepfunctions").list_state_machines()["stateMachines"]
        assert machine["type"] == "EXPRESS"
        variables = applied.client("lambda").get_function_configuration(FunctionName=f"{PREFIX}-starter")["Environment"]
        assert variables["Variables"] == {
            "DOCS_BUILD_PROJECT": f"{PREFIX}-docs", "FLOW_STATE_MACHINE_ARN": machine["stateMachineArn"],
        }  # fmt: skip
        starter = _statements(applied, f"{PREFIX}-starter")
        assert starter["StartFlow"]["Resource"] == [machine["stateMachineArn"]]
        assert starter["BuildDocs"]["Resource"] == [project["arn"]]
