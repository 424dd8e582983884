"""What only the constructs of queues can refuse, and what they tell a function."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modules.key import Key
from modules.observability import AlarmTopic
from modules.queue import Queue, QueueConfig
from stacks.base import App, TargetStack
from tests.constructs.bare import refusal, resources, target

pytestmark = pytest.mark.synth
KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/11111111-1111-1111-1111-111111111111"
ARN = "arn:aws:sqs:eu-west-1:123456789012:acme-orders"
OFF = {"enabled": False, "reason": "not what this test is about"}
QUIET = QueueConfig.parse({"alarms": OFF})
FIFO = QueueConfig.parse({"fifo": {}, "alarms": OFF})
ALONE = QueueConfig.parse({"dead_letters": {"kind": "none", "reason": "heartbeats"}, "alarms": OFF})
WHERE = "dev-main-eu-west-1-orders"


def by_name(stack: TargetStack) -> dict[str, dict[str, Any]]:
    """The queues by their names' last parts."""
    return {
        queue["name"].removeprefix("acme-dev-orders-"): queue for queue in resources(stack, "aws_sqs_queue").values()
    }


def test_a_queue_comes_with_a_dead_letter_queue_that_only_it_fills(stack: TargetStack, key: Key) -> None:
    Queue(stack, "work", config=QUIET, key=key)
    queues = by_name(stack)
    (allowed,) = resources(stack, "aws_sqs_queue_redrive_allow_policy").values()
    redrive = json.loads(queues["work"]["redrive_policy"])
    (letters,) = [name for name in resources(stack, "aws_sqs_queue") if "dead-letters" in name]
    (work,) = [name for name in resources(stack, "aws_sqs_queue") if "dead-letters" not in name]
    assert redrive == {"deadLetterTargetArn": f"${{aws_sqs_queue.{letters}.arn}}", "maxReceiveCount": 5}
    assert json.loads(allowed["redrive_allow_policy"]) == {
        "redrivePermission": "byQueue", "sourceQueueArns": [f"${{aws_sqs_queue.{work}.arn}}"],
    }  # fmt: skip
    assert queues["work-dead-letters"]["message_retention_seconds"] == 1_209_600
    assert "redrive_policy" not in queues["work-dead-letters"]


def test_fifo_names_end_alike_however_long_they_are(tmp_path: Path) -> None:
    long = target(org="a" * 16, env="e" * 16, stack="s" * 31)
    stack = TargetStack(App(outdir=str(tmp_path)), long)
    Queue(stack, "orders-of-every-customer-there-is", config=FIFO, key=Key(stack, "key"))
    names = {queue["name"] for queue in resources(stack, "aws_sqs_queue").values()}
    assert len(names) == 2
    assert all(len(name) in (79, 80) and name.endswith(".fifo") for name in names)


def test_a_queue_without_dead_letters(stack: TargetStack, key: Key) -> None:
    assert Queue(stack, "beats", config=ALONE, key=key).dead_letter_queue is None
    assert list(by_name(stack)) == ["beats"]


def test_several_queues_share_dead_letters_up_to_ten(stack: TargetStack, key: Key) -> None:
    shared = Queue(stack, "failed", config=ALONE, key=key)
    for number in reversed(range(10)):
        Queue(stack, f"work-{number}", config=QUIET, key=key, dead_letter_queue=shared)
    (allowed,) = resources(stack, "aws_sqs_queue_redrive_allow_policy").values()
    arns = json.loads(allowed["redrive_allow_policy"])["sourceQueueArns"]
    assert [arn.removeprefix("${aws_sqs_queue.")[:7] for arn in arns] == [f"work-{number}_" for number in range(10)]
    assert refusal(lambda: Queue(stack, "more", config=QUIET, key=key, dead_letter_queue=shared)) == (
        f"{WHERE}/failed: the queue keeps the dead letters of 11 queues; SQS takes 10 named sources (SQS API "
        "reference, sourceQueueArns); give some of them a dead-letter queue of their own"
    )


def test_dead_letters_elsewhere_are_their_owners(stack: TargetStack, key: Key) -> None:
    failed = Queue.from_existing(stack, "failed", arn=ARN)
    Queue(stack, "work", config=QUIET, key=key, dead_letter_queue=failed)
    assert json.loads(by_name(stack)["work"]["redrive_policy"])["deadLetterTargetArn"] == ARN
    assert resources(stack, "aws_sqs_queue_redrive_allow_policy") == {}


