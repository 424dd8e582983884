"""A release from the first apply to a shift and a rollback, with nothing for Terraform to take back at any time."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import boto3
import pytest

from local.emulator import Emulator
from modules.function import Function, FunctionConfig
from modules.key import Key
from modules.observability import AlarmTopic
from modules.release import Release, ReleaseConfig
from stacks.base import TargetStack
from tests.apply.harness import Applied, Build, Prove, described

README = Path(__file__).parents[2] / "modules" / "release" / "README.md"
ACCOUNT, PREFIX = "123456789012", "acme-dev-orders"
GROUP = {"applicationName": f"{PREFIX}-release", "deploymentGroupName": "live"}
OWN = f"{PREFIX}-release-canary-25-percent-2-minutes"
CANARY = {"traffic": {"kind": "canary", "percent": 25, "interval_minutes": 2}}
BUILT_IN = "CodeDeployDefault.LambdaCanary10Percent5Minutes"
CHANGED = {
    "aws_lambda_function",
    "aws_codedeploy_deployment_group",
    "aws_codedeploy_deployment_config",
    "aws_cloudwatch_metric_alarm",  # the one that watches the newest version
}
UNSCANNED = "functions without a network and without dead letters, as both take minutes and neither is the subject"


def releasing(text: str, config: dict[str, Any]) -> Build:
    """A function whose code answers `text`, a hook, and their release."""

    def build(stack: TargetStack) -> None:
        key = Key(stack, "key")
        topic = AlarmTopic(stack, "alarm-topic", key=key)

        def function(name: str, **fields: Any) -> Function:
            values = {
                "code": {"kind": "inline", "text": f"def handler(event, context):\n    return {text!r}\n"},
                "attachment": {"state": "detached", "detaching_applied": "it never was in a VPC"},
                "asynchronous": {"dead_letters": {"kind": "none", "reason": "nobody invokes it so"}},
                "reserved_concurrency": 5,
                **fields,
            }
            parsed = FunctionConfig.parse(values)
            return Function(stack, name, config=parsed, network=None, key=key, alarm_topic=topic)

        api = function("api", alias={"shift": "codedeploy"})
        quiet = {"enabled": False, "reason": "its release fails with it"}
        check = function("check", code={"kind": "inline", "text": "handler = print\n"}, alarms=quiet)
        release = Release(
            stack, "release", function=api, config=ReleaseConfig.parse(config), alarm_topic=topic,
            before_traffic=check,
        )  # fmt: skip
        stack.output("releases", [release.output], "What the command line shifts")
        stack.output("alarm_names", list(api.release_alarm_names), "Alarms of the alias")

    return build


def test_a_release(prove: Prove, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    with prove(releasing("one", CANARY), unscanned_reason=UNSCANNED) as applied:
        _made(applied)
        _allowed(applied)
        assert alias(applied) == ("1", {})
        second = releasing("two", {})
        plan = applied.apply(second)  # a plan after it is empty
        changed = {change.type for change in plan.resource_changes if not change.is_quiet}
        assert changed == CHANGED, described(plan)
        assert alias(applied) == ("1", {})
        _uses_what_aws_has(applied)
        identity = deploy(applied, "1", "2")
        emulator.pass_deployment_minutes(1)
        _judged(applied, emulator, monkeypatch)
        assert alias(applied) == ("1", {"2": 0.1})
        assert not _changes(applied, second)
        emulator.pass_deployment_minutes(6)
        assert alias(applied) == ("2", {})
        assert status(applied, identity) == "Succeeded"
        _rolled_back(applied, emulator, monkeypatch)
        _stopped(applied, emulator, monkeypatch)
        _failed(applied, emulator)
        assert not _changes(applied, second)


def alias(applied: Applied) -> tuple[str, dict[str, float]]:
    found = applied.client("lambda").get_alias(FunctionName=f"{PREFIX}-api", Name="live")
    return found["FunctionVersion"], (found.get("RoutingConfig") or {}).get("AdditionalVersionWeights", {})


def status(applied: Applied, identity: str) -> str:
    found: str = applied.client("codedeploy").get_deployment(deploymentId=identity)["deploymentInfo"]["status"]
    return found


def deploy(applied: Applied, current: str, wanted: str) -> str:
    """Start a deployment with what the stack tells."""
    (told,) = applied.outputs["releases"]
    properties = {
        "Name": told["function_name"], "Alias": told["alias"], "CurrentVersion": current, "TargetVersion": wanted,
    }  # fmt: skip
    content = json.dumps(
        {
            "version": 0.0,
            "Resources": [{"function": {"Type": "AWS::Lambda::Function", "Properties": properties}}],
            "Hooks": [{"BeforeAllowTraffic": told["before_traffic"]}],
        }
    )
    digest = hashlib.sha256(content.encode()).hexdigest()
    started = applied.client("codedeploy").create_deployment(
        applicationName=told["application"],
        deploymentGroupName=told["deployment_group"],
        revision={"revisionType": "AppSpecContent", "appSpecContent": {"content": content, "sha256": digest}},
    )
    identity: str = started["deploymentId"]
    return identity


def _changes(applied: Applied, build: Build) -> list[str]:
    return described(applied.plan_of(build))


def _made(applied: Applied) -> None:
    client = applied.client("codedeploy")
    application = client.get_application(applicationName=GROUP["applicationName"])["application"]
    assert application["computePlatform"] == "Lambda"
    group = client.get_deployment_group(**GROUP)["deploymentGroupInfo"]
    assert group["deploymentConfigName"] == OWN
    assert group["serviceRoleArn"] == f"arn:aws:iam::{ACCOUNT}:role/{PREFIX}-release-codedeploy"
    assert group["deploymentStyle"] == {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"}
    alarms = group["alarmConfiguration"]
    assert sorted(alarm["name"] for alarm in alarms["alarms"]) == sorted(applied.outputs["alarm_names"])
    assert (alarms["enabled"], alarms["ignorePollAlarmFailure"]) == (True, False)
    assert group["autoRollbackConfiguration"]["enabled"]
    assert set(group["autoRollbackConfiguration"]["events"]) == {
        "DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST",
    }  # fmt: skip
    (trigger,) = group["triggerConfigurations"]
    assert trigger["triggerTargetArn"] == f"arn:aws:sns:eu-west-1:{ACCOUNT}:{PREFIX}-alarms"
    assert set(trigger["triggerEvents"]) == {"DeploymentFailure", "DeploymentStop", "DeploymentRollback"}
    config = client.get_deployment_config(deploymentConfigName=OWN)["deploymentConfigInfo"]
    assert config["trafficRoutingConfig"] == {
        "type": "TimeBasedCanary", "timeBasedCanary": {"canaryPercentage": 25, "canaryInterval": 2},
    }  # fmt: skip


def _allowed(applied: Applied) -> None:
    """What CodeDeploy's role and the hook's may do."""
    function = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:{PREFIX}"
    role = _statements(applied, f"{PREFIX}-release-codedeploy")
    assert role["MoveAlias"]["Action"] == ["lambda:GetAlias", "lambda:UpdateAlias"]
    assert role["MoveAlias"]["Resource"] == [f"{function}-api", f"{function}-api:live"]
    assert (role["InvokeHooks"]["Action"], role["InvokeHooks"]["Resource"]) == (
        ["lambda:InvokeFunction"], [f"{function}-check"],
    )  # fmt: skip
    assert role["PublishAlarms"]["Resource"] == [f"arn:aws:sns:eu-west-1:{ACCOUNT}:{PREFIX}-alarms"]
    assert role["EncryptAlarms"]["Resource"][0].startswith(f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/")
    hook = _statements(applied, f"{PREFIX}-check")["ReportToRelease"]
    assert hook["Action"] == ["codedeploy:PutLifecycleEventHookExecutionStatus"]
    assert hook["Resource"] == [f"arn:aws:codedeploy:eu-west-1:{ACCOUNT}:deploymentgroup:{PREFIX}-release/live"]


def _statements(applied: Applied, role: str) -> dict[str, dict[str, Any]]:
    iam = applied.client("iam")
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    parsed = json.loads(unquote(document)) if isinstance(document, str) else document
    return {statement["Sid"]: statement for statement in parsed["Statement"]}


def _uses_what_aws_has(applied: Applied) -> None:
    client = applied.client("codedeploy")
    assert client.get_deployment_group(**GROUP)["deploymentGroupInfo"]["deploymentConfigName"] == BUILT_IN
    assert OWN not in client.list_deployment_configs()["deploymentConfigsList"]


def _judged(applied: Applied, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hook of the README says that the version is sound."""
    assert alias(applied)[1] == {}
    (hook,) = emulator.lifecycle_hooks()
    assert (hook.event, hook.function) == ("BeforeAllowTraffic", applied.outputs["releases"][0]["before_traffic"])
    (code,) = re.findall(r"```python\n(import boto3.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.setattr(boto3, "client", applied.client)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102  # the README's own handler
    names["handler"](hook.payload, None)


def _rolled_back(applied: Applied, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """An alarm ends the way back to version 1, and the alias stays with version 2."""
    identity = deploy(applied, "2", "1")
    emulator.pass_deployment_minutes(1)
    _judged(applied, emulator, monkeypatch)
    assert alias(applied) == ("2", {"1": 0.1})
    alarms, alarm = (
        applied.client("cloudwatch"),
        {"AlarmName": applied.outputs["alarm_names"][0], "StateReason": "test"},
    )
    alarms.set_alarm_state(StateValue="ALARM", **alarm)
    emulator.pass_deployment_minutes(1)
    stopped = applied.client("codedeploy").get_deployment(deploymentId=identity)["deploymentInfo"]
    assert (stopped["status"], stopped["errorInformation"]["code"]) == ("Stopped", "ALARM_ACTIVE")
    assert status(applied, stopped["rollbackInfo"]["rollbackDeploymentId"]) == "Succeeded"
    assert alias(applied) == ("2", {})
    alarms.set_alarm_state(StateValue="OK", **alarm)


def _stopped(applied: Applied, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """The group rolls back what somebody stops."""
    identity = deploy(applied, "2", "1")
    emulator.pass_deployment_minutes(1)
    _judged(applied, emulator, monkeypatch)
    assert alias(applied) == ("2", {"1": 0.1})
    applied.client("codedeploy").stop_deployment(deploymentId=identity)
    emulator.pass_deployment_minutes(1)
    assert (status(applied, identity), alias(applied)) == ("Stopped", ("2", {}))


def _failed(applied: Applied, emulator: Emulator) -> None:
    """A hook that says no ends a shift before it begins."""
    identity = deploy(applied, "2", "1")
    emulator.pass_deployment_minutes(1)
    (hook,) = emulator.lifecycle_hooks()
    applied.client("codedeploy").put_lifecycle_event_hook_execution_status(
        deploymentId=identity, lifecycleEventHookExecutionId=hook.execution_id, status="Failed"
    )
    emulator.pass_deployment_minutes(1)
    found = applied.client("codedeploy").get_deployment(deploymentId=identity)["deploymentInfo"]
    assert (found["status"], found["errorInformation"]["code"]) == ("Failed", "HOOK_EXECUTION_FAILURE")
    assert status(applied, found["rollbackInfo"]["rollbackDeploymentId"]) == "Succeeded"
    assert alias(applied) == ("2", {})
