from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rollout.readback.alarms import alarm_checks, topic_checks
from rollout.readback.keys import key_checks
from tests.rollout.readback import sample_policies as policies
from tests.rollout.readback.breaking import Case, call, failed, listed, verify
from tests.rollout.readback.sample_stack import ALARMS, PREFIX, SampleStack, alarm


def put(name: str, **changes: Any) -> Any:
    def run(stack: SampleStack) -> None:
        stack.client("cloudwatch").put_metric_alarm(**alarm(name, stack.topic, **changes))

    return run


def actions(stack: SampleStack, *, enabled: bool = True, acting: bool = True, ok: bool = True) -> str:
    topic = [stack.topic]
    alarm_part, ok_part = listed(*topic) if acting else "[]", listed(*topic) if ok else "[]"
    return f'{{"alarm": {alarm_part}, "enabled": {"true" if enabled else "false"}, "ok": {ok_part}}}'


ERRORS = ALARMS[0]
ALARM_CASES = [
    Case(
        "disabled",
        call("cloudwatch", "disable_alarm_actions", AlarmNames=[ERRORS]),
        call("cloudwatch", "enable_alarm_actions", AlarmNames=[ERRORS]),
        lambda stack: [(f"alarm {ERRORS}: actions", actions(stack), actions(stack, enabled=False))],
    ),
    Case(
        "silent when it fires",
        put(ERRORS, AlarmActions=[]),
        put(ERRORS),
        lambda stack: [(f"alarm {ERRORS}: actions", actions(stack), actions(stack, acting=False))],
    ),
    Case(
        "silent when it recovers",
        put(ERRORS, OKActions=[]),
        put(ERRORS),
        lambda stack: [(f"alarm {ERRORS}: actions", actions(stack), actions(stack, ok=False))],
    ),
    Case(
        "gone",
        call("cloudwatch", "delete_alarms", AlarmNames=[ERRORS]),
        put(ERRORS),
        lambda _: [("alarms: names", listed(*ALARMS), listed(*ALARMS[1:]))],
    ),
    Case(
        "one more",
        put(f"{PREFIX}-manual"),
        call("cloudwatch", "delete_alarms", AlarmNames=[f"{PREFIX}-manual"]),
        lambda _: [("alarms: names", listed(*ALARMS), listed(*ALARMS, f"{PREFIX}-manual"))],
    ),
]


@pytest.mark.parametrize("case", ALARM_CASES, ids=str)
def test_alarms(case: Case, stack: SampleStack) -> None:
    verify(case, stack, alarm_checks)


def test_alarms_of_a_stack_with_a_longer_name_are_not_ours(stack: SampleStack) -> None:
    put(f"{PREFIX}2-errors")(stack)
    try:
        assert failed(stack, alarm_checks) == []
    finally:
        stack.client("cloudwatch").delete_alarms(AlarmNames=[f"{PREFIX}2-errors"])


def test_alarms_of_a_stack_that_begins_with_our_name(stack: SampleStack) -> None:
    put(f"{PREFIX}-v2-errors")(stack)
    try:
        assert [
            str(check) for check in alarm_checks(stack.client, stack.outputs, stack.expected) if not check.held
        ] == [f"FAILED alarms: names: expected {listed(*ALARMS)}, found {listed(*ALARMS, f'{PREFIX}-v2-errors')}"]
        expected = replace(stack.expected, others=(f"{PREFIX}-v2",))
        assert all(check.held for check in alarm_checks(stack.client, stack.outputs, expected))
    finally:
        stack.client("cloudwatch").delete_alarms(AlarmNames=[f"{PREFIX}-v2-errors"])


def topic_attribute(name: str, value: Any) -> Any:
    return call(
        "sns",
        "set_topic_attributes",
        TopicArn=lambda stack: stack.topic,
        AttributeName=name,
        AttributeValue=value,
    )


def publish(topic: str, account: str) -> str:
    return (
        f'{{"Action": ["sns:Publish"], "Condition": {{"StringEquals": {{"aws:SourceAccount": ["{account}"]}}}}, '
        f'"Effect": "Allow", "Principal": {{"Service": ["cloudwatch.amazonaws.com"]}}, "Resource": ["{topic}"]}}'
    )


TOPIC_CASES = [
    Case(
        "key",
        topic_attribute("KmsMasterKeyId", "alias/aws/sns"),
        topic_attribute("KmsMasterKeyId", lambda stack: stack.key),
        lambda stack: [(f"topic {stack.topic}: key", stack.key, "alias/aws/sns")],
    ),
    Case(
        "another account publishes",
        topic_attribute(
            "Policy", lambda stack: policies.topic_policy(stack.topic).replace('"123456789012"', '"210987654321"')
        ),
        topic_attribute("Policy", lambda stack: policies.topic_policy(stack.topic)),
        lambda stack: [
            (
                f"topic {stack.topic}: statement CloudWatchAlarmsPublish",
                publish(stack.topic, "123456789012"),
                publish(stack.topic, "210987654321"),
            )
        ],
    ),
]


@pytest.mark.parametrize("case", TOPIC_CASES, ids=str)
def test_topic(case: Case, stack: SampleStack) -> None:
    verify(case, stack, topic_checks)


KEY = f"key alias/{PREFIX}"


def administers(principal: str) -> str:
    return (
        '{"Action": ["kms:*"], "Condition": {"StringEquals": {"kms:CallerAccount": ["123456789012"]}}, '
        f'"Effect": "Allow", "Principal": {{"AWS": ["{principal}"]}}, "Resource": ["*"]}}'
    )


def on_key(operation: str, **parameters: Any) -> Any:
    return call("kms", operation, KeyId=lambda stack: stack.key, **parameters)


ROOT = "arn:aws:iam::123456789012:root"
KEY_CASES = [
    Case(
        "no rotation",
        on_key("disable_key_rotation"),
        on_key("enable_key_rotation", RotationPeriodInDays=365),
        lambda _: [(f"{KEY}: days between rotations", "365", "(nothing)"), (f"{KEY}: rotation", "true", "false")],
    ),
    Case(
        "rotation twice as rare",
        on_key("enable_key_rotation", RotationPeriodInDays=730),
        on_key("enable_key_rotation", RotationPeriodInDays=365),
        lambda _: [(f"{KEY}: days between rotations", "365", "730")],
    ),
    Case(
        "open to everybody",
        on_key("put_key_policy", PolicyName="default", Policy=policies.key_policy("*")),
        on_key("put_key_policy", PolicyName="default", Policy=policies.key_policy()),
        lambda _: [(f"{KEY}: statement AccountAdministers", administers(ROOT), administers("*"))],
    ),
]


@pytest.mark.parametrize("case", KEY_CASES, ids=str)
def test_key(case: Case, stack: SampleStack) -> None:
    verify(case, stack, lambda clients, _, expected: key_checks(clients, expected))


def test_a_disabled_key(stack: SampleStack) -> None:
    kms, key_id = stack.client("kms"), stack.key.rpartition("/")[2]  # the emulator's DisableKey takes no ARN
    kms.disable_key(KeyId=key_id)
    try:
        assert (f"{KEY}: state", "Enabled", "Disabled") in [
            (check.subject, check.expected, check.found) for check in key_checks(stack.client, stack.expected)
        ]
    finally:
        kms.enable_key(KeyId=key_id)
