"""What only the constructs of topics can refuse, and what they tell a function."""

from __future__ import annotations

import json

import pytest

from modules.key import Key
from modules.observability import AlarmTopic
from modules.queue import Queue, QueueConfig
from modules.topic import Topic, TopicConfig
from stacks.base import TargetStack
from tests.constructs.bare import only, refusal, resources, sids

pytestmark = pytest.mark.synth
KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/11111111-1111-1111-1111-111111111111"
OFF = {"enabled": False, "reason": "not what this test is about"}
WHERE = "dev-main-eu-west-1-orders"


QUIET = TopicConfig.parse({"alarms": OFF})
FIFO = TopicConfig.parse({"fifo": {}, "alarms": OFF})
WORK = QueueConfig.parse({"alarms": OFF})
ARN = "arn:aws:sns:eu-west-1:123456789012:acme-told"


def test_a_queue_gets_what_the_filter_lets_through(stack: TargetStack, key: Key) -> None:
    queue = Queue(stack, "work", config=WORK, key=key)
    topic = Topic(stack, "told", config=QUIET, key=key)
    topic.subscribe(queue, filter_policy={"customer": {"country": ["IE"]}}, filter_policy_scope="MessageBody", raw=True)
    subscription = only(stack, "aws_sns_topic_subscription")
    assert subscription["filter_policy"] == '{"customer":{"country":["IE"]}}'
    assert (subscription["filter_policy_scope"], subscription["raw_message_delivery"]) == ("MessageBody", True)
    assert [name.partition(".")[0] for name in subscription["depends_on"]] == ["aws_sqs_queue_policy"]
    letters = next(name for name in resources(stack, "aws_sqs_queue") if name.startswith("told_dead-letters"))
    assert json.loads(subscription["redrive_policy"]) == {"deadLetterTargetArn": f"${{aws_sqs_queue.{letters}.arn}}"}
    policies = resources(stack, "aws_sqs_queue_policy")
    assert sorted(name for name, policy in policies.items() if "SnsSendsTold" in policy["policy"]) == sorted(
        name for name in policies if not name.startswith("work_dead-letters")
    )
    assert "SnsEncryptsMessages" in sids(only(stack, "aws_kms_key")["policy"])


def test_subscriptions_share_the_topics_dead_letters(stack: TargetStack, key: Key) -> None:
    topic = Topic(stack, "told", config=QUIET, key=key)
    assert topic.dead_letter_queue is None
    alone = QueueConfig.parse({"dead_letters": {"kind": "none", "reason": "a test"}, "alarms": OFF})
    for name in ("one", "two"):
        topic.subscribe(Queue(stack, name, config=alone, key=key))
    assert len(resources(stack, "aws_sqs_queue")) == 3
    assert len({each["redrive_policy"] for each in resources(stack, "aws_sns_topic_subscription").values()}) == 1


def test_what_is_not_delivered_may_be_lost_for_a_reason(stack: TargetStack, key: Key) -> None:
    lossy = TopicConfig.parse({"dead_letters": {"kind": "none", "reason": "ticks"}, "alarms": OFF})
    topic = Topic(stack, "told", config=lossy, key=key)
    topic.subscribe(Queue(stack, "work", config=WORK, key=key))
    assert "redrive_policy" not in only(stack, "aws_sns_topic_subscription")


def test_dead_letters_of_a_fifo_topic_are_fifo_too(stack: TargetStack, key: Key) -> None:
    topic = Topic(stack, "told", config=FIFO, key=key)
    topic.subscribe(Queue(stack, "work", config=WORK, key=key))
    letters = [queue for queue in resources(stack, "aws_sqs_queue").values() if "told" in queue["name"]]
    assert [(queue["name"], queue["fifo_queue"]) for queue in letters] == [
        ("acme-dev-orders-told-dead-letters.fifo", True)
    ]
    made = only(stack, "aws_sns_topic")
    assert (made["name"], made["fifo_throughput_scope"]) == ("acme-dev-orders-told.fifo", "Topic")


def test_subscriptions_are_refused(stack: TargetStack, key: Key) -> None:
    topic = Topic(stack, "told", config=QUIET, key=key)
    fifo = Queue(stack, "ordered", config=QueueConfig.parse({"fifo": {}, "alarms": OFF}), key=key)
    assert refusal(lambda: topic.subscribe(fifo)) == (
        f"{WHERE}/told: ordered is a FIFO queue and the topic is a standard one; only a FIFO topic delivers to FIFO "
        "queues (SNS guide, FIFO topics); give the topic fifo, or subscribe a standard queue"
    )
    work = Queue(stack, "work", config=WORK, key=key)
    assert refusal(lambda: topic.subscribe(work, filter_policy={})) == (
        f"{WHERE}/told subscription of work: filter_policy has 0 keys; SNS takes 1 to 5 (SNS guide, filter policy "
        "constraints); name a key, or remove the filter"
    )
    topic.subscribe(work)
    assert refusal(lambda: topic.subscribe(work, filter_policy={"kind": ["order"]})) == (
        f"{WHERE}/told: work is subscribed twice; a topic has one subscription of a queue (SNS API reference, "
        "Subscribe); subscribe it once; a filter takes several values"
    )
    existing = Queue.from_existing(stack, "theirs", arn="arn:aws:sqs:eu-west-1:123456789012:theirs")
    assert refusal(lambda: topic.subscribe(existing)) == (
        f"{WHERE}/theirs: \"sns.amazonaws.com\" is to send here, for Told; the queue's policy and its key's are their "
        "owner's, and must let it; name it in accepted_services once they do"
    )


