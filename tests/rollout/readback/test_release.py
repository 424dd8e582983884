from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from rollout.readback.check import guarded
from rollout.readback.release import release_checks
from tests.rollout.readback import sample_release as release
from tests.rollout.readback.breaking import Case, Step, call, listed, verify
from tests.rollout.readback.breaking_release import group, in_turn, permissions, triggers, watching
from tests.rollout.readback.sample_stack import (
    ACCOUNT,
    ALARMS,
    FUNCTION,
    PREFIX,
    REGION,
    RELEASE,
    SampleStack,
    package,
)

ALIAS = {"FunctionName": FUNCTION, "Name": "live"}
SHIFTED = f"alias {FUNCTION}:live"
GROUP = f"deployment group {RELEASE}/live"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:{PREFIX}-alarms"
OTHER = f"arn:aws:sns:{REGION}:{ACCOUNT}:other"


def move_alias(version: str, **weights: float) -> Step:
    routing = {"AdditionalVersionWeights": {number.removeprefix("v"): weight for number, weight in weights.items()}}
    return call("lambda", "update_alias", **ALIAS, FunctionVersion=version, RoutingConfig=routing)


def told(topic: str, *events: str) -> str:
    return f'{{"{topic}": {listed(*(events or release.TOLD))}}}'


HELD = (watching(ALARMS[0]), triggers(TOPIC), group(autoRollbackConfiguration=release.rollback()))
"""The group as it is."""

