"""Metrics of queues, topics, streams and buses."""

from __future__ import annotations

from collections.abc import Iterator

from modules.observability.metric_types import COUNT, LEVEL, TIME, Metric, Missing, Source, dimension_sets

_SQS = Source("AWS/SQS", "SQS guide, CloudWatch metrics")
_SNS = Source("AWS/SNS", "SNS guide, monitoring topics")
_KINESIS = Source("AWS/Kinesis", "Kinesis guide, CloudWatch metrics")
_EVENTS = Source("AWS/Events", "EventBridge guide, monitoring")

_QUEUE = dimension_sets("QueueName")
_TOPIC = dimension_sets("TopicName")
_STREAM = dimension_sets("StreamName")
_CONSUMER = dimension_sets("StreamName, ConsumerName")
_RULE = dimension_sets("RuleName", "EventBusName, RuleName", "")

_INACTIVE = Missing("notBreaching", "SQS publishes nothing of a queue that was not used for six hours; it is empty.")
_NOBODY_SENDS = Missing("breaching", "SQS publishes nothing of a queue that nobody uses, which is what is looked for.")
_NO_FAILURE = Missing("notBreaching", "SNS publishes it when it happens; silence says that it did not.")
_NO_RECORDS = Missing("notBreaching", "Kinesis publishes it with reads and writes; without records nobody is behind.")
_NO_EVENT = Missing("notBreaching", "EventBridge publishes it when it happens; silence says that it did not.")


def messaging_metrics() -> Iterator[Metric]:
    """Rows of AWS/SQS, AWS/SNS, AWS/Kinesis and AWS/Events."""
    rows = _SQS.rows
    yield from rows("ApproximateAgeOfOldestMessage", "Seconds", LEVEL, _QUEUE, _INACTIVE)
    yield from rows(
        "ApproximateNumberOfMessagesDelayed ApproximateNumberOfMessagesNotVisible ApproximateNumberOfMessagesVisible "
        "ApproximateNumberOfGroupsWithInflightMessages",
        "Count", LEVEL, _QUEUE, _INACTIVE,
    )  # fmt: skip
    yield from rows("NumberOfMessagesSent", "Count", COUNT, _QUEUE, _NOBODY_SENDS)
    yield from rows(
        "NumberOfEmptyReceives NumberOfMessagesDeleted NumberOfMessagesReceived NumberOfDeduplicatedSentMessages",
        "Count", COUNT, _QUEUE, _INACTIVE,
    )  # fmt: skip

    rows = _SNS.rows
    yield from rows(
        "NumberOfMessagesPublished NumberOfNotificationsDelivered NumberOfNotificationsFailed "
        "NumberOfNotificationsFilteredOut NumberOfNotificationsRedrivenToDlq NumberOfNotificationsFailedToRedriveToDlq",
        "Count", COUNT, _TOPIC, _NO_FAILURE,
    )  # fmt: skip
    yield from rows("PublishSize", "Bytes", LEVEL, _TOPIC, _NO_FAILURE)
    yield from _kinesis()

    yield from _EVENTS.rows(
        "FailedInvocations Invocations InvocationAttempts InvocationsCreated InvocationsFailedToBeSentToDlq "
        "InvocationsSentToDlq MatchedEvents RetryInvocationAttempts ThrottledRules TriggeredRules",
        "Count", COUNT, _RULE, _NO_EVENT,
    )  # fmt: skip
    yield from _EVENTS.rows("IngestionToInvocationStartLatency", "Milliseconds", TIME, _RULE, _NO_EVENT)


def _kinesis() -> Iterator[Metric]:
    rows = _KINESIS.rows
    yield from rows("GetRecords.IteratorAgeMilliseconds", "Milliseconds", TIME, _STREAM, _NO_RECORDS)
    yield from rows(
        "GetRecords.Latency PutRecord.Latency PutRecords.Latency", "Milliseconds", TIME, _STREAM, _NO_RECORDS
    )
    yield from rows("GetRecords.Bytes IncomingBytes PutRecords.Bytes", "Bytes", COUNT, _STREAM, _NO_RECORDS)
    yield from rows(
        "GetRecords.Records IncomingRecords PutRecords.FailedRecords PutRecords.SuccessfulRecords "
        "PutRecords.ThrottledRecords PutRecords.TotalRecords ReadProvisionedThroughputExceeded "
        "WriteProvisionedThroughputExceeded",
        "Count", COUNT, _STREAM, _NO_RECORDS,
    )  # fmt: skip
    yield from rows("GetRecords.Success PutRecord.Success PutRecords.Success", "Count", LEVEL, _STREAM, _NO_RECORDS)
    yield from rows("SubscribeToShardEvent.MillisBehindLatest", "Milliseconds", TIME, _CONSUMER, _NO_RECORDS)
    yield from rows("SubscribeToShard.RateExceeded", "Count", COUNT, _CONSUMER, _NO_RECORDS)
