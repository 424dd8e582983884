"""Queues as event sources: what queue and function rule out together, and what is synthesized."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cdktf import Token

from modules.event_source import PollersConfig, QueueSource, QueueSourceConfig
from modules.queue import Queue
from tests.constructs.event_sources import API, EXISTING, WHERE, Made, poll, refusal

pytestmark = pytest.mark.synth


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path)


def warnings(of: Any) -> list[str]:
    return [entry.data for entry in of.node.metadata if entry.type == "@cdktf/warn"]


def test_a_queue_alone_takes_the_functions_reserved_concurrency(made: Made) -> None:
    function, queue = made.function(), made.queue()
    source = QueueSource(made.stack, "source", function=function, queue=queue)
    mapping = made.mapping()
    assert (source.maximum, mapping["scaling_config"]) == (10, {"maximum_concurrency": 10})
    assert mapping["function_response_types"] == ["ReportBatchItemFailures"]
    assert mapping["function_name"] == made.reference("aws_lambda_function", "function_name")
    assert (mapping["batch_size"], mapping["enabled"]) == (10, True)
    assert not {"filter_criteria", "kms_key_arn", "metrics_config", "provisioned_poller_config"} & set(mapping)
    [policy] = made.resources("aws_iam_role_policy")
    assert f"aws_iam_role_policy.{policy}" in mapping["depends_on"]
    assert (source.alarm_names, warnings(source)) == ((), [])


def test_more_than_lambda_takes_is_left_to_the_reservation(made: Made) -> None:
    assert poll(made, made.function(reserved=5_000), made.queue()).maximum == 1_000


def test_the_alias_is_there_before_anything_is_polled(made: Made) -> None:
    poll(made, made.function(alias={}), made.queue())
    [alias] = made.resources("aws_lambda_alias")
    assert f"aws_lambda_alias.{alias}" in made.mapping()["depends_on"]


def test_queues_of_one_function_share_its_reserved_concurrency(made: Made) -> None:
    function = made.function()
    poll(made, function, made.queue("a"), "from-a", maximum_concurrency=6)
    poll(made, function, made.queue("c"), "from-c", maximum_concurrency=1_000, disabled_reason="not yet")
    assert refusal(lambda: poll(made, function, made.queue("b"), "from-b", maximum_concurrency=5)) == (
        f"{WHERE}/from-b: the queues of {API} may invoke it 11 times at once ({WHERE}/from-a 6, {WHERE}/from-b 5) and "
        "its reserved_concurrency is 10; messages beyond it would be received, throttled, and become dead letters "
        "although nothing is wrong with them (Lambda guide, maximum concurrency); set maximum_concurrency of each to "
        "10 "
        "in all, or reserved_concurrency to at least 11"
    )


def test_pollers_count_ten_times(made: Made) -> None:
    function, pollers = made.function(reserved=19), {"minimum": 2, "maximum": 2}
    assert refusal(lambda: poll(made, function, made.queue(), provisioned_pollers=pollers)) == (
        f"{WHERE}/source: the queues of {API} may invoke it 20 times at once ({WHERE}/source 20) and its "
        "reserved_concurrency is 19; messages beyond it would be received, throttled, and become dead letters although "
        "nothing is wrong with them (Lambda guide, maximum concurrency); set maximum_concurrency of each to 19 in all, "
        "or reserved_concurrency to at least 20"
    )


def test_pollers_are_written_without_a_maximum_concurrency(made: Made) -> None:
    config = QueueSourceConfig(provisioned_pollers=PollersConfig(maximum=3))
    source = QueueSource(made.stack, "source", function=made.function(reserved=30), queue=made.queue(), config=config)
    mapping = made.mapping()
    assert (source.maximum, "scaling_config" in mapping) == (30, False)
    assert mapping["provisioned_poller_config"] == {"minimum_pollers": 2, "maximum_pollers": 3}


@pytest.mark.parametrize(
    ("reserved", "fields", "sentence"),
    [
        (
            1,
            {},
            (
                f"{WHERE}/source: the reserved_concurrency of {API} is 1; Lambda polls a queue for at least 2 "
                "invocations at once (lambda API model); messages would be received, throttled, and become dead "
                "letters "
                "although nothing is wrong with them; set it to at least 2"
            ),
        ),
        (
            0,
            {"disabled_reason": "moved to the other region"},
            (
                f"{WHERE}/source: the reserved_concurrency of {API} is 0; messages would be received, throttled, and "
                "become dead letters although nothing is wrong with them; set disabled_reason, or let the function run"
            ),
        ),
    ],
)
def test_a_function_that_cannot_keep_up(made: Made, reserved: int, fields: dict[str, Any], sentence: str) -> None:
    function, queue = made.function(reserved=reserved, **fields), made.queue()
    assert refusal(lambda: poll(made, function, queue)) == sentence
    source = poll(made, function, queue, "paused", disabled_reason="until it runs again")
    assert (source.maximum, made.mapping()["enabled"]) == (None, False)


def test_nothing_bounds_a_queue(made: Made) -> None:
    source = poll(made, made.function(reserved=None), made.queue())
    assert warnings(source) == [
        (
            f"{WHERE}/source: maximum_concurrency is null, and {API} has no reserved_concurrency; for {WHERE}/jobs "
            "alone "
            "Lambda may invoke it 1250 times at once and leave other functions of the account nothing (Lambda guide, "
            "scaling of SQS event sources); set maximum_concurrency"
        )
    ]
    assert "scaling_config" not in made.mapping()


def test_visibility_below_the_timeout_is_no_choice(made: Made) -> None:
    function, queue = made.function(), made.queue(visibility_timeout_seconds=29)
    reason = {"short_visibility_timeout_reason": "the code is idempotent"}
    assert refusal(lambda: poll(made, function, queue, batching_window_seconds=5, **reason)) == (
        f"{WHERE}/source: visibility_timeout_seconds of {WHERE}/jobs is 29 and timeout_seconds of {API} is 30; Lambda "
        "takes no queue whose messages come back before the function has ended (Lambda guide, configuring a queue); "
        "set "
        "visibility_timeout_seconds to at least 185"
    )


def test_visibility_below_six_timeouts_and_the_window_takes_a_reason(made: Made) -> None:
    function, queue = made.function(), made.queue(visibility_timeout_seconds=184)
    assert refusal(lambda: poll(made, function, queue, batching_window_seconds=5)) == (
        f"{WHERE}/source: visibility_timeout_seconds is 184 and the function's timeout_seconds is 30; a message that "
        "is "
        "still worked on, or waits for a retry after throttling, would be received again; the Lambda guide asks for "
        "six "
        "times the function's timeout and the batching window of 5 seconds; set visibility_timeout_seconds to at least "
        "185"
    )
    reason = {"short_visibility_timeout_reason": "the code is idempotent"}
    poll(made, function, queue, "short", batching_window_seconds=5, **reason)
    assert refusal(lambda: poll(made, made.function("other"), queue, "long", **reason)) == (
        f'{WHERE}/long: short_visibility_timeout_reason is "the code is idempotent"; the queue\'s visibility timeout '
        "is "
        "long enough; remove it"
    )


def test_an_existing_queue_says_what_is_known(made: Made) -> None:
    unknown = Queue.from_existing(made.stack, "there", arn=EXISTING.format("eu-west-1"))
    short = Queue.from_existing(made.stack, "short", arn=EXISTING.format("eu-west-1"), visibility_timeout_seconds=20)
    source = poll(made, made.function(), unknown)
    assert warnings(source) == [
        (
            f"{WHERE}/source: the visibility timeout of {WHERE}/there is not known; it should be six times the "
            "timeout of "
            f"{API} (Lambda guide), and whether it is cannot be judged; set visibility_timeout_seconds where the "
            "queue is "
            "named"
        )
    ]
    assert "visibility_timeout_seconds of" in refusal(lambda: poll(made, made.function("b"), short, "b-source"))


def test_a_queue_elsewhere(made: Made) -> None:
    far = Queue.from_existing(made.stack, "far", arn=EXISTING.format("us-east-1"), visibility_timeout_seconds=180)
    assert refusal(lambda: poll(made, made.function(), far)) == (
        f"{WHERE}/source: the queue is in us-east-1 and the function in eu-west-1; Lambda polls in its own region "
        "(Lambda guide); use a queue of eu-west-1"
    )


def test_a_visibility_that_is_known_only_later_is_not_judged(made: Made) -> None:
    later = Token.as_number("${aws_sqs_queue.other.visibility_timeout_seconds}")
    assert poll(made, made.function(), made.queue(visibility_timeout_seconds=later)).maximum == 10


def test_fifo_queues_have_small_batches_and_no_window(made: Made) -> None:
    function, queue = made.function(), made.queue("ordered", fifo={}, visibility_timeout_seconds=300)
    assert refusal(lambda: poll(made, function, queue, batch_size=11, batching_window_seconds=1)) == (
        f"{WHERE}/source: batch_size is 11 and the queue is a FIFO queue; a batch of a FIFO queue has at most 10 "
        "messages (CreateEventSourceMapping); set batch_size to at most 10\n"
        f"{WHERE}/source: batching_window_seconds is 1 and the queue is a FIFO queue; a FIFO queue has no batching "
        "window (CreateEventSourceMapping); remove it"
    )
    assert poll(made, function, queue, "small").maximum == 10


def test_more_pollers_than_provider_5_takes(made: Made) -> None:
    pollers = {"maximum": 2_001}
    assert refusal(lambda: poll(made, made.function(), made.queue(), provisioned_pollers=pollers)) == (
        f"{WHERE}/source: provisioned_pollers.maximum is 2001; AWS provider 5 takes at most 2000, although Lambda "
        "takes "
        "10000, and the target allows >= 5.100, < 7; set at most 2000, or set the target's aws_provider_version to "
        '">= 6.69, < 7"'
    )


def test_one_queue_is_polled_once_for_a_function(made: Made) -> None:
    function, queue = made.function(), made.queue()
    poll(made, function, queue, maximum_concurrency=2)
    poll(made, made.function("other"), queue, "for-other")
    assert refusal(lambda: poll(made, function, queue, "again", maximum_concurrency=2)) == (
        f"{WHERE}/again: {WHERE}/jobs is read for {API} by {WHERE}/source already; Lambda keeps one event source "
        "mapping "
        "for a source and a function (CreateEventSourceMapping); remove one of them"
    )


def test_a_queue_whose_polling_is_paused_is_named_once_too(made: Made) -> None:
    function, queue = made.function(), made.queue()
    poll(made, function, queue, disabled_reason="until the move is over")
    assert refusal(lambda: poll(made, function, queue, "again", disabled_reason="later")) == (
        f"{WHERE}/again: {WHERE}/jobs is read for {API} by {WHERE}/source already; Lambda keeps one event source "
        "mapping for a source and a function (CreateEventSourceMapping); remove one of them"
    )


def test_filters_are_encrypted_with_a_key_that_lambda_may_use(made: Made) -> None:
    pattern = {"body": {"kind": ["order"]}}
    QueueSource(
        made.stack,
        "source",
        function=made.function(),
        queue=made.queue(),
        config=QueueSourceConfig(filters=(pattern,)),
        key=made.key,
    )
    mapping = made.mapping()
    assert mapping["filter_criteria"] == {"filter": [{"pattern": '{"body":{"kind":["order"]}}'}]}
    assert mapping["kms_key_arn"] == made.reference("aws_kms_key", "arn")
    [key] = made.resources("aws_kms_key").values()
    [allowed] = [each for each in json.loads(key["policy"])["Statement"] if each["Sid"] == "LambdaDecryptsFilters"]
    assert allowed["Principal"] == {"Service": ["lambda.eu-west-1.amazonaws.com"]}
    assert allowed["Action"] == ["kms:Decrypt"]
    assert allowed["Condition"] == {
        "ArnLike": {"aws:SourceArn": ["arn:aws:lambda:eu-west-1:123456789012:event-source-mapping:*"]}
    }


def test_a_key_without_filters(made: Made) -> None:
    function, queue = made.function(), made.queue()
    assert refusal(lambda: QueueSource(made.stack, "source", function=function, queue=queue, key=made.key)) == (
        f"{WHERE}/source: key is given and filters is empty; the key encrypts the filters and nothing else; remove it"
    )


def test_counted_events_have_an_alarm_and_an_alarm_a_topic(made: Made) -> None:
    assert refusal(lambda: poll(made, made.function(), made.queue(), event_metrics=True)).startswith(
        f"{WHERE}/source: alarm_topic is missing"
    )
