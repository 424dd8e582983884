"""Shifts that the emulator carries out."""

from __future__ import annotations

import hashlib
import re

import pytest
import yaml

from modules.core.errors import ConfigError
from rollout.release import (
    OnInterrupt,
    Outcome,
    ReleaseError,
    ShiftOptions,
    UnsettledError,
    plan,
    shift,
)
from tests.rollout.release.conftest import Account, Clients, Heard, PassingClock


def named(text: str) -> str:
    """With every deployment's id as `d-X`."""
    return re.sub(r"d-[A-Z0-9]{9}", "d-X", text)


def test_a_canary_goes_to_all_traffic(account: Account, clients: Clients, clock: PassingClock, heard: Heard) -> None:
    target = account.release("orders")
    (result,) = shift(clients, [target], observer=heard, clock=clock)
    assert result.outcome is Outcome.SHIFTED
    assert account.alias("orders") == ("2", {})
    assert named(str(result)) == "orders:live: all traffic went from version 1 to 2 (deployment d-X)"
    assert [named(line) for line in heard.begun] == [
        "orders:live: version 1 to 2: 10 percent, then the rest after 5 minutes (deployment d-X started)"
    ]
    assert heard.steps["orders:live"] == [
        (0.0, "Created"),
        (10.0, "InProgress, AllowTraffic"),
        (100.0, "Succeeded"),
    ]
    assert clock.seconds == pytest.approx(5 * 60, abs=10)
    revision = account.deployment(result.deployment_id)["revision"]["appSpecContent"]
    assert revision["sha256"] == hashlib.sha256(revision["content"].encode()).hexdigest()
    assert account.deployment(result.deployment_id)["description"] == "version 1 to 2 by lambdanet"


def test_hooks_have_the_time_that_codedeploy_gives_them(
    account: Account, clients: Clients, clock: PassingClock
) -> None:
    account.function("check", 1)
    target = account.release("orders", config="CodeDeployDefault.LambdaAllAtOnce", before_traffic="check")

    def report(seconds: float) -> None:
        for hook in clock.emulator.lifecycle_hooks() if seconds >= 50 * 60 else ():
            account.codedeploy.put_lifecycle_event_hook_execution_status(
                deploymentId=hook.deployment_id, lifecycleEventHookExecutionId=hook.execution_id, status="Succeeded"
            )

    clock.during = report
    (result,) = shift(clients, [target], ShiftOptions(poll_seconds=300), clock=clock)
    assert result.outcome is Outcome.SHIFTED


def test_hooks_stand_in_the_specification(account: Account, clients: Clients, clock: PassingClock) -> None:
    account.function("check", 1)
    target = account.release("orders", before_traffic="check", after_traffic="check:1")

    def report(_seconds: float) -> None:
        for hook in clock.emulator.lifecycle_hooks():
            account.codedeploy.put_lifecycle_event_hook_execution_status(
                deploymentId=hook.deployment_id, lifecycleEventHookExecutionId=hook.execution_id, status="Succeeded"
            )

    clock.during = report
    (result,) = shift(clients, [target], clock=clock)
    content = account.deployment(result.deployment_id)["revision"]["appSpecContent"]["content"]
    assert yaml.safe_load(content)["Hooks"] == [{"BeforeAllowTraffic": "check"}, {"AfterAllowTraffic": "check:1"}]
    assert account.alias("orders") == ("2", {})


def test_nothing_to_shift_is_success_and_makes_no_deployment(
    account: Account, clients: Clients, clock: PassingClock
) -> None:
    first = account.release("first", versions=1)
    done = account.release("done", at=2)
    account.fire("done")
    results = shift(clients, [first, done], clock=clock)
    assert [(result.outcome, result.sentence) for result in results] == [
        (Outcome.NOTHING, "all traffic is at version 1, the newest"),
        (Outcome.NOTHING, "all traffic is at version 2, the newest"),
    ]
    assert account.deployments("first") == account.deployments("done") == []
    assert shift(clients, [first], clock=clock)[0].held


