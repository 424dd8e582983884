"""What a plan says, against the emulator."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rollout.release import Action, ReleaseError, ReleaseTarget, plan
from tests.rollout.release.conftest import CANARY, Account, Clients


def test_a_plan_names_versions_code_differences_traffic_and_alarms(account: Account, clients: Clients) -> None:
    target = account.release("orders", versions=1)
    account.change("orders", "2")
    account.functions.update_function_configuration(
        FunctionName="orders",
        MemorySize=512,
        Environment={"Variables": {"TOKEN": "not-to-be-shown"}},
        Layers=[],
        TracingConfig={"Mode": "Active"},
    )
    account.functions.publish_version(FunctionName="orders")
    account.fire("orders", "OK")
    (found,) = plan(clients, [target])
    assert (found.action, found.versions, found.problems, found.notes) == (Action.START, (1, 2), (), ())
    assert found.current is not None
    assert found.newest is not None
    old, new = found.current.code_sha256, found.newest.code_sha256
    assert found.differences == (
        f"code {old[:12]} → {new[:12]}",
        "environment variable TOKEN added",
        "MemorySize 128 → 512",
        "TracingConfig changed",
    )
    assert "not-to-be-shown" not in "".join(found.differences)
    assert (found.group.traffic.name, str(found.group.traffic)) == (
        CANARY,
        "10 percent, then the rest after 5 minutes",
    )
    assert [(alarm.name, alarm.state) for alarm in found.group.alarms] == [("orders-errors", "OK")]
    assert found.group.active is None
    assert found.group.rolls_back


@pytest.mark.parametrize(
    ("config", "text", "minutes"),
    [
        ("CodeDeployDefault.LambdaAllAtOnce", "all traffic at once", 0),
        ("CodeDeployDefault.LambdaLinear10PercentEvery3Minutes", "10 percent every 3 minutes", 30),
        ("CodeDeployDefault.LambdaCanary10Percent30Minutes", "10 percent, then the rest after 30 minutes", 30),
    ],
)
def test_traffic_reads_as_steps(account: Account, clients: Clients, config: str, text: str, minutes: int) -> None:
    (found,) = plan(clients, [account.release("orders", config=config)])
    assert (str(found.group.traffic), found.group.traffic.minutes) == (text, minutes)


def test_a_change_that_no_version_holds_is_noted(account: Account, clients: Clients) -> None:
    target = account.release("orders", at=2)
    account.change("orders", "3")
    (found,) = plan(clients, [target])
    assert found.action is Action.NOTHING
    assert found.notes == (
        (
            "the function has changed since version 2 was published, and only published versions are shifted; apply "
            "the stack to publish it"
        ),
    )


@pytest.mark.parametrize(("at", "other"), [(1, "2"), (2, "1")])
def test_weights_without_a_deployment_are_in_the_way(account: Account, clients: Clients, at: int, other: str) -> None:
    target = account.release("orders", at=at)
    weights = {"AdditionalVersionWeights": {other: 0.25}}
    account.functions.update_alias(FunctionName="orders", Name="live", RoutingConfig=weights)
    (found,) = plan(clients, [target])
    assert found.problems == (
        (
            f"orders:live: the alias sends 25% to version {other}, and no deployment is active; CodeDeploy starts from "
            "an alias without weights; wait while Lambda moves provisioned concurrency, else take them away with "
            "`lambdanet release rollback`"
        ),
    )


def test_versions_that_cannot_share_traffic_are_not_divided(account: Account, clients: Clients) -> None:
    canary = account.release("orders", versions=1)
    at_once = account.release("quick", versions=1, config="CodeDeployDefault.LambdaAllAtOnce")
    other = account.role.replace("deploys", "others")
    account.clients("iam").create_role(RoleName="others", AssumeRolePolicyDocument="{}")
    for name in ("orders", "quick"):
        account.functions.update_function_configuration(
            FunctionName=name, Role=other, DeadLetterConfig={"TargetArn": "arn:aws:sqs:eu-west-1:123456789012:dead"}
        )
        account.functions.publish_version(FunctionName=name)
    found, free = plan(clients, [canary, at_once])
    assert found.problems == tuple(
        f"orders:live: versions 1 and 2 have not the same {what}; Lambda divides traffic between versions that share "
        "it only; release that change with CodeDeployDefault.LambdaAllAtOnce as the group's deployment configuration"
        for what in ("execution role", "dead-letter queue")
    )
    assert free.problems == ()


def test_only_published_versions_are_shifted(account: Account, clients: Clients) -> None:
    target = account.release("orders")
    account.functions.update_alias(FunctionName="orders", Name="live", FunctionVersion="$LATEST")
    (found,) = plan(clients, [target])
    assert found.problems == (
        (
            "orders:live: the alias points to $LATEST; CodeDeploy shifts traffic between published versions; let the "
            "alias point to a published version first"
        ),
    )


def test_a_function_without_versions_is_refused(account: Account, clients: Clients) -> None:
    target = account.release("orders", versions=1)
    account.functions.update_alias(FunctionName="orders", Name="live", FunctionVersion="$LATEST")
    account.functions.delete_function(FunctionName="orders", Qualifier="1")
    (found,) = plan(clients, [target])
    assert found.problems == (
        (
            "orders:live: the function has no published version; CodeDeploy shifts traffic between published versions; "
            "give the function an alias in its stack, and apply it"
        ),
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"alias": "other"},
            (
                "orders:other: the function has no such alias; the stack makes both; apply the stack first, in the "
                "account and region that the credentials are for"
            ),
        ),
        (
            {"deployment_group": "other"},
            (
                "orders:live: CodeDeploy has no deployment group other in the application orders; the stack makes "
                "both; apply the stack first"
            ),
        ),
        (
            {"application": "other"},
            (
                "orders:live: CodeDeploy has no deployment group live in the application other; the stack makes both; "
                "apply the stack first"
            ),
        ),
    ],
)
def test_what_does_not_exist_is_told(account: Account, clients: Clients, change: dict[str, Any], message: str) -> None:
    target: ReleaseTarget = replace(account.release("orders"), **change)
    with pytest.raises(ReleaseError) as caught:
        plan(clients, [target])
    assert str(caught.value) == message