def test_dead_letters_of_another_type(stack: TargetStack, key: Key) -> None:
    fifo = Queue(stack, "ordered", config=FIFO, key=key)
    assert refusal(lambda: Queue(stack, "work", config=QUIET, key=key, dead_letter_queue=fifo)) == (
        f"{WHERE}/work: dead_letter_queue is a FIFO queue and this a standard one; a queue and its dead-letter queue "
        "are of one type (SQS guide, dead-letter queues); give it another one, or none to have one made"
    )


def test_shared_dead_letters_are_kept_as_their_own_queue_says(stack: TargetStack, key: Key) -> None:
    shared = Queue(stack, "failed", config=ALONE, key=key)
    kept = {"message_retention_seconds": 604_800, "oldest_message_alarm_seconds": 3_600, "max_receive_count": 7}
    config = QueueConfig.parse({"dead_letters": kept, "alarms": OFF})
    told = "and dead_letter_queue is given; it speaks of a queue that is made for this one; remove one of them"
    assert refusal(lambda: Queue(stack, "work", config=config, key=key, dead_letter_queue=shared)) == (
        f"{WHERE}/work: dead_letters.message_retention_seconds is 604800 {told}\n"
        f"{WHERE}/work: dead_letters.oldest_message_alarm_seconds is 3600 {told}"
    )


def test_dead_letters_that_are_and_are_not(stack: TargetStack, key: Key) -> None:
    other = Queue(stack, "other", config=ALONE, key=key)
    assert refusal(lambda: Queue(stack, "work", config=ALONE, key=key, dead_letter_queue=other)) == (
        f'{WHERE}/work: dead_letter_queue is given and dead_letters.kind is "none"; one says that there are dead '
        "letters, the other that there are none; remove one of them"
    )


def test_large_messages_are_refused_where_provider_5_may_run(stack: TargetStack, key: Key) -> None:
    large = QueueConfig.parse({"max_message_bytes": 1_048_576, "alarms": OFF})
    assert refusal(lambda: Queue(stack, "work", config=large, key=key)) == (
        f"{WHERE}/work: max_message_bytes is 1048576; AWS provider 5 takes at most 262144, although SQS takes 1048576, "
        "and the target allows >= 5.100, < 7; set at most 262144, or set the target's aws_provider_version to "
        '">= 6.69, < 7"'
    )


def test_alarms_of_the_queue_and_of_its_dead_letters(stack: TargetStack, key: Key) -> None:
    assert refusal(lambda: Queue(stack, "quiet", key=key)) == (
        f"{WHERE}/quiet/dead-letters: alarm_topic is missing; alarms are on, and an alarm that tells nobody is none; "
        "pass alarm_topic=AlarmTopic(...), or set alarms to AlarmsConfig.off(reason=...)"
    )
    queue = Queue(stack, "work", key=key, alarm_topic=AlarmTopic(stack, "alarm-topic", key=key))
    assert queue.alarm_names == tuple(
        f"acme-dev-orders-work-{name}"
        for name in (
            "oldest-message", "visible-messages", "in-flight-messages", "dead-letters-dead-letters",
            "dead-letters-dead-letter-age",
        )
    )  # fmt: skip


def test_a_service_sends_for_its_source_and_encrypts(stack: TargetStack, key: Key) -> None:
    queue = Queue(stack, "work", config=ALONE, key=key)
    for _ in range(2):
        queue.allow_service("s3.amazonaws.com", source="uploads/bucket", source_arn="arn:aws:s3:::uploads")
    queue.allow_service("s3.amazonaws.com", source="drafts", source_arn="arn:aws:s3:::drafts")
    (policy,) = resources(stack, "aws_sqs_queue_policy").values()
    assert [each["Sid"] for each in json.loads(policy["policy"])["Statement"]] == [
        "DenyPlainHttp", "S3SendsUploadsBucket", "S3SendsDrafts",
    ]  # fmt: skip
    (made,) = resources(stack, "aws_kms_key").values()
    assert [each["Sid"] for each in json.loads(made["policy"])["Statement"]] == [
        "AccountAdministers", "S3EncryptsMessages",
    ]  # fmt: skip
    assert refusal(lambda: queue.allow_service("lambda.amazonaws.com", source="api", source_arn="x")) == (
        f'{WHERE}/work: service is "lambda.amazonaws.com"; events.amazonaws.com, s3.amazonaws.com, sns.amazonaws.com '
        "send to queues on the account's behalf; grant_send to the role of what sends"
    )
    fifo = Queue(stack, "ordered", config=FIFO, key=key)
    assert refusal(lambda: fifo.allow_service("s3.amazonaws.com", source="uploads", source_arn="x")) == (
        f'{WHERE}/ordered: service is "s3.amazonaws.com" and the queue is a FIFO queue; S3 notifies standard queues '
        "and topics only (S3 guide, event notifications); use a standard queue"
    )