def test_endpoints_and_addresses_get_every_message(stack: TargetStack, key: Key) -> None:
    addresses = {
        "email_subscriptions": ["team@example.com"], "https_subscriptions": {"hook": "https://example.com/hook"},
    }  # fmt: skip
    Topic(stack, "told", config=TopicConfig.parse({**addresses, "alarms": OFF}), key=key)
    found = {each["protocol"]: each for each in resources(stack, "aws_sns_topic_subscription").values()}
    assert (found["email"]["endpoint"], found["https"]["endpoint"]) == ("team@example.com", "https://example.com/hook")
    assert "redrive_policy" in found["https"]
    assert "redrive_policy" not in found["email"]


def test_a_service_publishes_for_its_source(stack: TargetStack, key: Key) -> None:
    topic = Topic(stack, "told", config=QUIET, key=key)
    topic.allow_service("s3.amazonaws.com", source="uploads", source_arn="arn:aws:s3:::uploads")
    assert sids(only(stack, "aws_sns_topic_policy")["policy"]) == ["DenyPlainHttp", "S3PublishesUploads"]
    assert refusal(lambda: topic.allow_service("lambda.amazonaws.com", source="api", source_arn="x")) == (
        f'{WHERE}/told: service is "lambda.amazonaws.com"; cloudwatch.amazonaws.com, s3.amazonaws.com publish on the '
        "account's behalf and say for which resource; grant_publish to the role of what publishes"
    )
    fifo = Topic(stack, "ordered", config=FIFO, key=key)
    assert refusal(lambda: fifo.allow_service("s3.amazonaws.com", source="uploads", source_arn="x")) == (
        f'{WHERE}/ordered: service is "s3.amazonaws.com" and the topic is a FIFO topic; S3 notifies standard queues '
        "and topics only (S3 guide, event notifications); use a standard topic"
    )


def test_alarms_of_the_topic_and_of_its_dead_letters(stack: TargetStack, key: Key) -> None:
    assert refusal(lambda: Topic(stack, "quiet", key=key)) == (
        f"{WHERE}/quiet: alarm_topic is missing; alarms are on, and an alarm that tells nobody is none; pass "
        "alarm_topic=AlarmTopic(...), or set alarms to AlarmsConfig.off(reason=...)"
    )
    topic = Topic(stack, "told", key=key, alarm_topic=AlarmTopic(stack, "alarm-topic", key=key))
    topic.subscribe(Queue(stack, "work", config=WORK, key=key))
    assert topic.alarm_names == tuple(
        f"acme-dev-orders-told-{name}"
        for name in (
            "failed", "redriven", "redrive-failed", "dead-letters-dead-letters", "dead-letters-dead-letter-age",
        )
    )  # fmt: skip


def test_what_a_function_needs(stack: TargetStack, key: Key) -> None:
    topic = Topic(stack, "order-news", config=QUIET, key=key)
    connection = topic.connection()
    assert (connection.services, connection.environment) == (("sns",), {"ORDER_NEWS_TOPIC_ARN": topic.arn})
    assert [statement.sid for statement in connection.statements] == ["PublishToOrderNews", "EncryptForOrderNews"]
    assert refusal(lambda: topic.connection(access="send")) == (
        f'{WHERE}/order-news: access is "send"; a topic takes publish; write that'
    )


def test_a_destination_is_no_fifo_topic(stack: TargetStack, key: Key) -> None:
    topic = Topic(stack, "told", config=QUIET, key=key)
    destination = topic.destination()
    assert (destination.kind, destination.arn, destination.dependencies) == ("sns", topic.arn, topic.dependencies)
    assert refusal(Topic(stack, "ordered", config=FIFO, key=key).destination) == (
        f"{WHERE}/ordered: the topic is a FIFO topic and would be a destination; Lambda sends asynchronous results and "
        "dead letters to standard queues and topics only, never FIFO (Lambda guide, asynchronous invocation); use a "
        "standard topic"
    )


def test_an_existing_topic_is_used_like_an_owned_one(stack: TargetStack, key: Key) -> None:
    topic = Topic.from_existing(stack, "told", arn=ARN, key_arn=KEY_ARN)
    assert [statement.resources for statement in topic.connection().statements] == [(ARN,), (KEY_ARN,)]
    elsewhere = Topic.from_existing(stack, "far", arn=ARN.replace("eu-west-1", "us-east-1"), key_arn=KEY_ARN)
    assert elsewhere.connection().statements[-1].conditions[0].values == ("sns.us-east-1.amazonaws.com",)
    topic.subscribe(Queue(stack, "work", config=WORK, key=key))
    assert only(stack, "aws_sns_topic_subscription")["topic_arn"] == ARN
    assert Topic.from_existing(stack, "fifo", arn=f"{ARN}.fifo").is_fifo
    assert Topic.from_existing(stack, "later", arn="${aws_sns_topic.told.arn}").arn == "${aws_sns_topic.told.arn}"
    assert refusal(lambda: Topic.from_existing(stack, "none", arn="told", key_arn="alias/told")) == (
        f'{WHERE}/none: arn is "told"; a topic\'s ARN reads like arn:aws:sns:eu-west-1:123456789012:orders; copy it '
        f'from SNS\n{WHERE}/none: key_arn is "alias/told"; a KMS key\'s ARN reads like '
        "arn:aws:kms:eu-west-1:123456789012:key/...; copy it from AWS KMS"
    )
