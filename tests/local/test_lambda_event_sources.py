"""Event source mappings: of aliases and consumers, with what Lambda fills in and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local.conftest import REGION, Clients
from tests.local.test_lambda import create

FUNCTION = f"arn:aws:lambda:{REGION}:123456789012:function:api"
ALIAS = f"{FUNCTION}:live"


@pytest.fixture
def client(clients: Clients, role: str) -> Any:
    made = clients("lambda")
    create(made, role, Publish=True, Timeout=30)
    made.create_alias(FunctionName="api", Name="live", FunctionVersion="1")
    return made


def queue(clients: Clients, name: str = "jobs", **attributes: str) -> str:
    sqs = clients("sqs")
    url = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "180", **attributes})["QueueUrl"]
    arn: str = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return arn


def refused(client: Any, error: str, **fields: Any) -> str:
    with pytest.raises(client.exceptions.ClientError) as caught:
        client.create_event_source_mapping(**fields)
    assert caught.value.response["Error"]["Code"] == error
    message: str = caught.value.response["Error"]["Message"]
    return message


def test_a_mapping_keeps_the_alias_that_it_names(client: Any, clients: Clients) -> None:
    arn = queue(clients)
    of_alias = client.create_event_source_mapping(EventSourceArn=arn, FunctionName=ALIAS)
    of_function = client.create_event_source_mapping(EventSourceArn=arn, FunctionName="api")
    assert (of_alias["FunctionArn"], of_function["FunctionArn"]) == (ALIAS, FUNCTION)
    for name, made in (("api:live", of_alias), (FUNCTION, of_function)):
        listed = client.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
        assert [each["UUID"] for each in listed] == [made["UUID"]]
    assert len(client.list_event_source_mappings(EventSourceArn=arn)["EventSourceMappings"]) == 2
    assert "already exists" in refused(client, "ResourceConflictException", EventSourceArn=arn, FunctionName="api:live")
    client.delete_event_source_mapping(UUID=of_function["UUID"])
    moved = client.update_event_source_mapping(UUID=of_alias["UUID"], FunctionName="api")
    assert moved["FunctionArn"] == FUNCTION
    assert client.get_event_source_mapping(UUID=of_alias["UUID"])["FunctionArn"] == FUNCTION


def test_a_mapping_of_an_alias_that_is_not_there(client: Any, clients: Clients) -> None:
    refused(client, "ResourceNotFoundException", EventSourceArn=queue(clients), FunctionName="api:blue")


def test_a_mapping_that_is_gone(client: Any, clients: Clients) -> None:
    made = client.create_event_source_mapping(EventSourceArn=queue(clients), FunctionName="api")
    client.delete_event_source_mapping(UUID=made["UUID"])
    with pytest.raises(client.exceptions.ResourceNotFoundException) as caught:
        client.get_event_source_mapping(UUID=made["UUID"])
    assert caught.value.response["Error"]["Message"] == "The resource you requested does not exist."


def test_what_lambda_fills_in(client: Any, clients: Clients) -> None:
    kinesis = clients("kinesis")
    kinesis.create_stream(StreamName="clicks", ShardCount=1)
    stream = kinesis.describe_stream_summary(StreamName="clicks")["StreamDescriptionSummary"]["StreamARN"]
    consumer = kinesis.register_stream_consumer(StreamARN=stream, ConsumerName="fast")["Consumer"]["ConsumerARN"]
    for arn in (stream, consumer):
        made = client.create_event_source_mapping(EventSourceArn=arn, FunctionName=ALIAS, StartingPosition="LATEST")
        assert (made["EventSourceArn"], made["FunctionArn"], made["BatchSize"]) == (arn, ALIAS, 100)
        assert (made["MaximumRecordAgeInSeconds"], made["MaximumRetryAttempts"]) == (-1, -1)
        assert (made["ParallelizationFactor"], made["BisectBatchOnFunctionError"]) == (1, False)
        assert made["DestinationConfig"] == {"OnFailure": {}}
    made = client.create_event_source_mapping(EventSourceArn=queue(clients), FunctionName="api")
    assert (made["MaximumBatchingWindowInSeconds"], made["FunctionResponseTypes"]) == (0, [])
    assert "ParallelizationFactor" not in made


def test_what_lambda_refuses_of_a_queue(client: Any, clients: Clients) -> None:
    jobs, short = queue(clients), queue(clients, "short", VisibilityTimeout="29")
    ordered = queue(clients, "ordered.fifo", FifoQueue="true")
    pollers = {"MinimumPollers": 2, "MaximumPollers": 2}
    for fields, said in (
        ({"EventSourceArn": short}, "Queue visibility timeout: 29 seconds is less than Function timeout: 30 seconds"),
        ({"EventSourceArn": jobs, "BatchSize": 11}, "Maximum batch window in seconds must be greater than 0"),
        ({"EventSourceArn": ordered, "MaximumBatchingWindowInSeconds": 1}, "not supported for FIFO queues"),
        (
            {
                "EventSourceArn": jobs,
                "ScalingConfig": {"MaximumConcurrency": 2},
                "ProvisionedPollerConfig": pollers,
            },
            "cannot be set at the same time",
        ),
    ):
        assert said in refused(client, "InvalidParameterValueException", FunctionName="api", **fields)
    made = client.create_event_source_mapping(EventSourceArn=jobs, FunctionName="api")
    with pytest.raises(client.exceptions.InvalidParameterValueException):
        client.update_event_source_mapping(UUID=made["UUID"], BatchSize=11)