def test_what_a_function_needs(stack: TargetStack, key: Key) -> None:
    queue = Queue(stack, "order-work", config=QUIET, key=key)
    connection = queue.connection(access="send_consume")
    assert (connection.services, connection.environment) == (("sqs",), {"ORDER_WORK_QUEUE_URL": queue.url})
    assert [statement.sid for statement in connection.statements] == [
        "SendOrderWork", "ConsumeOrderWork", "EncryptOrderWork", "DecryptOrderWork",
    ]  # fmt: skip
    assert queue.connection(environment_name="WORK").environment == {"WORK": queue.url}
    assert refusal(lambda: queue.connection(access="purge")) == (
        f'{WHERE}/order-work: access is "purge"; it is one of send, consume, send_consume; choose one of them'
    )


def test_a_destination_is_no_fifo_queue(stack: TargetStack, key: Key) -> None:
    queue = Queue(stack, "work", config=QUIET, key=key)
    destination = queue.destination()
    assert (destination.kind, destination.arn, destination.dependencies) == ("sqs", queue.arn, queue.dependencies)
    assert [statement.sid for statement in destination.statements] == ["SendWork", "EncryptWork"]
    assert refusal(Queue(stack, "ordered", config=FIFO, key=key).destination) == (
        f"{WHERE}/ordered: the queue is a FIFO queue and would be a destination; Lambda sends asynchronous results and "
        "dead letters to standard queues and topics only, never FIFO (Lambda guide, asynchronous invocation); use a "
        "standard queue"
    )


def test_an_existing_queue_is_used_like_an_owned_one(stack: TargetStack) -> None:
    queue = Queue.from_existing(stack, "work", arn=ARN, key_arn=KEY_ARN, accepted_services=("sns.amazonaws.com",))
    url = "https://sqs.eu-west-1.amazonaws.com/123456789012/acme-orders"
    assert queue.connection().environment == {"WORK_QUEUE_URL": url}
    assert [statement.resources for statement in queue.connection().statements] == [(ARN,), (KEY_ARN,)]
    elsewhere = Queue.from_existing(stack, "far", arn=ARN.replace("eu-west-1", "us-east-1"), key_arn=KEY_ARN)
    assert elsewhere.connection().statements[-1].conditions[0].values == ("sqs.us-east-1.amazonaws.com",)
    queue.allow_service("sns.amazonaws.com", source="told", source_arn="x")
    assert refusal(lambda: queue.allow_service("s3.amazonaws.com", source="uploads", source_arn="x")) == (
        f"{WHERE}/work: \"s3.amazonaws.com\" is to send here, for uploads; the queue's policy and its key's are their "
        "owner's, and must let it; name it in accepted_services once they do"
    )
    assert Queue.from_existing(stack, "fifo", arn=f"{ARN}.fifo").is_fifo


def test_an_existing_queue_by_what_is_none(stack: TargetStack) -> None:
    assert refusal(lambda: Queue.from_existing(stack, "work", arn="acme-orders", key_arn="alias/orders")) == (
        f'{WHERE}/work: arn is "acme-orders"; a queue\'s ARN reads like arn:aws:sqs:eu-west-1:123456789012:orders; '
        f'copy it from SQS\n{WHERE}/work: key_arn is "alias/orders"; a KMS key\'s ARN reads like '
        "arn:aws:kms:eu-west-1:123456789012:key/...; copy it from AWS KMS"
    )
    long = f"arn:aws:sqs:eu-west-1:123456789012:{'q' * 76}"
    assert Queue.from_existing(stack, "longest", arn=f"{long[:-1]}.fifo").is_fifo
    assert refusal(lambda: Queue.from_existing(stack, "longer", arn=f"{long}.fifo")) == (
        f'{WHERE}/longer: arn is "{long}.fifo"; a queue\'s ARN reads like '
        "arn:aws:sqs:eu-west-1:123456789012:orders; copy it from SQS"
    )
    later = "${aws_sqs_queue.work.arn}"
    assert refusal(lambda: Queue.from_existing(stack, "later", arn=later)) == (
        f"{WHERE}/later: url is missing; the ARN is known only later, so it does not tell the URL; set it"
    )
    assert Queue.from_existing(stack, "known", arn=later, url="${aws_sqs_queue.work.url}").arn == later
