"""Recommended alarms of a queue: CloudWatch "Recommended alarms" for SQS; a dead letter is worth an alarm by itself."""

from __future__ import annotations

from modules.core import limits
from modules.observability import AlarmSpec
from modules.queue.config import DeadLetterQueueConfig, QueueAlarmsConfig

_NAMESPACE, _AT_LEAST, _ABOVE = "AWS/SQS", "GreaterThanOrEqualToThreshold", "GreaterThanThreshold"
_PERIODS = 15


def queue_alarms(queue_name: str, config: QueueAlarmsConfig) -> tuple[AlarmSpec, ...]:
    """Alarms of a queue that somebody consumes: age, depth, and messages in flight near the quota."""
    in_flight = limits.SQS_MESSAGES_IN_FLIGHT * config.in_flight_percent_of_quota / 100
    return (
        _alarm(queue_name, "oldest-message", "ApproximateAgeOfOldestMessage", "Maximum", config.oldest_message_seconds,
               "Messages wait too long: nobody receives them, or each receive fails."),
        _alarm(queue_name, "visible-messages", "ApproximateNumberOfMessagesVisible", "Average", config.visible_messages,
               "More messages wait than consumers keep up with."),
        _alarm(queue_name, "in-flight-messages", "ApproximateNumberOfMessagesNotVisible", "Average", in_flight,
               "Nearly as many messages are in flight as SQS allows; then nobody receives any."),
        *((_silence(queue_name),) if config.expects_messages else ()),
    )  # fmt: skip


def _silence(queue_name: str) -> AlarmSpec:
    return AlarmSpec(
        id="no-messages", description="Nobody has sent a message: what fills the queue has stopped.",
        namespace=_NAMESPACE, metric="NumberOfMessagesSent", statistic="Sum", dimensions={"QueueName": queue_name},
        comparison="LessThanOrEqualToThreshold", threshold=0, periods=_PERIODS, datapoints=_PERIODS,
    )  # fmt: skip


def dead_letter_alarms(queue_name: str, config: DeadLetterQueueConfig) -> tuple[AlarmSpec, ...]:
    """Alarms of a dead-letter queue: something is in it, and nobody has taken it out."""
    dimensions = {"QueueName": queue_name}
    return (
        AlarmSpec(
            id="dead-letters", description="Messages could not be delivered and wait in the dead-letter queue.",
            namespace=_NAMESPACE, metric="ApproximateNumberOfMessagesVisible", statistic="Maximum",
            dimensions=dimensions, comparison=_ABOVE, threshold=0, periods=1, datapoints=1,
        ),
        AlarmSpec(
            id="dead-letter-age", description="A dead letter waits, and will be deleted by and by.",
            namespace=_NAMESPACE, metric="ApproximateAgeOfOldestMessage", statistic="Maximum",
            dimensions=dimensions, comparison=_ABOVE, threshold=config.oldest_message_alarm_seconds,
            periods=1, datapoints=1, period_seconds=300,
        ),
    )  # fmt: skip


def _alarm(name: str, alarm_id: str, metric: str, statistic: str, threshold: float, description: str) -> AlarmSpec:
    return AlarmSpec(
        id=alarm_id, description=description, namespace=_NAMESPACE, metric=metric, statistic=statistic,
        dimensions={"QueueName": name}, comparison=_AT_LEAST, threshold=threshold,
        periods=_PERIODS, datapoints=_PERIODS,
    )  # fmt: skip
