"""The extension of CodeDeploy: a deployment that moves an alias, by a clock that the test puts forward."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator import Emulator
from tests.local.codedeploy_base import GROUP, Start, alias, events, grouped, info, revision, starting
from tests.local.conftest import REGION, Clients


@pytest.fixture
def codedeploy(clients: Clients) -> Any:
    return grouped(clients)


@pytest.fixture
def start(codedeploy: Any, emulator: Emulator) -> Start:
    return starting(codedeploy, emulator)


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
