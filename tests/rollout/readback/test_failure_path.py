from __future__ import annotations

from typing import Any

import pytest

from rollout.readback.function import failure_checks
from tests.rollout.readback.breaking import Case, call, verify
from tests.rollout.readback.sample_policies import queue_policy
from tests.rollout.readback.sample_stack import FUNCTION, SampleStack

NAME = {"FunctionName": FUNCTION}
QUEUE = f"queue {FUNCTION}-dead-letters"


def queue_attribute(name: str, value: Any) -> Any:
    return call(
        "sqs",
        "set_queue_attributes",
        QueueUrl=lambda stack: stack.queue_url,
        Attributes=lambda stack: {name: value(stack) if callable(value) else value},
    )


def denying(queue: str) -> str:
    return (
        '{"Action": ["sqs:*"], "Condition": {"Bool": {"aws:SecureTransport": ["false"]}}, "Effect": "Deny", '
        f'"Principal": {{"AWS": ["*"]}}, "Resource": ["{queue}"]}}'
    )


FAILURE = [
    Case(
        "another dead-letter queue",
        call(
            "lambda",
            "update_function_configuration",
            **NAME,
            DeadLetterConfig=lambda stack: {"TargetArn": f"{stack.queue}-2"},
        ),
        call(
            "lambda",
            "update_function_configuration",
            **NAME,
            DeadLetterConfig=lambda stack: {"TargetArn": stack.queue},
        ),
        lambda stack: [(f"function {FUNCTION}: dead letters go to", stack.queue, f"{stack.queue}-2")],
    ),
    Case(
        "retries",
        call("lambda", "update_function_event_invoke_config", **NAME, MaximumRetryAttempts=0),
        call("lambda", "update_function_event_invoke_config", **NAME, MaximumRetryAttempts=2),
        lambda _: [(f"function {FUNCTION}: retries", "2", "0")],
    ),
    Case(
        "event age",
        call("lambda", "update_function_event_invoke_config", **NAME, MaximumEventAgeInSeconds=60),
        call("lambda", "update_function_event_invoke_config", **NAME, MaximumEventAgeInSeconds=3600),
        lambda _: [(f"function {FUNCTION}: seconds an event may wait", "3600", "60")],
    ),
    Case(
        "retention of the queue",
        queue_attribute("MessageRetentionPeriod", "60"),
        queue_attribute("MessageRetentionPeriod", "1209600"),
        lambda _: [(f"{QUEUE}: seconds kept", '"1209600"', '"60"')],
    ),
    Case(
        "key of the queue",
        queue_attribute("KmsMasterKeyId", "alias/aws/sqs"),
        queue_attribute("KmsMasterKeyId", lambda stack: stack.key),
        lambda stack: [(f"{QUEUE}: key", stack.key, "alias/aws/sqs")],
    ),
    Case(
        "plain HTTP",
        queue_attribute("Policy", ""),
        queue_attribute("Policy", lambda stack: queue_policy(stack.queue)),
        lambda stack: [
            (f"{QUEUE}: statements", '["DenyPlainHttp"]', "[]"),
            (
                f"{QUEUE}: statement DenyPlainHttp",
                denying(stack.queue),
                "(nothing)",
            ),
        ],
    ),
]


@pytest.mark.parametrize("case", FAILURE, ids=str)
def test_failure_path(case: Case, stack: SampleStack) -> None:
    verify(case, stack, failure_checks)
