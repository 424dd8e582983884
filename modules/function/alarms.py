"""Recommended alarms of a function and of its dead-letter queue (CloudWatch "Recommended alarms", Lambda metrics)."""

from __future__ import annotations

from modules.function.alarms_config import FunctionAlarmsConfig
from modules.function.config import FunctionConfig
from modules.observability import AlarmSpec

_NAMESPACE, _QUEUES = "AWS/Lambda", "AWS/SQS"
_ABOVE = "GreaterThanThreshold"
_MILLISECONDS = 1_000


def function_alarms(function_name: str, config: FunctionConfig) -> tuple[AlarmSpec, ...]:
    """Alarms of a function: errors, throttles, duration, concurrency, and events that are lost."""
    dimensions = {"FunctionName": function_name}
    timeout_milliseconds = config.timeout_seconds * _MILLISECONDS
    used_up = "reserved concurrency" if config.reserved_concurrency is not None else "the account's concurrency"
    return (
        AlarmSpec(
            id="errors", description="Invocations end in an error.",
            namespace=_NAMESPACE, metric="Errors", statistic="Sum", dimensions=dimensions,
            comparison=_ABOVE, threshold=config.alarms.errors_per_minute, periods=3, datapoints=3,
        ),
        AlarmSpec(
            id="throttles", description=f"Invocations are refused: {used_up} is used up.",
            namespace=_NAMESPACE, metric="Throttles", statistic="Sum", dimensions=dimensions,
            comparison=_ABOVE, threshold=0, periods=5, datapoints=5,
        ),
        AlarmSpec(
            id="duration", description="The slowest tenth of invocations comes near the timeout.",
            namespace=_NAMESPACE, metric="Duration", statistic="p90", dimensions=dimensions,
            comparison=_ABOVE, threshold=timeout_milliseconds * config.alarms.duration_percent_of_timeout / 100,
            periods=15, datapoints=15,
        ),
        *_concurrency_alarms(dimensions, config),
        _lost_events_alarm(dimensions, config),
    )  # fmt: skip


def _concurrency_alarms(dimensions: dict[str, str], config: FunctionConfig) -> tuple[AlarmSpec, ...]:
    if config.reserved_concurrency is None:
        return ()
    return (
        AlarmSpec(
            id="concurrency", description="Nearly all reserved concurrency is in use; throttling is next.",
            namespace=_NAMESPACE, metric="ConcurrentExecutions", statistic="Maximum", dimensions=dimensions,
            comparison=_ABOVE,
            threshold=config.reserved_concurrency * config.alarms.concurrency_percent_of_reserved / 100,
            periods=10, datapoints=10,
        ),
    )  # fmt: skip


def _lost_events_alarm(dimensions: dict[str, str], config: FunctionConfig) -> AlarmSpec:
    if config.asynchronous.dead_letters.kind == "none":
        return AlarmSpec(
            id="dropped-events", description="Events failed every retry or became too old, and are lost.",
            namespace=_NAMESPACE, metric="AsyncEventsDropped", statistic="Sum", dimensions=dimensions,
            comparison=_ABOVE, threshold=0, periods=1, datapoints=1,
        )  # fmt: skip
    return AlarmSpec(
        id="dead-letter-errors",
        description="Lambda could not write a failed event to the dead-letter queue: it is lost.",
        namespace=_NAMESPACE, metric="DeadLetterErrors", statistic="Sum", dimensions=dimensions,
        comparison=_ABOVE, threshold=0, periods=1, datapoints=1,
    )  # fmt: skip


def destination_alarms(function_name: str) -> tuple[AlarmSpec, ...]:
    """The alarm of destinations: a record could not be sent."""
    return (
        AlarmSpec(
            id="destination-errors", description="Lambda could not send an invocation's record to its destination.",
            namespace=_NAMESPACE, metric="DestinationDeliveryFailures", statistic="Sum",
            dimensions={"FunctionName": function_name}, comparison=_ABOVE, threshold=0, periods=1, datapoints=1,
        ),
    )  # fmt: skip


def dead_letter_alarms(queue_name: str, config: FunctionAlarmsConfig) -> tuple[AlarmSpec, ...]:
    """Alarms of a dead-letter queue: something is in it, and nobody has taken it out."""
    dimensions = {"QueueName": queue_name}
    return (
        AlarmSpec(
            id="dead-letters", description="Events failed every retry and wait in the dead-letter queue.",
            namespace=_QUEUES, metric="ApproximateNumberOfMessagesVisible", statistic="Maximum",
            dimensions=dimensions, comparison=_ABOVE, threshold=0, periods=1, datapoints=1,
        ),
        AlarmSpec(
            id="dead-letter-age", description="An event waits in the dead-letter queue and will be deleted by and by.",
            namespace=_QUEUES, metric="ApproximateAgeOfOldestMessage", statistic="Maximum",
            dimensions=dimensions, comparison=_ABOVE, threshold=config.dead_letter_age_seconds,
            periods=1, datapoints=1, period_seconds=300,
        ),
    )  # fmt: skip
