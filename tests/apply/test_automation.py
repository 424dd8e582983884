"""The rollout engine with its builds in a network, and a function that starts builds and executions."""

from __future__ import annotations

import json
from typing import Any, cast

from modules.build_project import BuildProject
from modules.function import Function, FunctionConfig
from modules.key import Key
from modules.state_machine import StateMachine, StateMachineConfig
from policies.checkov import Checkov
from policies.scanned import read_synthesized
from stacks.base import TargetStack
from stacks.rollout_engine import RolloutEngine
from stacks.rollout_engine_config import BUILDSPEC, RolloutEngineConfig
from tests.apply.harness import REPLACED, Applied, Build, Prove

OFF = {"enabled": False, "reason": "the engine's alarms are looked at"}
BUCKET = {
    "removal": "destroy", "removal_reason": "made by a test", "noncurrent_version_days": None,
    "incomplete_upload_days": None,
}  # fmt: skip
"""Without a lifecycle, for which Terraform would wait a minute."""
WAIT = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 1, "End": True}}}
STARTER = {
    "code": {"kind": "inline", "text": "def handler(event, context):\n    return {}\n"},
    "attachment": {"state": "detached", "detaching_applied": "it never was in a VPC"},
    "asynchronous": {"dead_letters": {"kind": "none", "reason": "nobody invokes it so"}},
    "reserved_concurrency": 5,
    "alarms": OFF,
}
NETWORK = {
    "cidr": "10.20.0.0/16", "availability_zones": ["eu-west-1a", "eu-west-1b"], "egress": "none", "alarms": OFF,
    "endpoints": {"gateway": ["s3"], "interface": ["logs", "sts"], "subnet_attachment": "inline"},
}  # fmt: skip
STORE_KEY = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
ENGINE: dict[str, Any] = {
    "store": {"bucket": "acme-rollouts", "key_arn": STORE_KEY},
    "account_ids": ["123456789012", "210987654321"],
    "bucket": BUCKET,
    "network": NETWORK,
}
FOUND = {
    ("CKV2_AWS_61", "aws_s3_bucket"),  # no lifecycle, here only
    ("CKV2_AWS_62", "aws_s3_bucket"),  # no notifications
    ("CKV_AWS_144", "aws_s3_bucket"),  # no copy in another region
    ("CKV_AWS_18", "aws_s3_bucket"),  # no log of each access
    ("CKV_AWS_117", "aws_lambda_function"),  # the function stands outside of the VPC, here only
}
"""What Checkov finds, and nothing else: no project, state machine or role is among it."""
STAGE = {"STAGE": "dev"}
PREFIX = "acme-dev-orders"
ARN = "arn:aws:{}:eu-west-1:123456789012:{}"


def engine(**fields: Any) -> Build:
    """The engine with its builds in a network, a state machine, and a function that starts it and a build."""

    def build(stack: TargetStack) -> None:
        config = RolloutEngineConfig.parse({**ENGINE, "build": {"aws_services": ["sts"], **fields}})
        RolloutEngine.build(cast("RolloutEngine", stack), config)
        key = cast("Key", stack.node.find_child("key"))
        express = StateMachineConfig.parse({"type": "EXPRESS", "log_level": "ERROR", "alarms": OFF})
        flow = StateMachine(stack, "flow", definition=WAIT, config=express, key=key)
        starter = Function(stack, "starter", config=FunctionConfig.parse(STARTER), network=None, key=key)
        starter.connect_to(cast("BuildProject", stack.node.find_child("units")))
        starter.connect_to(flow)
        starter.connect_to(cast("StateMachine", stack.node.find_child("waves")), access="operate")

    return build


