"""What Lambda does with a function's role: polling, dead letters and destinations."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analysis.documents import Entry, ref, resource, text
from tests.analysis.reach.functions import (
    FUNCTION,
    ROLE,
    allow,
    certain,
    function,
    needed,
    policy,
    uncertain,
)

QUEUE = resource("aws_sqs_queue.jobs", {"name": "jobs"}, unknown={"arn": True, "url": True, "id": True})
TOPIC = resource("aws_sns_topic.news", {"name": "news"}, unknown={"arn": True, "id": True})
ON_QUEUE, ON_TOPIC = "${aws_sqs_queue.jobs.arn}", "${aws_sns_topic.news.arn}"


def mapping(source: str, **values: Any) -> Entry:
    return resource(
        "aws_lambda_event_source_mapping.jobs",
        values,
        expressions={"event_source_arn": ref(source), "function_name": ref(f"{FUNCTION}.arn")},
        unknown={"event_source_arn": True, "function_name": True},
    )


@pytest.mark.parametrize("on", [ON_QUEUE, "*"])
def test_polling_is_no_call(on: str) -> None:
    polling = policy(allow("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", on=on))
    assert needed(function(), ROLE, QUEUE, polling, mapping("aws_sqs_queue.jobs.arn")) == {}


@pytest.mark.parametrize(
    ("source", "action"),
    [
        ("aws_dynamodb_table.t.stream_arn", "dynamodb:GetRecords"),
        ("aws_kinesis_stream.t.arn", "kinesis:SubscribeToShard"),
    ],
)
def test_polling_of_streams_is_no_call(source: str, action: str) -> None:
    stream = resource(source.rpartition(".")[0], unknown={"arn": True, "stream_arn": True})
    written = policy(allow(action, on=f"${{{source}}}"))
    assert needed(function(), ROLE, stream, written, mapping(source)) == {}


def test_polling_by_an_alias_and_a_consumer_is_no_call() -> None:
    alias = resource("aws_lambda_alias.live", expressions={"function_name": ref(f"{FUNCTION}.function_name")},
                     unknown={"arn": True, "function_name": True})  # fmt: skip
    consumer = resource("aws_kinesis_stream_consumer.c", expressions={"stream_arn": ref("aws_kinesis_stream.s.arn")},
                        unknown={"arn": True, "stream_arn": True})  # fmt: skip
    stream = resource("aws_kinesis_stream.s", unknown={"arn": True})
    polls = resource(
        "aws_lambda_event_source_mapping.m",
        expressions={
            "event_source_arn": ref("aws_kinesis_stream_consumer.c.arn"),
            "function_name": ref("aws_lambda_alias.live.arn"),
        },
        unknown={"event_source_arn": True, "function_name": True},
    )  # fmt: skip
    written = policy(allow("kinesis:GetRecords", "kinesis:ListShards", on="${aws_kinesis_stream.s.arn}"))
    assert needed(function(), ROLE, alias, consumer, stream, polls, written) == {}


def test_reading_another_queue_is_a_call() -> None:
    other = resource("aws_sqs_queue.other", unknown={"arn": True})
    reading = policy(allow("sqs:ReceiveMessage", on="${aws_sqs_queue.other.arn}"))
    assert certain(needed(function(), ROLE, QUEUE, other, reading, mapping("aws_sqs_queue.jobs.arn"))) == ["sqs"]


def test_polling_without_an_event_source_in_the_plan_is_unknown() -> None:
    found = needed(function(), ROLE, policy(allow("sqs:ReceiveMessage", on="arn:aws:sqs:eu-west-1:1:jobs")))
    assert uncertain(found) == {
        "sqs": "whether the function calls sqs:ReceiveMessage itself; an event source mapping polls with it"
    }


def test_everything_on_a_queue_that_is_polled_is_unknown() -> None:
    found = needed(function(), ROLE, QUEUE, policy(allow("sqs:*", on=ON_QUEUE)), mapping("aws_sqs_queue.jobs.arn"))
    assert list(uncertain(found)) == ["sqs"]


def test_sending_to_the_queue_that_is_polled_is_a_call() -> None:
    found = needed(
        function(), ROLE, QUEUE, policy(allow("sqs:SendMessage", on=ON_QUEUE)), mapping("aws_sqs_queue.jobs.arn")
    )
    assert certain(found) == ["sqs"]


DEAD_LETTERS = function(
    dead_letter_config=[{}],
    expressions={"dead_letter_config": [{"target_arn": ref("aws_sqs_queue.jobs.arn")}]},
    unknown={"dead_letter_config": [{"target_arn": True}]},
)


def test_dead_letters_are_sent_by_lambda() -> None:
    assert needed(DEAD_LETTERS, ROLE, QUEUE, policy(allow("sqs:SendMessage", on=ON_QUEUE))) == {}


def test_sending_anywhere_with_a_dead_letter_queue_is_unknown() -> None:
    assert uncertain(needed(DEAD_LETTERS, ROLE, QUEUE, policy(allow("sqs:SendMessage")))) == {
        "sqs": "whether the function calls sqs:SendMessage itself; "
        "Lambda sends dead letters, records of invocations or sign-ins with it"
    }


def test_publishing_is_a_call_whatever_the_dead_letter_queue() -> None:
    assert certain(needed(DEAD_LETTERS, ROLE, QUEUE, policy(allow("sns:Publish")))) == ["sns"]


def test_destinations_are_sent_to_by_lambda() -> None:
    invoke = resource(
        "aws_lambda_function_event_invoke_config.api",
        {"destination_config": [{"on_failure": [{}]}]},
        expressions={
            "function_name": ref(f"{FUNCTION}.function_name"),
            "destination_config": [{"on_failure": [{"destination": ref("aws_sns_topic.news.arn")}]}],
        },
        unknown={"function_name": True, "destination_config": [{"on_failure": [{"destination": True}]}]},
    )
    written = policy(allow("sns:Publish", on=ON_TOPIC))
    assert needed(function(), ROLE, TOPIC, invoke, written) == {}
    told = function(environment=text({"TOPIC": ON_TOPIC}))
    assert certain(needed(told, ROLE, TOPIC, invoke, written)) == ["sns"]


def unresolved(action: str) -> Entry:
    """An attached document whose statement is made by a dynamic block."""
    return resource(
        "data.aws_iam_policy_document.d",
        {"statement": [{"actions": [action]}]},
        unknown={"json": True, "statement": [{"resources": True}]},
        actions=("read",),
    )


OF_DOCUMENT = resource(
    "aws_iam_role_policy.api",
    {"role": "api"},
    expressions={"role": text("api"), "policy": ref("data.aws_iam_policy_document.d.json")},
    unknown={"policy": True},
)


@pytest.mark.parametrize("action", ["sqs:ReceiveMessage", "sqs:SendMessage"])
def test_what_lambda_uses_too_on_something_that_cannot_be_told_is_unknown(action: str) -> None:
    polls = mapping("aws_sqs_queue.jobs.arn")
    found = needed(DEAD_LETTERS, ROLE, QUEUE, OF_DOCUMENT, unresolved(action), polls)
    assert list(uncertain(found)) == ["sqs"]


def test_what_lambda_does_not_use_is_a_call_on_anything() -> None:
    found = needed(DEAD_LETTERS, ROLE, QUEUE, OF_DOCUMENT, unresolved("sns:Publish"))
    assert certain(found) == ["sns"]


def test_a_function_that_a_mapping_may_name_leaves_polling_open() -> None:
    polls = resource(
        "aws_lambda_event_source_mapping.jobs",
        expressions={"event_source_arn": ref("aws_sqs_queue.jobs.arn"), "function_name": ref("local.function")},
        unknown={"event_source_arn": True, "function_name": True},
    )
    found = needed(function(), ROLE, QUEUE, polls, policy(allow("sqs:ReceiveMessage", on=ON_QUEUE)))
    assert list(uncertain(found)) == ["sqs"]


def test_everything_but_something_may_be_something_else() -> None:
    statement = {"Effect": "Allow", "Action": "sqs:SendMessage", "NotResource": ON_QUEUE}
    assert list(uncertain(needed(DEAD_LETTERS, ROLE, QUEUE, policy(statement)))) == ["sqs"]
    assert certain(needed(function(), ROLE, QUEUE, policy(statement))) == ["sqs"]
