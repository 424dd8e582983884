"""Recommended alarms of a function and of its dead-letter queue (CloudWatch "Recommended alarms", Lambda metrics)."""

from __future__ import annotations

from modules.function.config import FunctionConfig
from modules.observability import AlarmSpec

_NAMESPACE = "AWS/Lambda"
_ABOVE = "GreaterThanThreshold"
_MILLISECONDS = 1_000


def function_alarms(function_name: str, config: FunctionConfig) -> tuple[AlarmSpec, ...]:
    """Alarms of a function: errors, throttles, duration, concurrency, and events that are lost."""
    dimensions = {"FunctionName": function_name}
    timeout_milliseconds = config.timeout_seconds * _MILLISECONDS
    return (
        AlarmSpec(
            id="errors", description="Invocations end in an error.",
            namespace=_NAMESPACE, metric="Errors", statistic="Sum", dimensions=dimensions,
            comparison=_ABOVE, threshold=config.alarms.errors_per_minute, periods=3, datapoints=3,
        ),
        AlarmSpec(
            id="throttles", description="Invocations are refused: reserved concurrency is used up.",
            namespace=_NAMESPACE, metric="Throttles", statistic="Sum", dimensions=dimensions,
            comparison=_ABOVE, threshold=0, periods=5, datapoints=5,
        ),
        AlarmSpec(
            id="duration", description="The slowest tenth of invocations comes near the timeout.",
            namespace=_NAMESPACE, metric="Duration", statistic="p90", dimensions=dimensions,
            comparison=_ABOVE, threshold=timeout_milliseconds * config.alarms.duration_percent_of_timeout / 100,
            periods=15, datapoints=15,
        ),
        AlarmSpec(
            id="concurrency", description="Nearly all reserved concurrency is in use; throttling is next.",
            namespace=_NAMESPACE, metric="ConcurrentExecutions", statistic="Maximum", dimensions=dimensions,
            comparison=_ABOVE,
            threshold=config.reserved_concurrency * config.alarms.concurrency_percent_of_reserved / 100,
            periods=10, datapoints=10,
        ),
        AlarmSpec(
            id="dead-letter-errors",
            description="Lambda could not write a failed event to the dead-letter queue: it is lost.",
            namespace=_NAMESPACE, metric="DeadLetterErrors", statistic="Sum", dimensions=dimensions,
            comparison=_ABOVE, threshold=0, periods=1, datapoints=1,
        ),
    )  # fmt: skip


def dead_letter_alarms(queue_name: str) -> tuple[AlarmSpec, ...]:
    """The alarm of a dead-letter queue: something is in it."""
    return (
        AlarmSpec(
            id="dead-letters", description="Events failed every retry and wait in the dead-letter queue.",
            namespace="AWS/SQS", metric="ApproximateNumberOfMessagesVisible", statistic="Maximum",
            dimensions={"QueueName": queue_name}, comparison=_ABOVE, threshold=0, periods=1, datapoints=1,
        ),
    )  # fmt: skip