def test_an_alarm_rolls_back_and_fails_the_command(
    account: Account, clients: Clients, clock: PassingClock, heard: Heard
) -> None:
    target = account.release("orders")
    clock.during = lambda seconds: account.fire("orders") if seconds == 60 else None
    with pytest.raises(ReleaseError) as caught:
        shift(clients, [target], observer=heard, clock=clock)
    assert caught.value.exit_code == 1
    assert not isinstance(caught.value, UnsettledError)
    assert named(str(caught.value)) == (
        "orders:live: deployment d-X from version 1 to 2 ended as Stopped (ALARM_ACTIVE: Alarms have been activated, "
        "and the deployment has been stopped: orders-errors); AllowTraffic Failed; in ALARM: orders-errors; all "
        "traffic is at version 1 (rolled back by d-X)"
    )
    assert account.alias("orders") == ("1", {})
    assert heard.results[0].outcome is Outcome.ROLLED_BACK
    assert (10.0, "InProgress, AllowTraffic") in heard.steps["orders:live"]


def test_a_hook_that_fails_is_named(account: Account, clients: Clients, clock: PassingClock) -> None:
    account.function("check", 1)
    target = account.release("orders", before_traffic="check")

    def report(_seconds: float) -> None:
        for hook in clock.emulator.lifecycle_hooks():
            account.codedeploy.put_lifecycle_event_hook_execution_status(
                deploymentId=hook.deployment_id, lifecycleEventHookExecutionId=hook.execution_id, status="Failed"
            )

    clock.during = report
    with pytest.raises(ReleaseError) as caught:
        shift(clients, [target], clock=clock)
    assert named(str(caught.value)) == (
        "orders:live: deployment d-X from version 1 to 2 ended as Failed (HOOK_EXECUTION_FAILURE: The function check "
        "of the lifecycle event BeforeAllowTraffic reported that it failed); BeforeAllowTraffic Failed; all traffic is "
        "at version 1 (rolled back by d-X)"
    )
    assert account.alias("orders") == ("1", {})


def test_without_automatic_rollback_the_traffic_that_stays_is_told(
    account: Account, clients: Clients, clock: PassingClock
) -> None:
    target = account.release("orders", rolls_back=False)
    clock.during = lambda seconds: account.fire("orders") if seconds == 60 else None
    with pytest.raises(UnsettledError) as caught:
        shift(clients, [target], clock=clock)
    assert caught.value.exit_code == 3
    assert named(str(caught.value)).endswith(
        "in ALARM: orders-errors; the alias points to version 1, 10% to version 2, and nothing rolls it back; go back "
        "with `lambdanet release rollback`"
    )
    assert account.alias("orders") == ("1", {"2": 0.1})


def test_the_active_deployment_is_joined(account: Account, clients: Clients, clock: PassingClock, heard: Heard) -> None:
    target = account.release("orders")
    with pytest.raises(UnsettledError) as left:
        shift(clients, [target], ShiftOptions(timeout_seconds=30), clock=clock)
    assert named(str(left.value)) == (
        "orders:live: deployment d-X from version 1 to 2 goes on in CodeDeploy (no time is left); run the command "
        "again, which joins it, or end it with `lambdanet release rollback`"
    )
    (planned,) = plan(clients, [target])
    assert planned.action == "join"
    account.fire("orders", "OK")
    (result,) = shift(clients, [target], observer=heard, clock=clock)
    assert result.outcome is Outcome.SHIFTED
    assert named(heard.begun[0]).endswith("(deployment d-X joined)")
    assert account.deployments("orders") == [result.deployment_id]


def test_a_deployment_of_other_versions_is_in_the_way(account: Account, clients: Clients, clock: PassingClock) -> None:
    target = account.release("orders")
    with pytest.raises(UnsettledError):
        shift(clients, [target], ShiftOptions(timeout_seconds=30), clock=clock)
    account.change("orders", "3")
    account.functions.publish_version(FunctionName="orders")
    with pytest.raises(ReleaseError) as caught:
        shift(clients, [target], clock=clock)
    assert named(str(caught.value)) == (
        "orders:live: deployment d-X of the group shifts version 1 to 2, and version 3 is the newest; a deployment "
        "group runs one deployment at a time; wait for its end, or end it with `lambdanet release rollback`"
    )


