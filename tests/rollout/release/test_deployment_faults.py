"""Ends of deployments that the emulator does not bring about, by botocore's stubs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from rollout.release import Outcome, ReleaseError, ShiftOptions, UnsettledError, rollback, shift
from tests.rollout.release.conftest import Heard
from tests.rollout.release.stubs import GROUP, TARGET, Instant, Stubs, started, stubbed

HOOK_FAILURE = {
    "code": "HOOK_EXECUTION_FAILURE",
    "message": "The overall deployment failed because a lifecycle event hook failed.",
}
DIAGNOSTICS = {"errorCode": "ScriptTimedOut", "scriptName": "", "message": "The hook did not answer.", "logTail": ""}


@pytest.fixture
def stubs() -> Iterator[Stubs]:
    with stubbed() as stubs:
        yield stubs


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
        "orders:live: deployment d-ABCDEFGHI succeeded, but the alias points to version 1 instead of only version 2; "
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


@pytest.mark.parametrize("unwatched", [False, True])
def test_the_specification_and_the_override_of_alarms_are_what_codedeploy_takes(
    stubs: Stubs, *, unwatched: bool
) -> None:
    """An override replaces all that the group says of alarms."""
    stubs.alias("1")
    stubs.group(alarm="ALARM", unwatched=unwatched)
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
        "overrideAlarmConfiguration": {"enabled": False, "ignorePollAlarmFailure": unwatched, "alarms": []},
    }
    stubs.answer("codedeploy", "create_deployment", {"deploymentId": "d-ABCDEFGHI"}, expected)
    stubs.deployment("d-ABCDEFGHI", "Succeeded")
    stubs.alias("2")
    shift(stubs, [TARGET], ShiftOptions(ignored_alarms=("errors",), reason="the fix"), clock=Instant())


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


def test_weights_that_lambda_leaves_for_provisioned_concurrency_are_waited_for(stubs: Stubs, heard: Heard) -> None:
    started(stubs)
    for weights in ({"1": 0.75}, {"1": 0.25}, {}):
        stubs.deployment("d-ABCDEFGHI", "Succeeded")
        stubs.alias("2", weights)
    (result,) = shift(stubs, [TARGET], observer=heard, clock=Instant())
    assert result.outcome is Outcome.SHIFTED
    assert heard.steps["orders:live"] == [
        (25.0, "Succeeded, Lambda moves the rest"),
        (75.0, "Succeeded, Lambda moves the rest"),
        (100.0, "Succeeded"),
    ]
