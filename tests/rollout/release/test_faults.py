"""What AWS can answer and the emulator does not: throttling, races, broken hooks, alarms that cannot be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import botocore.awsrequest
import pytest
from botocore.compat import HTTPHeaders

from rollout.release import (
    Outcome,
    ReleaseError,
    ShiftOptions,
    UnsettledError,
    client_config,
    plan,
    prune,
    rollback,
    shift,
)
from rollout.release.aws import ATTEMPTS, asking
from rollout.release.functions import read_alias
from tests.rollout.release.conftest import Heard
from tests.rollout.release.stubs import GROUP, TARGET, Instant, Stubs, stubbed

HOOK_FAILURE = {
    "code": "HOOK_EXECUTION_FAILURE",
    "message": "The overall deployment failed because a lifecycle event hook failed.",
}
DIAGNOSTICS = {"errorCode": "ScriptTimedOut", "scriptName": "", "message": "The hook did not answer.", "logTail": ""}


@pytest.fixture
def stubs() -> Iterator[Stubs]:
    with stubbed() as stubs:
        yield stubs


class Server:
    """Answers each request of a client with the next of these statuses and bodies, over the real retry handlers."""

    def __init__(self, *answers: tuple[int, dict[str, Any]]) -> None:
        self.answers, self.asked = list(answers), 0

    def __call__(self, request: Any, **_: Any) -> Any:
        self.asked += 1
        status, body = self.answers.pop(0)
        headers = {"x-amzn-errortype": body["__type"]} if status != 200 else {}
        raw = type("Raw", (), {"stream": lambda _self, **_k: iter([json.dumps(body).encode()])})()
        return botocore.awsrequest.AWSResponse(request.url, status, HTTPHeaders.from_dict(headers), raw)


def serving(server: Server) -> Any:
    session: Any = boto3.session.Session(
        region_name="eu-west-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    client = session.client("lambda", config=client_config())
    client.meta.events.register("before-send.lambda.*", server)
    return client


THROTTLED = (429, {"__type": "TooManyRequestsException", "Message": "Rate exceeded"})


def test_a_throttled_request_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("botocore.endpoint.time.sleep", slept.append)
    server = Server(THROTTLED, THROTTLED, THROTTLED, (200, {"FunctionVersion": "7"}))
    client = serving(server)
    assert read_alias(lambda _service: client, TARGET).version == "7"
    assert (server.asked, len(slept)) == (4, 3)
    assert client.meta.config.retries == {"mode": "adaptive", "total_max_attempts": ATTEMPTS}
    client.close()


def test_a_request_that_stays_throttled_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _seconds: None)
    monkeypatch.setattr("botocore.retries.throttling.CubicCalculator.error_received", lambda *_: 1e6)
    server = Server(*[THROTTLED] * ATTEMPTS)
    client = serving(server)
    with pytest.raises(ReleaseError) as caught, asking("orders:live", "wait"):
        read_alias(lambda _service: client, TARGET)
    assert str(caught.value) == ("orders:live: AWS refused GetAlias (TooManyRequestsException: Rate exceeded); wait")
    client.close()


def test_credentials_that_are_missing_are_told() -> None:
    session: Any = boto3.session.Session(region_name="eu-west-1")
    client = session.client("lambda", config=client_config())
    client._request_signer._credentials = None
    with pytest.raises(ReleaseError) as caught:
        plan(lambda _service: client, [TARGET])
    assert str(caught.value) == (
        "orders:live: AWS could not be asked (Unable to locate credentials); correct that and run the command again, "
        "which goes on where it was"
    )
    client.close()


def test_a_refused_request_before_anything_starts_is_one_sentence(stubs: Stubs) -> None:
    stubs.refuse("lambda", "get_alias", "AccessDeniedException", "User is not authorized to perform lambda:GetAlias.")
    with pytest.raises(ReleaseError) as caught:
        shift(stubs, [TARGET], clock=Instant())
    assert str(caught.value) == (
        "orders:live: AWS refused GetAlias (AccessDeniedException: User is not authorized to perform lambda:GetAlias); "
        "correct that and run the command again, which goes on where it was"
    )


def test_a_deployment_that_another_run_started_meanwhile_is_joined(stubs: Stubs, heard: Heard) -> None:
    stubs.planned()
    stubs.version("2")
    message = "The Deployment Group 'live' already has an active Deployment 'd-OTHERS123'"
    stubs.refuse("codedeploy", "create_deployment", "DeploymentLimitExceededException", message)
    stubs.group(active="d-OTHERS123")
    stubs.deployment("d-OTHERS123", "Succeeded")
    stubs.alias("2")
    (result,) = shift(stubs, [TARGET], observer=heard, clock=Instant())
    assert (result.outcome, result.deployment_id) == (Outcome.SHIFTED, "d-OTHERS123")
    assert heard.begun == ["orders:live: version 1 to 2: all traffic at once (deployment d-OTHERS123 joined)"]


def test_a_deployment_of_others_that_started_meanwhile_fails(stubs: Stubs) -> None:
    stubs.planned()
    stubs.version("2")
    message = "The Deployment Group 'live' already has an active Deployment 'd-OTHERS123'"
    stubs.refuse("codedeploy", "create_deployment", "DeploymentLimitExceededException", message)
    stubs.group(active="d-OTHERS123", to="9")
    with pytest.raises(ReleaseError) as caught:
        shift(stubs, [TARGET], clock=Instant())
    assert str(caught.value) == (
        "orders:live: AWS refused CreateDeployment (DeploymentLimitExceededException: The Deployment Group 'live' "
        "already has an active Deployment 'd-OTHERS123'); correct that and run the command again, which goes on where "
        "it was"
    )


def started(stubs: Stubs) -> None:
    stubs.planned()
    stubs.version("2")
    stubs.answer("codedeploy", "create_deployment", {"deploymentId": "d-ABCDEFGHI"})


def test_a_hook_that_fails_is_named_with_its_diagnostics_and_the_rollback_is_waited_for(
    stubs: Stubs, heard: Heard
) -> None:
    started(stubs)
    events: list[dict[str, Any]] = [
        {"lifecycleEventName": "BeforeAllowTraffic", "status": "Succeeded"},
        {"lifecycleEventName": "AllowTraffic", "status": "Succeeded"},
        {"lifecycleEventName": "AfterAllowTraffic", "status": "Failed", "diagnostics": DIAGNOSTICS},
    ]
    automatic = {"errorInformation": HOOK_FAILURE, "autoRollbackConfiguration": {"enabled": True}}
    stubs.deployment("d-ABCDEFGHI", "Failed", events=events, **automatic)
    stubs.alias("2")
    stubs.group()
    rollback_info = {"rollbackInfo": {"rollbackDeploymentId": "d-ROLLBACK1"}}
    stubs.deployment("d-ABCDEFGHI", "Failed", events=events, **automatic, **rollback_info)
    stubs.alias("1")
    stubs.deployment("d-ROLLBACK1", "InProgress")
    stubs.deployment("d-ABCDEFGHI", "Failed", events=events, **automatic, **rollback_info)
    stubs.alias("1")
    stubs.deployment("d-ROLLBACK1", "Succeeded")
    with pytest.raises(ReleaseError) as caught:
        shift(stubs, [TARGET], observer=heard, clock=Instant())
    assert str(caught.value) == (
        "orders:live: deployment d-ABCDEFGHI from version 1 to 2 ended as Failed (HOOK_EXECUTION_FAILURE: The overall "
        "deployment failed because a lifecycle event hook failed); AfterAllowTraffic Failed (ScriptTimedOut: The hook "
        "did not answer); all traffic is at version 1 (rolled back by d-ROLLBACK1)"
    )
    assert not isinstance(caught.value, UnsettledError)


def test_a_rollback_that_fails_is_unsettled(stubs: Stubs) -> None:
    started(stubs)
    error = {"code": "ALARM_ACTIVE", "message": "One or more alarms have been activated."}
    info: dict[str, Any] = {"errorInformation": error, "rollbackInfo": {"rollbackDeploymentId": "d-ROLLBACK1"}}
    refused = {"code": "IAM_ROLE_PERMISSIONS", "message": "The role may not update the alias."}
    for look in range(3):
        stubs.deployment("d-ABCDEFGHI", "Stopped", **info)
        stubs.alias("1", {"2": 0.1})
        if look == 0:
            stubs.group(alarm="ALARM")
        stubs.deployment("d-ROLLBACK1", "Failed", errorInformation=refused)
    with pytest.raises(UnsettledError) as caught:
        shift(stubs, [TARGET], ShiftOptions(settle_seconds=10), clock=Instant())
    assert str(caught.value) == (
        "orders:live: deployment d-ABCDEFGHI from version 1 to 2 ended as Stopped (ALARM_ACTIVE: One or more alarms "
        "have been activated); in ALARM: errors; the alias points to version 1, 10% to version 2; its rollback "
        "d-ROLLBACK1 Failed (IAM_ROLE_PERMISSIONS: The role may not update the alias); go back with `lambdanet release "
        "rollback`"
    )


def test_success_that_does_not_show_in_the_alias_is_unsettled(stubs: Stubs) -> None:
    started(stubs)
    stubs.deployment("d-ABCDEFGHI", "Succeeded")
    stubs.alias("1")
    with pytest.raises(UnsettledError) as caught:
        shift(stubs, [TARGET], clock=Instant())
    assert str(caught.value) == (
        "orders:live: deployment d-ABCDEFGHI succeeded, but the alias points to version 1 instead of version 2; "
        "something else moves it; see who calls UpdateAlias, and run the command again"
    )


def test_a_failure_to_ask_while_traffic_moves_is_unsettled(stubs: Stubs, heard: Heard) -> None:
    started(stubs)
    stubs.refuse("codedeploy", "get_deployment", "ExpiredTokenException", "The security token has expired")
    with pytest.raises(UnsettledError) as caught:
        shift(stubs, [TARGET], observer=heard, clock=Instant())
    assert str(caught.value) == (
        "orders:live: AWS refused GetDeployment (ExpiredTokenException: The security token has expired); the "
        "deployment goes on in CodeDeploy; run the command again, which joins it"
    )
    assert heard.results[0].outcome is Outcome.UNSETTLED


def test_a_pending_version_is_waited_for(stubs: Stubs, heard: Heard) -> None:
    stubs.planned()
    stubs.version("2", State="Pending")
    stubs.version("2")
    stubs.answer("codedeploy", "create_deployment", {"deploymentId": "d-ABCDEFGHI"})
    stubs.deployment("d-ABCDEFGHI", "Succeeded")
    stubs.alias("2")
    (result,) = shift(stubs, [TARGET], observer=heard, clock=Instant())
    assert result.outcome is Outcome.SHIFTED
    assert heard.notes == ["orders:live: version 2 is pending"]


def test_a_version_that_never_gets_active_is_not_shifted_to(stubs: Stubs) -> None:
    stubs.planned()
    for _ in range(4):
        stubs.version("2", State="Pending")
    with pytest.raises(ReleaseError) as caught:
        shift(stubs, [TARGET], ShiftOptions(poll_seconds=300), clock=Instant())
    assert str(caught.value) == (
        "orders:live: version 2 has been pending for 15 minutes; traffic goes to an active version only; see the "
        "function's state in Lambda"
    )


def test_a_version_that_failed_is_not_shifted_to(stubs: Stubs) -> None:
    stubs.planned()
    stubs.version("2", State="Failed", StateReason="The image could not be pulled")
    with pytest.raises(ReleaseError) as caught:
        shift(stubs, [TARGET], clock=Instant())
    assert str(caught.value) == (
        "orders:live: version 2 failed (The image could not be pulled); traffic goes to an active version only; "
        "correct that and publish another version"
    )


def test_a_deployment_that_ended_before_it_could_be_stopped_is_shifted_back(stubs: Stubs) -> None:
    stubs.alias("1", {"2": 0.1})
    stubs.group(active="d-ABCDEFGHI")
    stubs.refuse("codedeploy", "stop_deployment", "DeploymentAlreadyCompletedException", "It has completed.")
    stubs.deployment("d-ABCDEFGHI", "Succeeded")
    stubs.alias("2")
    stubs.alias("2")
    stubs.group()
    stubs.answer("lambda", "list_versions_by_function", {"Versions": [{"Version": "1"}, {"Version": "2"}]})
    made = {"deploymentId": "d-ROLLBACK1"}
    stubs.answer("codedeploy", "create_deployment", made)
    stubs.deployment("d-ROLLBACK1", "Succeeded")
    stubs.alias("1")
    (result,) = rollback(stubs, [TARGET], clock=Instant())
    assert (result.held, result.to_version, result.deployment_id) == (True, "1", "d-ROLLBACK1")


def test_a_rollback_that_codedeploy_runs_already_is_waited_for(stubs: Stubs, heard: Heard) -> None:
    stubs.alias("1", {"2": 0.1})
    stubs.group(active="d-ROLLBACK1", to="0")
    stubs.deployment("d-ROLLBACK1", "Succeeded")
    stubs.alias("0")
    (result,) = rollback(stubs, [TARGET], observer=heard, clock=Instant())
    assert heard.begun == ["orders:live: wait for the rollback that runs d-ROLLBACK1"]
    assert (result.held, result.to_version) == (True, "0")


def test_the_specification_and_the_override_of_alarms_are_what_codedeploy_takes(stubs: Stubs) -> None:
    stubs.alias("1")
    stubs.group(alarm="ALARM")
    stubs.answer("lambda", "list_versions_by_function", {"Versions": [{"Version": "1"}, {"Version": "2"}]})
    for number in ("2", "2", "1", "2"):
        stubs.version(number)
    content = (
        '{\n "version": 0.0,\n "Resources": [\n  {\n   "function": {\n    "Type": "AWS::Lambda::Function",\n'
        '    "Properties": {\n     "Name": "orders",\n     "Alias": "live",\n     "CurrentVersion": "1",\n'
        '     "TargetVersion": "2"\n    }\n   }\n  }\n ]\n}'
    )
    digest = "069c2e2d92b49e03783f750d086bd26a43a2574de6c807553ae3d83ef07e5c79"
    expected = {
        **GROUP,
        "revision": {"revisionType": "AppSpecContent", "appSpecContent": {"content": content, "sha256": digest}},
        "description": "version 1 to 2 by lambdanet; errors ignored: the fix",
        "overrideAlarmConfiguration": {"enabled": False, "alarms": []},
    }
    stubs.answer("codedeploy", "create_deployment", {"deploymentId": "d-ABCDEFGHI"}, expected)
    stubs.deployment("d-ABCDEFGHI", "Succeeded")
    stubs.alias("2")
    shift(stubs, [TARGET], ShiftOptions(ignored_alarms=("errors",), reason="the fix"), clock=Instant())


def test_every_version_that_could_not_be_deleted_is_told(stubs: Stubs) -> None:
    versions = {"Versions": [{"Version": number} for number in ("$LATEST", "1", "2", "3", "4")]}
    stubs.answer("lambda", "list_versions_by_function", versions)
    stubs.answer("lambda", "list_aliases", {"Aliases": [{"Name": "live", "FunctionVersion": "4"}]})
    stubs.answer("lambda", "list_provisioned_concurrency_configs", {"ProvisionedConcurrencyConfigs": []})
    stubs.answer("lambda", "list_function_event_invoke_configs", {"FunctionEventInvokeConfigs": []})
    stubs.answer("lambda", "list_event_source_mappings", {"EventSourceMappings": []})
    stubs.alias("4")
    stubs.group()
    named = {"FunctionName": "orders"}
    stubs.refuse("lambda", "delete_function", "ResourceConflictException", "An alias refers to it.")
    stubs.answer("lambda", "delete_function", {}, {**named, "Qualifier": "2"})
    with pytest.raises(ReleaseError) as caught:
        prune(stubs, [TARGET], keep=1)
    assert str(caught.value) == (
        "version 1 of orders: AWS refused DeleteFunction (ResourceConflictException: An alias refers to it); see what "
        "needs that version, and run the command again"
    )


@pytest.mark.parametrize("code", ["ALARM_ACTIVE", "HOOK_EXECUTION_FAILURE"])
def test_an_end_that_the_group_does_not_roll_back_is_told_at_once(stubs: Stubs, code: str) -> None:
    started(stubs)
    events = [{"ALARM_ACTIVE": "DEPLOYMENT_FAILURE"}.get(code, "DEPLOYMENT_STOP_ON_ALARM")]
    automatic: dict[str, Any] = {"autoRollbackConfiguration": {"enabled": True, "events": events}}
    stubs.deployment("d-ABCDEFGHI", "Stopped", errorInformation={"code": code}, **automatic)
    stubs.alias("1", {"2": 0.1})
    stubs.group()
    with pytest.raises(UnsettledError) as caught:
        shift(stubs, [TARGET], clock=Instant())
    assert str(caught.value) == (
        f"orders:live: deployment d-ABCDEFGHI from version 1 to 2 ended as Stopped ({code}); the alias points to "
        "version 1, 10% to version 2, and nothing rolls it back; go back with `lambdanet release rollback`"
    )