CASES = [
    Case(
        "alias on $LATEST",
        move_alias("$LATEST"),
        move_alias("1"),
        lambda _: [(f"{SHIFTED}: version", "a published one", "$LATEST")],
    ),
    Case(
        "weights are left",
        in_turn(
            call(
                "lambda", "update_function_code", FunctionName=FUNCTION, ZipFile=package("again = True\n"), Publish=True
            ),
            move_alias("1", v2=0.1),
        ),
        in_turn(
            move_alias("1"),
            call("lambda", "delete_function", FunctionName=FUNCTION, Qualifier="2"),
            call("lambda", "update_function_code", FunctionName=FUNCTION, ZipFile=lambda stack: stack.zip),
        ),
        lambda _: [(f"{SHIFTED}: weights", "{}", '{"2": 0.1}')],
    ),
    Case(
        "all traffic at once",
        group(deploymentConfigName="CodeDeployDefault.LambdaAllAtOnce"),
        group(deploymentConfigName="CodeDeployDefault.LambdaCanary10Percent5Minutes"),
        lambda _: [
            (
                f"{GROUP}: traffic",
                '{"timeBasedCanary": {"canaryInterval": 5, "canaryPercentage": 10}, "type": "TimeBasedCanary"}',
                '{"type": "AllAtOnce"}',
            )
        ],
    ),
    Case(
        "alarms are off",
        watching(ALARMS[0], enabled=False),
        watching(ALARMS[0]),
        lambda _: [(f"{GROUP}: alarms are watched", "true", "false")],
    ),
    Case(
        "no alarm",
        watching(enabled=False),
        watching(ALARMS[0]),
        lambda _: [
            (f"{GROUP}: alarms are watched", "true", "false"),
            (f"{GROUP}: watches an alarm of the stack", "true", "false"),
        ],
    ),
    Case(
        "an alarm of another stack, too",
        watching(ALARMS[0], "other-errors"),
        watching(ALARMS[0]),
        lambda _: [(f"{GROUP}: alarms of other stacks", "[]", '["other-errors"]')],
    ),
    Case(
        "an alarm of another stack only",
        watching("other-errors"),
        watching(ALARMS[0]),
        lambda _: [
            (f"{GROUP}: alarms of other stacks", "[]", '["other-errors"]'),
            (f"{GROUP}: watches an alarm of the stack", "true", "false"),
        ],
    ),
    Case(
        "goes on unwatched",
        watching(ALARMS[0], unwatched=True),
        watching(ALARMS[0]),
        lambda _: [(f"{GROUP}: goes on unwatched", "false", "true")],
    ),
    Case(
        "never goes back",
        group(autoRollbackConfiguration={"enabled": False}),
        group(autoRollbackConfiguration=release.rollback()),
        lambda _: [(f"{GROUP}: goes back on", listed(*release.EVENTS), "[]")],
    ),
    Case(
        "goes back on nothing",
        group(autoRollbackConfiguration={**release.rollback(), "enabled": False}),
        group(autoRollbackConfiguration=release.rollback()),
        lambda _: [(f"{GROUP}: goes back on", listed(*release.EVENTS), "[]")],
    ),
    Case(
        "an alarm does not bring it back",
        group(autoRollbackConfiguration=release.rollback("DEPLOYMENT_FAILURE")),
        group(autoRollbackConfiguration=release.rollback()),
        lambda _: [(f"{GROUP}: goes back on", listed(*release.EVENTS), '["DEPLOYMENT_FAILURE"]')],
    ),
    Case("no trigger", triggers(), triggers(TOPIC), lambda _: [(f"{GROUP}: tells", f"[{told(TOPIC)}]", "[]")]),
    Case(
        "a trigger more",
        triggers(TOPIC, OTHER),
        triggers(TOPIC),
        lambda _: [(f"{GROUP}: tells", f"[{told(TOPIC)}]", f"[{told(TOPIC)}, {told(OTHER)}]")],
    ),
    Case(
        "failures are not told",
        triggers(TOPIC, events=("DeploymentStart",)),
        triggers(TOPIC),
        lambda _: [(f"{GROUP}: tells", f"[{told(TOPIC)}]", f"[{told(TOPIC, 'DeploymentStart')}]")],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_release(case: Case, stack: SampleStack) -> None:
    verify(case, stack, release_checks)


def test_what_the_configuration_gives_a_reason_for_is_expected(stack: SampleStack) -> None:
    settings = replace(
        release.EXPECTED,
        existing_alarms=("other-errors",),
        ignore_alarm_polling_failure=True,
        rollback_on=(),
        notify_on=(),
    )
    expected = replace(stack.expected, release=settings)
    off: dict[str, Any] = {"enabled": False, "events": []}
    watching(ALARMS[0], "other-errors", unwatched=True)(stack)
    triggers()(stack)
    group(autoRollbackConfiguration=off)(stack)
    permissions(without=("PublishAlarms", "EncryptAlarms"))(stack)
    try:
        checks = list(release_checks(stack.client, stack.outputs, expected))
        assert [str(check) for check in checks if not check.held] == []
        assert len(checks) == 19
    finally:
        in_turn(*HELD, permissions())(stack)


def test_a_group_of_servers(stack: SampleStack) -> None:
    codedeploy = stack.client("codedeploy")
    role = codedeploy.get_deployment_group(applicationName=RELEASE, deploymentGroupName="live")
    codedeploy.create_application(applicationName="servers", computePlatform="Server")
    codedeploy.create_deployment_group(
        applicationName="servers",
        deploymentGroupName="live",
        serviceRoleArn=role["deploymentGroupInfo"]["serviceRoleArn"],
        deploymentStyle={"deploymentType": "IN_PLACE", "deploymentOption": "WITHOUT_TRAFFIC_CONTROL"},
        alarmConfiguration=release.watching(ALARMS[0]),
        autoRollbackConfiguration=release.rollback(),
        triggerConfigurations=release.triggers(TOPIC),
    )
    outputs = {**stack.outputs, "releases": [release.output(FUNCTION, "servers")]}
    subject, canary = "deployment group servers/live", json.dumps(release.CANARY, sort_keys=True)
    try:
        checks = release_checks(stack.client, outputs, stack.expected)
        assert [(check.subject, check.expected, check.found) for check in checks if not check.held] == [
            (f"{subject}: computes on", "Lambda", "Server"),
            (f"{subject}: traffic control", "WITH_TRAFFIC_CONTROL", "WITHOUT_TRAFFIC_CONTROL"),
            (f"{subject}: traffic", canary, "(nothing)"),
        ]
    finally:
        codedeploy.delete_application(applicationName="servers")


def test_a_release_that_is_gone_is_one_failed_check(stack: SampleStack) -> None:
    outputs = {**stack.outputs, "releases": [release.output(FUNCTION, "gone")]}
    checks = guarded("releases", partial(release_checks, stack.client, outputs, stack.expected))
    reason = "The application gone does not exist with the user or AWS account."
    assert list(map(str, checks)) == [
        f"FAILED releases: expected readable, found ApplicationDoesNotExistException: {reason}"
    ]


def test_a_stack_without_releases_has_nothing_to_check(stack: SampleStack) -> None:
    outputs = {name: value for name, value in stack.outputs.items() if name != "releases"}
    expected = replace(stack.expected, release=None)
    assert list(release_checks(stack.client, outputs, expected)) == []


@pytest.mark.parametrize(
    ("configured", "made", "sentence"),
    [
        (True, False, f'FAILED releases: functions: expected ["{FUNCTION}"], found []'),
        (False, True, f'FAILED releases: functions: expected [], found ["{FUNCTION}"]'),
    ],
)
def test_releases_are_made_as_configured(stack: SampleStack, *, configured: bool, made: bool, sentence: str) -> None:
    outputs = {**stack.outputs, "releases": stack.outputs["releases"] if made else []}
    expected = stack.expected if configured else replace(stack.expected, release=None)
    assert [str(check) for check in release_checks(stack.client, outputs, expected)] == [sentence]
