"""The asynchronous path: where records and dead letters may go, and what the role needs for it.

Complaint of users: events that fail are lost in silence, as the queue's key was never granted; a FIFO queue is refused
at apply only.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.statements import Condition, Statement
from modules.function import AsynchronousConfig, AsynchronousInvocationConfig, DestinationConfig
from modules.function.destinations import dead_letter_statements, destination_of, named, send_statements
from modules.function.destinations_config import ExistingDeadLettersConfig
from tests.modules.core.samples import CI, STRING_TOKEN, fields_of, refuses_or_keeps, sentence

ACCOUNT = "eu-west-1:123456789012"
KEY = f"arn:aws:kms:{ACCOUNT}:key/11111111-2222-4333-8444-555555555555"
ARNS = {
    "sqs": f"arn:aws:sqs:{ACCOUNT}:failed",
    "sns": f"arn:aws:sns:{ACCOUNT}:failed",
    "lambda": f"arn:aws:lambda:{ACCOUNT}:function:failed:live",
    "events": f"arn:aws:events:{ACCOUNT}:event-bus/failed",
    "s3": "arn:aws:s3:::acme-failed",
}
FIFO = (
    "Lambda sends asynchronous results and dead letters to standard queues and topics only, never FIFO (Lambda guide, "
    "asynchronous invocation); use a standard queue or topic"
)


@pytest.mark.parametrize("kind", ARNS)
def test_the_arn_tells_the_service(kind: str) -> None:
    config = DestinationConfig.parse({"arn": ARNS[kind]})
    assert config.service == kind
    assert destination_of(config).kind == kind


@pytest.mark.parametrize(
    "arn",
    [f"arn:aws:kinesis:{ACCOUNT}:stream/x", "failed", "arn:aws:sqs:eu-west-1:1:x", f"arn:aws:events:{ACCOUNT}:rule/x"],
)
def test_what_lambda_sends_nothing_to_is_refused(arn: str) -> None:
    assert sentence(DestinationConfig, {"arn": arn}) == (
        f'arn is "{arn}"; Lambda sends to an SQS queue, an SNS topic, a function, an EventBridge bus or an S3 bucket, '
        "named by ARN; copy the ARN"
    )


@pytest.mark.parametrize("service", ["sqs", "sns"])
def test_a_fifo_queue_or_topic_is_refused(service: str) -> None:
    arn = f"{ARNS[service]}.fifo"
    assert sentence(DestinationConfig, {"arn": arn}) == f'arn is "{arn}"; {FIFO}'
    assert sentence(ExistingDeadLettersConfig, {"kind": "existing", "arn": arn}) == f'arn is "{arn}"; {FIFO}'
    letters = {"dead_letters": {"kind": "existing", "arn": arn}}
    assert sentence(AsynchronousConfig, letters) == f'dead_letters: arn is "{arn}"; {FIFO}'


@pytest.mark.parametrize("token", [STRING_TOKEN, "${aws_sqs_queue.x.fifo}", f"{STRING_TOKEN}.fifo"])
def test_an_arn_that_is_known_later_is_not_judged_but_its_service_is_asked_for(token: str) -> None:
    assert DestinationConfig.parse({"arn": token, "kind": "sqs"}).service == "sqs"
    assert sentence(DestinationConfig, {"arn": token}) == (
        "kind is missing; the ARN is known only later, so it does not tell the service; set it"
    )
    assert sentence(ExistingDeadLettersConfig, {"kind": "existing", "arn": token}) == (
        "service is missing; the ARN is known only later, so it does not tell the service; set it"
    )


def test_two_services_are_told_apart() -> None:
    assert sentence(DestinationConfig, {"arn": ARNS["sqs"], "kind": "sns"}) == (
        f'kind is "sns" and arn is "{ARNS["sqs"]}"; they name two services; remove kind'
    )
    assert sentence(DestinationConfig, {"arn": ARNS["events"], "kms_key_arn": KEY}) == (
        'kms_key_arn is set and the destination\'s kind is "events"; Lambda needs no key to call a function or an '
        "event bus; remove it"
    )


def test_only_failures_go_to_a_bucket() -> None:
    bucket = {"arn": ARNS["s3"]}
    assert sentence(AsynchronousConfig, {"on_success": bucket}) == (
        f'on_success.arn is "{ARNS["s3"]}"; Lambda writes only the records of failed events to S3 (Lambda guide, '
        "destinations); use a queue, topic, function or event bus"
    )
    assert AsynchronousConfig.parse({"on_failure": bucket}).on_failure is not None


def test_going_without_dead_letters_takes_a_reason() -> None:
    assert sentence(AsynchronousConfig, {"dead_letters": {"kind": "none", "reason": ""}}) == (
        "dead_letters: reason is empty; going without dead letters takes a reason; write why"
    )
    assert sentence(AsynchronousConfig, {"dead_letters": {"kind": "topic"}}) == (
        'dead_letters.kind is "topic"; it is one of queue, existing, none; choose one of them'
    )
    kept = {"dead_letters": {"kind": "none", "reason": "may be lost"}, "dead_letter_retention_seconds": 60}
    assert sentence(AsynchronousConfig, kept) == (
        'dead_letter_retention_seconds is set and dead_letters.kind is "none"; it is the retention of the queue that '
        "is made for the function; remove it"
    )


@pytest.mark.parametrize(
    ("kind", "actions", "resource"),
    [
        ("sqs", ("sqs:SendMessage",), ARNS["sqs"]),
        ("sns", ("sns:Publish",), ARNS["sns"]),
        ("lambda", ("lambda:InvokeFunction",), ARNS["lambda"]),
        ("events", ("events:PutEvents",), ARNS["events"]),
    ],
)
def test_the_role_may_send_to_exactly_that_destination(kind: str, actions: tuple[str, ...], resource: str) -> None:
    assert send_statements(DestinationConfig(arn=ARNS[kind])) == (Statement("Send", actions, (resource,)),)


def test_the_role_may_write_to_a_bucket_and_see_that_it_is_there() -> None:
    assert send_statements(DestinationConfig(arn=ARNS["s3"])) == (
        Statement("Write", ("s3:PutObject",), (f"{ARNS['s3']}/*",)),
        Statement("List", ("s3:ListBucket",), (ARNS["s3"],)),
    )


@pytest.mark.parametrize(
    ("arn", "kind", "test", "host"),
    [
        (ARNS["sqs"], "", "StringEquals", "sqs.eu-west-1.amazonaws.com"),
        (ARNS["sns"], "", "StringEquals", "sns.eu-west-1.amazonaws.com"),
        (ARNS["s3"], "", "StringLike", "s3.*.amazonaws.com"),
        (STRING_TOKEN, "sqs", "StringLike", "sqs.*.amazonaws.com"),
    ],
)
def test_a_grant_follows_the_key_of_the_destination(arn: str, kind: str, test: str, host: str) -> None:
    assert send_statements(DestinationConfig(arn=arn, kind=kind, kms_key_arn=KEY))[-1] == Statement(
        "Encrypt",
        ("kms:Decrypt", "kms:GenerateDataKey"),
        (KEY,),
        conditions=(Condition(test, "kms:ViaService", (host,)),),
    )


def test_a_grant_follows_the_key_of_dead_letters() -> None:
    given = {"kind": "existing", "arn": ARNS["sns"], "kms_key_arn": KEY}
    statements = dead_letter_statements(ExistingDeadLettersConfig.parse(given))
    assert [(statement.sid, statement.resources) for statement in statements] == [
        ("DeadLettersSend", (ARNS["sns"],)), ("DeadLettersEncrypt", (KEY,)),
    ]  # fmt: skip


def test_each_reason_has_statements_of_its_own() -> None:
    sent = send_statements(DestinationConfig(arn=ARNS["sqs"]))
    assert named("on-failure live_2", sent)[0].sid == "OnFailureLive2Send"


@CI
@given(
    fields_of(
        AsynchronousInvocationConfig,
        {
            "on_success": st.none() | st.sampled_from(sorted(ARNS.values())).map(lambda arn: {"arn": arn}),
            "on_failure": st.none() | st.sampled_from(sorted(ARNS.values())).map(lambda arn: {"arn": arn}),
        },
    )
)
def test_a_path_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(AsynchronousInvocationConfig, data)
