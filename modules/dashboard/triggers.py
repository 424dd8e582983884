"""Rows of what events come from: topics, event buses, queues and streams."""

from __future__ import annotations

from modules.dashboard.layout import Row
from modules.dashboard.widgets import Expression, Graph, Metric

_TOPICS, _BUSES, _QUEUES, _STREAMS = "AWS/SNS", "AWS/Events", "AWS/SQS", "AWS/Kinesis"
_BUS_QUERY = (
    'SELECT SUM({metric}) FROM SCHEMA("AWS/Events", EventBusName, RuleName) '
    "WHERE EventBusName = '{name}' GROUP BY RuleName"
)


def topic_row(key: str, title: str, topic_name: str) -> Row:
    """The row of a topic: what is published and delivered, and what is not."""
    of = {"TopicName": topic_name}
    delivered = (
        Metric(_TOPICS, "NumberOfMessagesPublished", "Sum", of, "Published"),
        Metric(_TOPICS, "NumberOfNotificationsDelivered", "Sum", of, "Delivered"),
    )
    failed = (
        Metric(_TOPICS, "NumberOfNotificationsFailed", "Sum", of, "Failed"),
        Metric(_TOPICS, "NumberOfNotificationsRedrivenToDlq", "Sum", of, "Sent to dead letters"),
        Metric(_TOPICS, "NumberOfNotificationsFailedToRedriveToDlq", "Sum", of, "Lost"),
    )
    return Row(key, (Graph(f"{title} messages", delivered), Graph(f"{title} failures", failed)))


def bus_row(key: str, title: str, bus_name: str) -> Row:
    """The row of an event bus: rule by rule, as EventBridge counts, and with every rule that it gets later."""

    def graph(metric: str, what: str) -> Graph:
        query = _BUS_QUERY.format(metric=metric, name=bus_name)
        return Graph(f"{title} {what}", (Expression(query, "", "rules"),))

    return Row(
        key,
        (
            graph("Invocations", "deliveries"),
            graph("FailedInvocations", "failed deliveries"),
            graph("ThrottledRules", "throttled rules"),
        ),
    )


def queue_row(key: str, title: str, queue_name: str, *, dead_letter_queue_name: str = "") -> Row:
    """The row of a queue: how many messages wait, how long, and what comes and goes.

    Args:
        key: the queue's construct path.
        title: what its graphs are called.
        queue_name: its name.
        dead_letter_queue_name: name of its dead-letter queue; empty without one.
    """
    of = {"QueueName": queue_name}
    waiting = [
        Metric(_QUEUES, "ApproximateNumberOfMessagesVisible", "Maximum", of, "Waiting"),
        Metric(_QUEUES, "ApproximateNumberOfMessagesNotVisible", "Maximum", of, "In flight"),
    ]
    if dead_letter_queue_name:
        letters = {"QueueName": dead_letter_queue_name}
        waiting.append(
            Metric(_QUEUES, "ApproximateNumberOfMessagesVisible", "Maximum", letters, "Dead letters", is_right=True)
        )
    age = (Metric(_QUEUES, "ApproximateAgeOfOldestMessage", "Maximum", of, "Age (s)"),)
    flow = (
        Metric(_QUEUES, "NumberOfMessagesSent", "Sum", of, "Sent"),
        Metric(_QUEUES, "NumberOfMessagesReceived", "Sum", of, "Received"),
        Metric(_QUEUES, "NumberOfMessagesDeleted", "Sum", of, "Deleted"),
    )
    return Row(
        key,
        (
            Graph(f"{title} messages", tuple(waiting)),
            Graph(f"{title} oldest message", age),
            Graph(f"{title} throughput", flow),
        ),
    )


def stream_row(key: str, title: str, stream_name: str) -> Row:
    """The row of a stream: how far behind readers are, what comes in, and what is refused."""
    of = {"StreamName": stream_name}
    age = (Metric(_STREAMS, "GetRecords.IteratorAgeMilliseconds", "Maximum", of, "Behind (ms)"),)
    incoming = (
        Metric(_STREAMS, "IncomingRecords", "Sum", of, "Records"),
        Metric(_STREAMS, "IncomingBytes", "Sum", of, "Bytes", is_right=True),
    )
    refused = (
        Metric(_STREAMS, "WriteProvisionedThroughputExceeded", "Sum", of, "Writes refused"),
        Metric(_STREAMS, "ReadProvisionedThroughputExceeded", "Sum", of, "Reads refused"),
    )
    return Row(
        key,
        (
            Graph(f"{title} iterator age", age),
            Graph(f"{title} incoming", incoming),
            Graph(f"{title} refused", refused),
        ),
    )
