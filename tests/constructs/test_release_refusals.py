"""What only the construct of releases can refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modules.release import Release, ReleaseConfig
from modules.topic import Topic, TopicConfig
from tests.constructs.functions import refusal
from tests.constructs.releases import NO_ALARMS, OFF, QUIET, WHERE, Made

pytestmark = pytest.mark.synth


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path)


def test_a_function_without_an_alias_is_refused(made: Made) -> None:
    api = made.function("api")
    assert refusal(lambda: Release(made.stack, "release", function=api, config=QUIET)) == (
        f"{WHERE}/release: {WHERE}/api has no alias; CodeDeploy moves an alias from version to version; set its alias "
        'to {"shift": "codedeploy"}'
    )


def test_an_alias_that_terraform_moves_is_refused(made: Made) -> None:
    api = made.function("api", shift="at_once")
    assert refusal(lambda: Release(made.stack, "release", function=api, config=QUIET)) == (
        f'{WHERE}/release: the alias live of {WHERE}/api has the shift "at_once"; Terraform would take back what '
        'CodeDeploy shifts; set alias.shift to "codedeploy"'
    )


def test_an_alias_with_weights_is_refused_before(made: Made) -> None:
    routing = {"additional_version": 1, "additional_version_percent": 10}
    said = refusal(lambda: made.function("api", alias={"shift": "codedeploy", "routing": routing}))
    assert said == (
        'alias: shift is "codedeploy" and routing is set; CodeDeploy moves the alias, and Terraform ignores its '
        "version and weights; remove routing, or set shift to at_once"
    )


def test_a_function_that_is_released_already_is_refused(made: Made) -> None:
    api = made.function("api", shift="codedeploy")
    Release(made.stack, "release", function=api, config=QUIET)
    assert refusal(lambda: Release(made.stack, "again", function=api, config=QUIET)) == (
        f"{WHERE}/again: {WHERE}/release releases {WHERE}/api, too; two deployment groups would move one alias at "
        "once; keep one of them"
    )


def test_everything_that_is_wrong_is_told_at_once(made: Made) -> None:
    api = made.function("api", shift="codedeploy")
    topic = Topic(made.stack, "told", config=TopicConfig.parse({"fifo": {}, "alarms": OFF}), key=made.key)

    def build() -> None:
        Release(
            made.stack, "release", function=api, notification_topic=topic, after_traffic=api,
            alarms=("acme-dev-orders-api-eror",),
        )  # fmt: skip

    assert refusal(build).splitlines() == [
        (
            f"{WHERE}/release: after_traffic is {WHERE}/api, the function that is released; a hook judges the new "
            "version and tells CodeDeploy, apart from it; write a function of its own"
        ),
        (
            f'{WHERE}/release: alarms holds "acme-dev-orders-api-eror"; the stack has no alarm of that name so far; '
            "take names from the alarm_names of what is watched, or put those of other stacks into existing_alarms"
        ),
        (
            f"{WHERE}/release: notification_topic is a FIFO topic; CodeDeploy publishes to standard topics: its "
            "messages have no group (SNS guide, FIFO topics); use a standard topic"
        ),
    ]


def test_a_shift_that_nothing_watches_and_nobody_is_told_of_is_refused(made: Made) -> None:
    api = made.function("api", shift="codedeploy", alarms=OFF)
    assert refusal(lambda: Release(made.stack, "release", function=api)).splitlines() == [
        (
            f"{WHERE}/release: alarms is empty and rollback_on holds DEPLOYMENT_STOP_ON_ALARM; nothing would notice a "
            "version that fails; leave the function's alarms on, pass alarms, or leave the event out of "
            "rollback_on and set rollback_on_reason"
        ),
        (
            f"{WHERE}/release: alarm_topic is missing; CodeDeploy would tell nobody of DeploymentFailure, "
            "DeploymentStop, DeploymentRollback; pass alarm_topic=AlarmTopic(...) or notification_topic, or set "
            "notify_on to ()"
        ),
    ]


@pytest.mark.parametrize(
    ("fields", "alarms", "sentence"),
    [
        (
            {"existing_alarms": [f"alarm-{number}" for number in range(51)]},
            (),
            (
                "51 alarms watch the release; a deployment group has at most 50 (CodeDeploy quotas, default); join "
                "some in a composite alarm"
            ),
        ),
        (
            {"existing_alarms": ["acme-dev-orders-api-errors"]},
            ("acme-dev-orders-api-errors",),
            '"acme-dev-orders-api-errors" is given twice; each alarm once; remove one',
        ),
        (
            {
                "ignore_alarm_polling_failure": True,
                "ignore_alarm_polling_failure_reason": "CloudWatch may be away",
                **NO_ALARMS,
            },
            (),
            "ignore_alarm_polling_failure is True and alarms is empty; no alarm is polled; remove it",
        ),
    ],
)
def test_alarms_that_do_not_fit_are_refused(
    made: Made, fields: dict[str, Any], alarms: tuple[str, ...], sentence: str
) -> None:
    api = made.function("api", shift="codedeploy")
    config = ReleaseConfig.parse({"notify_on": [], **fields})
    said = refusal(lambda: Release(made.stack, "release", function=api, config=config, alarms=alarms))
    assert said == f"{WHERE}/release: {sentence}"
