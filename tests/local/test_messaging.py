"""The extensions of SNS, EventBridge and Kinesis."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import Clients

ROLE = "arn:aws:iam::123456789012:role/logs"


def test_every_attribute_of_a_topic_is_read_back(clients: Clients) -> None:
    sns = clients("sns")
    topic = sns.create_topic(Name="told", Attributes={"SignatureVersion": "2", "TracingConfig": "Active"})["TopicArn"]

    def read() -> dict[str, str]:
        found: dict[str, str] = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
        return found

    assert (read()["SignatureVersion"], read()["TracingConfig"]) == ("2", "Active")
    for protocol in ("Application", "Firehose", "HTTP", "Lambda", "SQS"):
        for part, value in (("FailureFeedbackRoleArn", ROLE), ("SuccessFeedbackSampleRate", "10")):
            name = f"{protocol}{part}"
            assert name not in read()
            sns.set_topic_attributes(TopicArn=topic, AttributeName=name, AttributeValue=value)
            assert read()[name] == value
    sns.set_topic_attributes(TopicArn=topic, AttributeName="SQSFailureFeedbackRoleArn", AttributeValue="")
    assert "SQSFailureFeedbackRoleArn" not in read()
    sns.delete_topic(TopicArn=topic)
    sns.create_topic(Name="told")
    assert "SignatureVersion" not in read()


def test_the_scope_of_fifo_throughput_is_read_back(clients: Clients) -> None:
    sns = clients("sns")
    given = {"FifoTopic": "true", "FifoThroughputScope": "MessageGroup"}
    topic = sns.create_topic(Name="told.fifo", Attributes=given)["TopicArn"]
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["FifoThroughputScope"] == "MessageGroup"


def test_a_bus_is_changed(clients: Clients) -> None:
    events = clients("events")
    letters = {"Arn": "arn:aws:sqs:eu-west-1:123456789012:letters"}
    events.create_event_bus(Name="orders", Description="before", KmsKeyIdentifier="key", DeadLetterConfig=letters)
    events.update_event_bus(Name="orders", Description="after", DeadLetterConfig=letters)
    bus = events.describe_event_bus(Name="orders")
    assert (bus["Description"], bus["DeadLetterConfig"]) == ("after", letters)
    assert "KmsKeyIdentifier" not in bus
    with pytest.raises(ClientError, match="does not exist"):
        events.update_event_bus(Name="another", Description="after")


def test_a_bus_has_the_policy_that_was_put_last(clients: Clients) -> None:
    events = clients("events")
    arn = events.create_event_bus(Name="orders")["EventBusArn"]
    for sid, account in (("First", "210987654321"), ("Second", "210987654322")):
        statement = {
            "Sid": sid, "Effect": "Allow", "Principal": {"AWS": account}, "Action": "events:PutEvents", "Resource": arn,
        }  # fmt: skip
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        events.put_permission(EventBusName="orders", Policy=policy)
    found = json.loads(events.describe_event_bus(Name="orders")["Policy"])
    assert [statement["Sid"] for statement in found["Statement"]] == ["Second"]


def test_a_new_stream_has_its_tags(clients: Clients) -> None:
    kinesis = clients("kinesis")
    kinesis.create_stream(StreamName="records", ShardCount=1, Tags={"stack": "orders"})
    assert kinesis.list_tags_for_stream(StreamName="records")["Tags"] == [{"Key": "stack", "Value": "orders"}]


@pytest.mark.parametrize("by_arn", [True, False])
def test_one_consumer_leaves(clients: Clients, *, by_arn: bool) -> None:
    kinesis = clients("kinesis")
    kinesis.create_stream(StreamName="records", ShardCount=1)
    stream = kinesis.describe_stream_summary(StreamName="records")["StreamDescriptionSummary"]["StreamARN"]
    arns = {
        name: kinesis.register_stream_consumer(StreamARN=stream, ConsumerName=name)["Consumer"]["ConsumerARN"]
        for name in ("audit", "search")
    }
    gone = {"ConsumerARN": arns["audit"]} if by_arn else {"StreamARN": stream, "ConsumerName": "audit"}
    kinesis.deregister_stream_consumer(**gone)
    assert [each["ConsumerName"] for each in kinesis.list_stream_consumers(StreamARN=stream)["Consumers"]] == ["search"]
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        kinesis.deregister_stream_consumer(**gone)
