"""The extension of CodeDeploy: a deployment that moves an alias, by a clock that the test puts forward."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError

from local.emulator import Emulator
from tests.local.conftest import REGION, Clients

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


@pytest.fixture
def codedeploy(clients: Clients) -> Any:
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


@pytest.fixture
def start(codedeploy: Any, emulator: Emulator) -> Start:
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


def test_a_canary_shifts_ten_percent_and_after_its_interval_the_rest(
    codedeploy: Any, clients: Clients, emulator: Emulator
) -> None:
    identity = codedeploy.create_deployment(**GROUP, revision=revision(as_yaml=True))["deploymentId"]
    assert (info(codedeploy, identity)["status"], alias(clients)) == ("Created", ("1", {}))
    emulator.pass_deployment_minutes(0.1)
    assert (info(codedeploy, identity)["status"], alias(clients)) == ("InProgress", ("1", {"2": 0.1}))
    target = codedeploy.batch_get_deployment_targets(deploymentId=identity, targetIds=["orders"])
    found = target["deploymentTargets"][0]["lambdaTarget"]
    assert found["lambdaFunctionInfo"] == {
        "functionName": "orders",
        "functionAlias": "live",
        "currentVersion": "1",
        "targetVersion": "2",
        "targetVersionWeight": 10.0,
    }
    assert found["targetArn"] == f"arn:aws:lambda:{REGION}:123456789012:function:orders"
    assert events(codedeploy, identity) == {
        "BeforeAllowTraffic": "Succeeded",
        "AllowTraffic": "InProgress",
        "AfterAllowTraffic": "Pending",
    }
    emulator.pass_deployment_minutes(4.8)
    assert alias(clients) == ("1", {"2": 0.1})
    emulator.pass_deployment_minutes(0.2)
    assert alias(clients) == ("2", {})
    done = info(codedeploy, identity)
    assert (done["status"], done["deploymentOverview"]["Succeeded"], done["creator"]) == ("Succeeded", 1, "user")
    assert done["createTime"] <= done["startTime"] <= done["completeTime"]
    assert "rollbackInfo" not in done
    assert set(events(codedeploy, identity).values()) == {"Succeeded"}
    group = codedeploy.get_deployment_group(**GROUP)["deploymentGroupInfo"]
    assert group["lastSuccessfulDeployment"]["deploymentId"] == identity


def test_a_linear_shift_goes_step_by_step(start: Start, clients: Clients, emulator: Emulator) -> None:
    start(deploymentConfigName="CodeDeployDefault.LambdaLinear10PercentEvery1Minute")
    weights = []
    while alias(clients)[1]:
        weights.append(alias(clients)[1]["2"])
        emulator.pass_deployment_minutes(1)
    assert weights == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    assert alias(clients) == ("2", {})


def test_all_at_once_is_done_at_once(codedeploy: Any, start: Start, clients: Clients) -> None:
    identity = start(deploymentConfigName="CodeDeployDefault.LambdaAllAtOnce")
    assert (info(codedeploy, identity)["status"], alias(clients)) == ("Succeeded", ("2", {}))


def test_minutes_can_be_made_short(emulator: Emulator, codedeploy: Any, clients: Clients) -> None:
    emulator.set_deployment_minute(0.0001)
    codedeploy.create_deployment(**GROUP, revision=revision())
    waiter = codedeploy.get_waiter("deployment_successful")
    waiter.config.delay = 0.01
    waiter.wait(deploymentId=codedeploy.list_deployments(**GROUP)["deployments"][0])
    assert alias(clients) == ("2", {})


def test_an_alarm_stops_the_shift_and_a_deployment_of_its_own_rolls_it_back(
    codedeploy: Any, start: Start, clients: Clients, emulator: Emulator
) -> None:
    identity = start()
    clients("cloudwatch").set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")
    stopped = info(codedeploy, identity)
    assert (stopped["status"], stopped["errorInformation"]["code"]) == ("Stopped", "ALARM_ACTIVE")
    assert "errors" in stopped["errorInformation"]["message"]
    undoing = stopped["rollbackInfo"]["rollbackDeploymentId"]
    assert codedeploy.list_deployments(**GROUP)["deployments"] == [undoing, identity]
    emulator.pass_deployment_minutes(0.1)
    undone = info(codedeploy, undoing)
    assert (undone["status"], undone["creator"]) == ("Succeeded", "codeDeployRollback")
    assert undone["rollbackInfo"]["rollbackTriggeringDeploymentId"] == identity
    assert alias(clients) == ("1", {})
    assert codedeploy.list_deployments(**GROUP, includeOnlyStatuses=["Stopped"])["deployments"] == [identity]


def test_a_rollback_begins_when_the_shift_stopped(
    codedeploy: Any, start: Start, clients: Clients, emulator: Emulator
) -> None:
    identity = start()
    clients("cloudwatch").set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")
    emulator.pass_deployment_minutes(1)
    assert alias(clients) == ("1", {})
    undoing = info(codedeploy, identity)["rollbackInfo"]["rollbackDeploymentId"]
    assert info(codedeploy, undoing)["status"] == "Succeeded"


def test_an_alarm_after_the_shift_changes_nothing(codedeploy: Any, start: Start, clients: Clients) -> None:
    identity = start(deploymentConfigName="CodeDeployDefault.LambdaAllAtOnce")
    clients("cloudwatch").set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")
    assert (info(codedeploy, identity)["status"], alias(clients)) == ("Succeeded", ("2", {}))


def test_an_alarm_that_fires_already_lets_no_shift_begin(codedeploy: Any, start: Start, clients: Clients) -> None:
    clients("cloudwatch").set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")
    assert info(codedeploy, start())["status"] == "Stopped"
    assert alias(clients) == ("1", {})


@pytest.mark.parametrize(("ignored", "status"), [(False, "Stopped"), (True, "InProgress")])
def test_an_alarm_that_is_gone_stops_the_shift_unless_that_is_ignored(
    codedeploy: Any, start: Start, *, ignored: bool, status: str
) -> None:
    alarms = {"enabled": True, "ignorePollAlarmFailure": ignored, "alarms": [{"name": "gone"}]}
    assert info(codedeploy, start(overrideAlarmConfiguration=alarms))["status"] == status


@pytest.mark.parametrize(("rolled_back", "left"), [(True, ("1", {})), (False, ("1", {"2": 0.1}))])
def test_a_deployment_can_be_stopped_with_and_without_a_rollback(
    codedeploy: Any, start: Start, clients: Clients, emulator: Emulator, *, rolled_back: bool, left: Any
) -> None:
    identity = start()
    codedeploy.stop_deployment(deploymentId=identity, autoRollbackEnabled=rolled_back)
    emulator.pass_deployment_minutes(0.1)
    stopped = info(codedeploy, identity)
    assert (stopped["status"], stopped["errorInformation"]["code"]) == ("Stopped", "MANUAL_STOP")
    assert ("rollbackInfo" in stopped, alias(clients)) == (rolled_back, left)
    with pytest.raises(ClientError, match="DeploymentAlreadyCompletedException"):
        codedeploy.stop_deployment(deploymentId=identity)


def test_a_hook_is_waited_for(codedeploy: Any, start: Start, clients: Clients, emulator: Emulator) -> None:
    identity = start({"BeforeAllowTraffic": "check", "AfterAllowTraffic": "check"})
    emulator.pass_deployment_minutes(30)
    assert alias(clients) == ("1", {})
    (hook,) = emulator.lifecycle_hooks()
    assert (hook.deployment_id, hook.event, hook.function) == (identity, "BeforeAllowTraffic", "check")
    assert set(hook.payload) == {"DeploymentId", "LifecycleEventHookExecutionId"}
    report = {"deploymentId": identity, "lifecycleEventHookExecutionId": hook.execution_id}
    with pytest.raises(ClientError, match="InvalidLifecycleEventHookExecutionStatusException"):
        codedeploy.put_lifecycle_event_hook_execution_status(**report, status="Skipped")
    codedeploy.put_lifecycle_event_hook_execution_status(**report, status="Succeeded")
    with pytest.raises(ClientError, match="LifecycleEventAlreadyCompletedException"):
        codedeploy.put_lifecycle_event_hook_execution_status(**report, status="Succeeded")
    assert alias(clients) == ("1", {"2": 0.1})
    emulator.pass_deployment_minutes(6)
    (after,) = emulator.lifecycle_hooks()
    assert (after.event, info(codedeploy, identity)["status"]) == ("AfterAllowTraffic", "InProgress")
    report["lifecycleEventHookExecutionId"] = after.execution_id
    codedeploy.put_lifecycle_event_hook_execution_status(**report, status="Failed")
    emulator.pass_deployment_minutes(0.1)
    failed = info(codedeploy, identity)
    assert (failed["status"], failed["errorInformation"]["code"]) == ("Failed", "HOOK_EXECUTION_FAILURE")
    assert events(codedeploy, identity)["AfterAllowTraffic"] == "Failed"
    assert ("rollbackDeploymentId" in failed["rollbackInfo"], alias(clients)) == (True, ("1", {}))


def test_a_hook_that_does_not_report_fails_after_an_hour(codedeploy: Any, start: Start, emulator: Emulator) -> None:
    identity = start({"BeforeAllowTraffic": "check"})
    emulator.pass_deployment_minutes(61)
    failed = info(codedeploy, identity)
    assert (failed["status"], failed["errorInformation"]["message"]) == (
        "Failed",
        "The function check of the lifecycle event BeforeAllowTraffic did not report within one hour.",
    )


def test_a_group_has_one_deployment_at_a_time(codedeploy: Any, start: Start) -> None:
    start()
    with pytest.raises(ClientError, match="DeploymentLimitExceededException"):
        codedeploy.create_deployment(**GROUP, revision=revision())


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"Name": "other"}, "INVALID_LAMBDA_FUNCTION"),
        ({"Alias": "other"}, "INVALID_LAMBDA_CONFIGURATION"),
        ({"TargetVersion": "3"}, "INVALID_LAMBDA_CONFIGURATION"),
        ({"CurrentVersion": "2", "TargetVersion": "1"}, "INVALID_LAMBDA_CONFIGURATION"),
        ({"TargetVersion": ""}, "INVALID_REVISION"),
    ],
)
def test_an_appspec_that_does_not_fit_fails_the_deployment(
    codedeploy: Any, emulator: Emulator, changed: dict[str, Any], code: str
) -> None:
    identity = codedeploy.create_deployment(**GROUP, revision=revision(**changed))["deploymentId"]
    emulator.pass_deployment_minutes(0.1)
    failed = info(codedeploy, identity)
    assert (failed["status"], failed["errorInformation"]["code"]) == ("Failed", code)


def test_a_revision_whose_hash_is_anothers_is_refused(codedeploy: Any) -> None:
    wrong = revision()
    wrong["appSpecContent"]["sha256"] = "0" * 64
    with pytest.raises(ClientError, match="InvalidRevisionException"):
        codedeploy.create_deployment(**GROUP, revision=wrong)


def test_a_configuration_of_ones_own(codedeploy: Any, start: Start, clients: Clients, emulator: Emulator) -> None:
    routing = {"type": "TimeBasedCanary", "timeBasedCanary": {"canaryPercentage": 25, "canaryInterval": 2}}
    own = {"deploymentConfigName": "own", "computePlatform": "Lambda", "trafficRoutingConfig": routing}
    codedeploy.create_deployment_config(**own)
    found = codedeploy.get_deployment_config(deploymentConfigName="own")["deploymentConfigInfo"]
    assert {name: found[name] for name in own} == own
    assert "own" in codedeploy.list_deployment_configs()["deploymentConfigsList"]
    codedeploy.update_deployment_group(
        applicationName="orders", currentDeploymentGroupName="live", deploymentConfigName="own"
    )
    with pytest.raises(ClientError, match="DeploymentConfigInUseException"):
        codedeploy.delete_deployment_config(deploymentConfigName="own")
    start()
    assert alias(clients) == ("1", {"2": 0.25})
    emulator.pass_deployment_minutes(2.1)
    assert alias(clients) == ("2", {})
    codedeploy.delete_deployment_group(**GROUP)
    codedeploy.delete_deployment_config(deploymentConfigName="own")
    with pytest.raises(ClientError, match="DeploymentConfigDoesNotExistException"):
        codedeploy.get_deployment_config(deploymentConfigName="own")


@pytest.mark.parametrize(
    "routing",
    [
        {"type": "TimeBasedCanary", "timeBasedCanary": {"canaryPercentage": 100, "canaryInterval": 5}},
        {"type": "TimeBasedCanary", "timeBasedCanary": {"canaryPercentage": 10, "canaryInterval": 2881}},
        {"type": "TimeBasedLinear", "timeBasedLinear": {"linearPercentage": 1, "linearInterval": 30}},
        {"type": "TimeBasedLinear", "timeBasedCanary": {"canaryPercentage": 10, "canaryInterval": 5}},
    ],
)
def test_routing_that_codedeploy_does_not_take_is_refused(clients: Clients, routing: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="InvalidTrafficRoutingConfigurationException"):
        clients("codedeploy").create_deployment_config(
            deploymentConfigName="own", computePlatform="Lambda", trafficRoutingConfig=routing
        )


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"deploymentConfigName": "none"}, "DeploymentConfigDoesNotExistException"),
        ({"deploymentConfigName": "CodeDeployDefault.OneAtATime"}, "InvalidDeploymentConfigNameException"),
        ({"serviceRoleArn": "arn:aws:iam::123456789012:role/none"}, "InvalidRoleException"),
        ({"deploymentStyle": STYLE | {"deploymentType": "IN_PLACE"}}, "InvalidDeploymentStyleException"),
        ({"alarmConfiguration": {"enabled": True}}, "InvalidAlarmConfigException"),
        ({"autoRollbackConfiguration": {"enabled": True}}, "InvalidAutoRollbackConfigException"),
    ],
)
def test_a_group_that_codedeploy_does_not_take_is_refused(codedeploy: Any, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError, match=code):
        codedeploy.update_deployment_group(applicationName="orders", currentDeploymentGroupName="live", **changed)


def test_groups_and_applications_go_and_get_other_names(codedeploy: Any) -> None:
    group = codedeploy.get_deployment_group(**GROUP)["deploymentGroupInfo"]
    assert group["alarmConfiguration"]["alarms"] == [{"name": "errors"}]
    assert group["autoRollbackConfiguration"]["events"] == EVENTS
    codedeploy.update_application(applicationName="orders", newApplicationName="shop")
    assert codedeploy.list_deployment_groups(applicationName="shop")["deploymentGroups"] == ["live"]
    codedeploy.delete_deployment_group(applicationName="shop", deploymentGroupName="live")
    codedeploy.delete_application(applicationName="shop")
    assert codedeploy.list_applications()["applications"] == []