def test_no_time_left_rolls_back_when_asked(account: Account, clients: Clients, clock: PassingClock) -> None:
    target = account.release("orders")
    options = ShiftOptions(timeout_seconds=30, on_interrupt=OnInterrupt.ROLL_BACK)
    with pytest.raises(ReleaseError) as caught:
        shift(clients, [target], options, clock=clock)
    assert not isinstance(caught.value, UnsettledError)
    assert "because no time is left" in str(caught.value)
    assert account.alias("orders") == ("1", {})


@pytest.mark.parametrize("ending", [KeyboardInterrupt, SystemExit(143)])
@pytest.mark.parametrize("choice", OnInterrupt)
def test_being_ended_stops_and_rolls_back_when_asked(
    account: Account,
    clients: Clients,
    clock: PassingClock,
    heard: Heard,
    choice: OnInterrupt,
    ending: BaseException,
) -> None:
    target = account.release("orders")

    def end(seconds: float) -> None:
        if seconds == 60:
            raise ending

    clock.during = end
    with pytest.raises((KeyboardInterrupt, SystemExit)):
        shift(clients, [target], ShiftOptions(on_interrupt=choice), observer=heard, clock=clock)
    (result,) = heard.results
    if choice is OnInterrupt.ROLL_BACK:
        assert account.alias("orders") == ("1", {})
        assert result.outcome is Outcome.ROLLED_BACK
        assert named(heard.notes[0]) == "interrupted: stopping d-X"
        assert "because interrupted" in result.sentence
    else:
        assert account.alias("orders") == ("1", {"2": 0.1})
        assert "goes on in CodeDeploy (interrupted)" in result.sentence


def test_an_alarm_in_alarm_is_in_the_way_unless_it_is_ignored_with_a_reason(
    account: Account, clients: Clients, clock: PassingClock
) -> None:
    target = account.release("orders")
    account.fire("orders")
    with pytest.raises(ReleaseError) as caught:
        shift(clients, [target], clock=clock)
    assert str(caught.value) == (
        "orders:live: alarm orders-errors is in the state ALARM; it would stop the deployment at once; see what it "
        "reports, or shift with --ignore-alarm orders-errors and a --reason"
    )
    assert account.deployments("orders") == []
    options = ShiftOptions(ignored_alarms=("orders-errors",), reason="this version is the fix")
    (result,) = shift(clients, [target], options, clock=clock)
    assert account.alias("orders") == ("2", {})
    made = account.deployment(result.deployment_id)
    assert made["description"] == ("version 1 to 2 by lambdanet; orders-errors ignored: this version is the fix")


def test_an_alarm_that_no_group_watches_cannot_be_ignored(
    account: Account, clients: Clients, clock: PassingClock
) -> None:
    target = account.release("orders")
    with pytest.raises(ConfigError) as caught:
        shift(clients, [target], ShiftOptions(ignored_alarms=("order-errors",), reason="the fix"), clock=clock)
    assert str(caught.value) == (
        "release shift: --ignore-alarm names order-errors; the deployment groups watch orders-errors; name one of those"
    )
    assert account.deployments("orders") == []


def test_what_stands_in_the_way_of_any_is_told_at_once_and_nothing_starts(
    account: Account, clients: Clients, clock: PassingClock
) -> None:
    fine, one, two = account.release("fine"), account.release("one"), account.release("two")
    account.fire("one")
    account.alarms.delete_alarms(AlarmNames=["two-errors"])
    with pytest.raises(ReleaseError) as caught:
        shift(clients, [fine, one, two], clock=clock)
    first, second = str(caught.value).splitlines()
    assert first.startswith("one:live: alarm one-errors is in the state ALARM;")
    assert second == (
        "two:live: alarm two-errors of the deployment group does not exist; CodeDeploy stops a deployment whose alarms "
        "it cannot read; apply the stack that makes it"
    )
    assert account.deployments("fine") == []
