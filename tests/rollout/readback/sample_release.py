"""The release and the dashboard of the sample stack."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from rollout.readback.expected_release import ReleaseExpected

ALIAS = "live"
CANARY = {"type": "TimeBasedCanary", "timeBasedCanary": {"canaryPercentage": 10, "canaryInterval": 5}}
EVENTS = ("DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST")
TOLD = ("DeploymentFailure", "DeploymentStop", "DeploymentRollback")
EXPECTED = ReleaseExpected(CANARY, (), ignore_alarm_polling_failure=False, rollback_on=EVENTS, notify_on=TOLD)


def output(function: str, application: str) -> dict[str, str]:
    return {
        "function_name": function, "alias": ALIAS, "application": application, "deployment_group": ALIAS,
        "before_traffic": "", "after_traffic": "",
    }  # fmt: skip


def build(client: Callable[[str], Any], *, function: str, application: str, role: str, topic: str, alarm: str) -> None:
    """Alias on version 1, application, group; the published version is there."""
    client("lambda").create_alias(FunctionName=function, Name=ALIAS, FunctionVersion="1")
    codedeploy = client("codedeploy")
    codedeploy.create_application(applicationName=application, computePlatform="Lambda")
    codedeploy.create_deployment_group(
        applicationName=application,
        deploymentGroupName=ALIAS,
        serviceRoleArn=role,
        deploymentConfigName="CodeDeployDefault.LambdaCanary10Percent5Minutes",
        deploymentStyle={"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"},
        alarmConfiguration=watching(alarm),
        autoRollbackConfiguration=rollback(),
        triggerConfigurations=triggers(topic),
    )


def watching(*alarms: str, enabled: bool = True, unwatched: bool = False) -> dict[str, Any]:
    named = [{"name": alarm} for alarm in alarms]
    return {"enabled": enabled, "ignorePollAlarmFailure": unwatched, "alarms": named}


def rollback(*events: str) -> dict[str, Any]:
    return {"enabled": True, "events": list(events or EVENTS)}


def triggers(*topics: str, events: tuple[str, ...] = TOLD) -> list[dict[str, Any]]:
    return [
        {"triggerName": f"shifts{number or ''}", "triggerEvents": list(events), "triggerTargetArn": topic}
        for number, topic in enumerate(topics)
    ]


def dashboard(function: str) -> str:
    metrics = [["AWS/Lambda", "Errors", "FunctionName", function, "Resource", f"{function}:{ALIAS}"]]
    properties = {"title": "Errors", "region": "us-east-1", "metrics": metrics}
    return json.dumps({"widgets": [{"type": "metric", "properties": properties}]})