def test_the_engine_of_rollouts(prove: Prove, checkov: Checkov) -> None:
    with prove(engine(), unscanned_reason="its findings are looked at here") as applied:
        [report] = checkov.scan([read_synthesized(applied.folder)], without=REPLACED)
        assert {(found.check, found.address.partition(".")[0]) for found in report.failed} == FOUND
        _project(applied)
        _machine(applied)
        _roles(applied)
        _inside(applied)
        _started(applied)
        plan = applied.apply(engine(compute_type="BUILD_GENERAL1_MEDIUM", concurrent_builds=20, environment=STAGE))
        changed = [change.address for change in plan.resource_changes if not change.is_quiet]
        assert [address.partition(".")[0] for address in changed] == ["aws_codebuild_project"]
        (project,) = applied.client("codebuild").batch_get_projects(names=[f"{PREFIX}-units"])["projects"]
        assert (project["environment"]["computeType"], project["concurrentBuildLimit"]) == ("BUILD_GENERAL1_MEDIUM", 20)
        (variable,) = project["environment"]["environmentVariables"]
        assert (variable["name"], variable["value"], variable["type"]) == ("STAGE", "dev", "PLAINTEXT")


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
        (f"/aws/vendedlogs/states/{PREFIX}-{name}", 365) for name in ("flow", "waves")
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
    assert everything == {"DeliverLogs", "DescribeNetwork", "WriteTraces"}
    trust = applied.client("iam").get_role(RoleName=f"{PREFIX}-waves-states")["Role"]["AssumeRolePolicyDocument"]
    assert trust["Statement"][0]["Condition"] == {"StringEquals": {"aws:SourceAccount": ["123456789012"]}}


def _statements(applied: Applied, role: str) -> dict[str, dict[str, Any]]:
    document = applied.client("iam").get_role_policy(RoleName=role, PolicyName=role)["PolicyDocument"]
    return {each["Sid"]: each for each in document["Statement"]}


def _inside(applied: Applied) -> None:
    """Builds stand in private subnets, and reach endpoints only."""
    (project,) = applied.client("codebuild").batch_get_projects(names=[f"{PREFIX}-units"])["projects"]
    subnets = [ARN.format("ec2", f"subnet/{subnet}") for subnet in project["vpcConfig"]["subnets"]]
    lend = _statements(applied, f"{PREFIX}-units-codebuild")["LendInterfaces"]["Condition"]["StringEquals"]
    assert sorted(lend["ec2:Subnet"]) == sorted(subnets)
    assert lend["ec2:AuthorizedService"] == ["codebuild.amazonaws.com"]
    (group,) = project["vpcConfig"]["securityGroupIds"]
    rules = applied.client("ec2").describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
    found = rules["SecurityGroupRules"]
    assert sorted(rule["Description"] for rule in found) == ["to logs", "to s3", "to sts"]
    assert all(rule["IsEgress"] and rule["ToPort"] == 443 and "CidrIpv4" not in rule for rule in found)


def _started(applied: Applied) -> None:
    states = applied.client("stepfunctions")
    machines = {each["name"]: each for each in states.list_state_machines()["stateMachines"]}
    assert machines[f"{PREFIX}-flow"]["type"] == "EXPRESS"
    variables = applied.client("lambda").get_function_configuration(FunctionName=f"{PREFIX}-starter")["Environment"]
    assert variables["Variables"] == {
        "UNITS_BUILD_PROJECT": f"{PREFIX}-units",
        "FLOW_STATE_MACHINE_ARN": machines[f"{PREFIX}-flow"]["stateMachineArn"],
        "WAVES_STATE_MACHINE_ARN": machines[f"{PREFIX}-waves"]["stateMachineArn"],
    }
    starter = _statements(applied, f"{PREFIX}-starter")
    assert starter["StartFlow"]["Resource"] == [machines[f"{PREFIX}-flow"]["stateMachineArn"]]
    assert starter["BuildUnits"]["Resource"] == [ARN.format("codebuild", f"project/{PREFIX}-units")]
    assert starter["BrakeWaves"]["Resource"] == [ARN.format("states", f"mapRun:{PREFIX}-waves/*:*")]
