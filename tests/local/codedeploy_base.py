"""A function of two versions and its deployment group, for tests of the extension of CodeDeploy."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import yaml

from local.emulator import Emulator
from tests.local.conftest import Clients

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "codedeploy.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)
STYLE = {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"}
EVENTS = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"]
GROUP = {"applicationName": "orders", "deploymentGroupName": "live"}
Start = Callable[..., str]


def grouped(clients: Clients) -> Any:
    """A function of two versions whose alias has the first, an alarm, and a group that rolls back on everything."""
    role = clients("iam").create_role(RoleName="deploys", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    functions = clients("lambda")
    for name in ("orders", "check"):
        functions.create_function(
            FunctionName=name, Runtime="python3.13", Role=role, Handler="a.b", Code={"ZipFile": archive("1")}
        )
    functions.publish_version(FunctionName="orders")
    functions.update_function_code(FunctionName="orders", ZipFile=archive("2"))
    functions.publish_version(FunctionName="orders")
    functions.create_alias(FunctionName="orders", Name="live", FunctionVersion="1")
    clients("cloudwatch").put_metric_alarm(
        AlarmName="errors", Namespace="AWS/Lambda", MetricName="Errors", Statistic="Sum", Period=60,
        EvaluationPeriods=1, Threshold=0, ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    client = clients("codedeploy")
    client.create_application(applicationName="orders", computePlatform="Lambda")
    client.create_deployment_group(
        **GROUP,
        serviceRoleArn=role,
        deploymentConfigName="CodeDeployDefault.LambdaCanary10Percent5Minutes",
        deploymentStyle=STYLE,
        alarmConfiguration={"enabled": True, "alarms": [{"name": "errors"}]},
        autoRollbackConfiguration={"enabled": True, "events": EVENTS},
    )
    return client


def starting(codedeploy: Any, emulator: Emulator) -> Start:
    """Begin a deployment of version 2 and let it start."""

    def started(hooks: dict[str, str] | None = None, **choices: Any) -> str:
        created = codedeploy.create_deployment(**GROUP, revision=revision(hooks=hooks), **choices)
        emulator.pass_deployment_minutes(0.1)
        identity: str = created["deploymentId"]
        return identity

    return started


def archive(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("a.py", text)
    return buffer.getvalue()


def revision(hooks: dict[str, str] | None = None, *, as_yaml: bool = False, **changed: str) -> dict[str, Any]:
    properties = {"Name": "orders", "Alias": "live", "CurrentVersion": "1", "TargetVersion": "2"} | changed
    document = {
        "version": 0.0,
        "Resources": [{"orders": {"Type": "AWS::Lambda::Function", "Properties": properties}}],
        "Hooks": [{event: name} for event, name in (hooks or {}).items()],
    }
    content = yaml.safe_dump(document) if as_yaml else json.dumps(document)
    digest = hashlib.sha256(content.encode()).hexdigest()
    return {"revisionType": "AppSpecContent", "appSpecContent": {"content": content, "sha256": digest}}


def alias(clients: Clients) -> tuple[str, dict[str, float]]:
    found = clients("lambda").get_alias(FunctionName="orders", Name="live")
    return found["FunctionVersion"], (found.get("RoutingConfig") or {}).get("AdditionalVersionWeights", {})


def info(client: Any, identity: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get_deployment(deploymentId=identity)["deploymentInfo"]
    return found


def events(client: Any, identity: str) -> dict[str, str]:
    target = client.get_deployment_target(deploymentId=identity, targetId="orders")["deploymentTarget"]
    return {event["lifecycleEventName"]: event["status"] for event in target["lambdaTarget"]["lifecycleEvents"]}
