"""Rollbacks that the emulator carries out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from modules.core.errors import ConfigError
from rollout.release import (
    Outcome,
    ReleaseError,
    ShiftOptions,
    UnsettledError,
    plan_rollback,
    rollback,
    shift,
)
from tests.rollout.release.conftest import Account, Clients, Heard, PassingClock


def named(text: str) -> str:
    return re.sub(r"d-[A-Z0-9]{9}", "d-X", text)


def test_back_to_the_version_that_was_shifted_from(
    account: Account, clients: Clients, clock: PassingClock, heard: Heard
) -> None:
    target = account.release("orders", versions=3)
    shift(clients, [target], clock=clock)
    assert account.alias("orders") == ("3", {})
    account.fire("orders")
    (planned,) = plan_rollback(clients, [target])
    assert str(planned) == "orders:live: shift back at once; all traffic at version 1"
    begun = clock.seconds
    (result,) = rollback(clients, [target], observer=heard, clock=clock)
    assert account.alias("orders") == ("1", {})
    assert clock.seconds - begun < 30
    assert (result.outcome, result.from_version, result.to_version) == (Outcome.SHIFTED, "3", "1")
    made = account.deployment(result.deployment_id)
    assert made["deploymentConfigName"] == "CodeDeployDefault.LambdaAllAtOnce"
    assert made["description"] == "back to version 1 by lambdanet; a rollback was asked for"
    assert named(heard.begun[0]) == "orders:live: version 3 back to 1, at once (deployment d-X)"
    assert heard.results == [result]


def test_a_rollback_does_not_go_forward_again(account: Account, clients: Clients, clock: PassingClock) -> None:
    target = account.release("orders", versions=3, at=2)
    shift(clients, [target], clock=clock)
    rollback(clients, [target], clock=clock)
    assert account.alias("orders") == ("2", {})
    rollback(clients, [target], clock=clock)
    assert account.alias("orders") == ("1", {})
    with pytest.raises(ReleaseError) as caught:
        rollback(clients, [target], clock=clock)
    assert str(caught.value) == (
        "orders:live: there is no version before 1; the function has the versions 1, 2, 3; publish a version that "
        "holds what should run, and shift to it"
    )


def test_to_a_version_that_is_named(account: Account, clients: Clients, clock: PassingClock) -> None:
    target, other = account.release("orders", versions=4, at=4), account.release("other", at=2)
    rollback(clients, [target], to=2, clock=clock)
    assert account.alias("orders") == ("2", {})
    with pytest.raises(ReleaseError) as caught:
        rollback(clients, [target], to=9, clock=clock)
    assert str(caught.value) == (
        "orders:live: version 9 is no other version; the function has the versions 1, 2, 3, 4; name another of them"
    )
    with pytest.raises(ConfigError) as refused:
        rollback(clients, [target, other], to=1, clock=clock)
    assert str(refused.value) == (
        "release rollback: --to is given for 2 aliases; versions belong to one function; name the function with "
        "--function"
    )


def test_a_running_deployment_is_stopped(account: Account, clients: Clients, clock: PassingClock, heard: Heard) -> None:
    target = account.release("orders")
    with pytest.raises(UnsettledError):
        shift(clients, [target], ShiftOptions(timeout_seconds=30), clock=clock)
    assert account.alias("orders") == ("1", {"2": 0.1})
    (planned,) = plan_rollback(clients, [target])
    assert named(str(planned)) == "orders:live: stop the deployment d-X; all traffic at version 1"
    (result,) = rollback(clients, [target], observer=heard, clock=clock)
    assert account.alias("orders") == ("1", {})
    assert (result.held, result.to_version) == (True, "1")
    assert "because a rollback was asked for" in result.sentence


def test_a_running_deployment_is_stopped_before_it_goes_to_the_version_that_is_named(
    account: Account, clients: Clients, clock: PassingClock
) -> None:
    target = account.release("orders", versions=4, at=3)
    with pytest.raises(UnsettledError):
        shift(clients, [target], ShiftOptions(timeout_seconds=30), clock=clock)
    with pytest.raises(ReleaseError) as caught:
        rollback(clients, [target], to=9, clock=clock)
    assert str(caught.value) == (
        "orders:live: version 9 is no other version; the function has the versions 1, 2, 3, 4; name another of them"
    )
    (planned,) = plan_rollback(clients, [target], to=2)
    assert named(str(planned)) == ("orders:live: stop the deployment d-X; all traffic at version 3, then at version 2")
    (result,) = rollback(clients, [target], to=2, clock=clock)
    assert (result.held, result.to_version) == (True, "2")
    assert account.alias("orders") == ("2", {})


def test_what_cannot_go_back_does_not_keep_the_others(
    account: Account, clients: Clients, clock: PassingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    targets = [account.release(name) for name in ("one", "two")]
    shift(clients, targets, clock=clock)
    create = clients("codedeploy").create_deployment

    def refuse_one(**request: Any) -> Any:
        if request["applicationName"] == "one":
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "No."}}, "CreateDeployment")
        return create(**request)

    monkeypatch.setattr(clients("codedeploy"), "create_deployment", refuse_one)
    with pytest.raises(UnsettledError) as caught:
        rollback(clients, targets, clock=clock)
    assert str(caught.value) == (
        "one:live: AWS refused CreateDeployment (AccessDeniedException: No); correct that and run the command again, "
        "which goes on where it was"
    )
    assert [account.alias(name) for name in ("one", "two")] == [("2", {}), ("1", {})]


def test_weights_that_were_left_are_taken_away(account: Account, clients: Clients, clock: PassingClock) -> None:
    target = account.release("orders")
    weights = {"AdditionalVersionWeights": {"2": 0.25}}
    account.functions.update_alias(FunctionName="orders", Name="live", RoutingConfig=weights)
    (planned,) = plan_rollback(clients, [target])
    assert str(planned) == "orders:live: take the alias's weights away; all traffic at version 1"
    (result,) = rollback(clients, [target], clock=clock)
    assert result.sentence == "all traffic is at version 1; the weights of 2 are gone"
    assert account.alias("orders") == ("1", {})
    assert account.deployments("orders") == []


def test_several_go_back_together(account: Account, clients: Clients, clock: PassingClock) -> None:
    targets = [account.release(name) for name in ("one", "two")]
    shift(clients, targets, clock=clock)
    results = rollback(clients, targets, clock=clock)
    assert [result.target for result in results] == targets
    assert [account.alias(name) for name in ("one", "two")] == [("1", {}), ("1", {})]


def test_an_alias_at_the_unpublished_version_has_none_before(account: Account, clients: Clients) -> None:
    target = account.release("orders")
    account.functions.update_alias(FunctionName="orders", Name="live", FunctionVersion="$LATEST")
    with pytest.raises(ReleaseError) as caught:
        plan_rollback(clients, [target])
    assert str(caught.value) == (
        "orders:live: the alias points to $LATEST; CodeDeploy shifts traffic between published versions; let the alias "
        "point to a published version first"
    )
