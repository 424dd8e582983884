"""Recommended alarms of a function and of its dead-letter queue (CloudWatch "Recommended alarms", Lambda metrics)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from modules.core.tokens import is_token
from modules.function.alarms_config import FunctionAlarmsConfig
from modules.function.config import FunctionConfig
from modules.observability import AlarmSpec, AnomalyConfig, MetricTerm
from modules.observability.anomaly import OUTSIDE, anomaly

_NAMESPACE, _QUEUES = "AWS/Lambda", "AWS/SQS"
_ABOVE = "GreaterThanThreshold"
_MILLISECONDS = 1_000
_QUOTA_PERCENT = 90
_ERROR_RATE = "IF(invocations >= {least}, 100 * errors / invocations, 0)"


def function_alarms(function_name: str, config: FunctionConfig) -> tuple[AlarmSpec, ...]:
    """Alarms of a function: errors, throttles, duration, concurrency, and events that wait or are lost."""
    dimensions = {"FunctionName": function_name}
    return (
        *health_alarms(dimensions, config),
        *_concurrency_alarms(dimensions, config),
        *_event_alarms(dimensions, config),
        *_code_alarms(dimensions, config),
        *_anomaly_alarms(dimensions, config.alarms),
    )


def health_alarms(dimensions: Mapping[str, str], config: FunctionConfig, *, prefix: str = "") -> tuple[AlarmSpec, ...]:
    """Alarms on errors, throttles and duration of a function, or of one of its aliases.

    Args:
        dimensions: those of the function or the alias.
        config: the function's.
        prefix: what the alarms' ids begin with.
    """
    alarms = config.alarms
    used_up = "reserved concurrency" if config.reserved_concurrency is not None else "the account's concurrency"
    return (
        AlarmSpec(
            id=f"{prefix}errors", description="Invocations end in an error.",
            namespace=_NAMESPACE, metric="Errors", statistic="Sum", dimensions=dimensions,
            comparison=_ABOVE, threshold=alarms.errors_per_minute, periods=3, datapoints=3,
        ),
        AlarmSpec(
            id=f"{prefix}error-rate",
            description=f"More than {alarms.error_rate_percent} percent of the invocations end in an error.",
            namespace=_NAMESPACE, dimensions=dimensions,
            expression=_ERROR_RATE.format(least=alarms.error_rate_least_invocations),
            terms=(MetricTerm("errors", "Errors", "Sum"), MetricTerm("invocations", "Invocations", "Sum")),
            comparison=_ABOVE, threshold=alarms.error_rate_percent, periods=3, datapoints=3,
        ),
        AlarmSpec(
            id=f"{prefix}throttles", description=f"Invocations are refused: {used_up} is used up.",
            namespace=_NAMESPACE, metric="Throttles", statistic="Sum", dimensions=dimensions,
            comparison=_ABOVE, threshold=0, periods=5, datapoints=5,
        ),
        AlarmSpec(
            id=f"{prefix}duration", description="The slowest tenth of invocations comes near the timeout.",
            namespace=_NAMESPACE, metric="Duration", statistic="p90", dimensions=dimensions,
            comparison=_ABOVE,
            threshold=config.timeout_seconds * _MILLISECONDS * alarms.duration_percent_of_timeout / 100,
            periods=15, datapoints=15,
        ),
    )  # fmt: skip


def _concurrency_alarms(dimensions: Mapping[str, str], config: FunctionConfig) -> Iterator[AlarmSpec]:
    """Against reserved concurrency, or against the account's quota where it is given."""
    reserved, quota = config.reserved_concurrency, config.alarms.account_concurrency_quota
    if reserved is not None:
        description = "Nearly all reserved concurrency is in use; throttling is next."
        threshold = reserved * config.alarms.concurrency_percent_of_reserved / 100
    elif quota is not None:
        description = (
            "The function alone uses nearly all of the account's concurrency; throttling is next, for others too."
        )
        threshold = quota * _QUOTA_PERCENT / 100
    else:
        return
    yield AlarmSpec(
        id="concurrency", description=description,
        namespace=_NAMESPACE, metric="ConcurrentExecutions", statistic="Maximum", dimensions=dimensions,
        comparison=_ABOVE, threshold=threshold, periods=10, datapoints=10,
    )  # fmt: skip


def _event_alarms(dimensions: Mapping[str, str], config: FunctionConfig) -> Iterator[AlarmSpec]:
    """Asynchronous events that wait, and such as are lost."""
    oldest = config.asynchronous.max_event_age_seconds
    if not is_token(oldest):
        yield AlarmSpec(
            id="event-age", description="Asynchronous events wait long, and are given up when they become too old.",
            namespace=_NAMESPACE, metric="AsyncEventAge", statistic="Maximum", dimensions=dimensions,
            comparison=_ABOVE, threshold=oldest * _MILLISECONDS * config.alarms.event_age_percent_of_max / 100,
            periods=5, datapoints=5,
        )  # fmt: skip
    if config.asynchronous.dead_letters.kind == "none":
        yield _counted(dimensions, "dropped-events", "AsyncEventsDropped",
                       "Events failed every retry or became too old, and are lost.")  # fmt: skip
    else:
        yield _counted(dimensions, "dead-letter-errors", "DeadLetterErrors",
                       "Lambda could not write a failed event to the dead-letter queue: it is lost.")  # fmt: skip


def _code_alarms(dimensions: Mapping[str, str], config: FunctionConfig) -> Iterator[AlarmSpec]:
    """What the code should not be: one that calls itself, or one that nobody trusted has signed."""
    if config.recursion is None or config.recursion.recursive_loop == "Terminate":
        yield _counted(dimensions, "recursion", "RecursiveInvocationsDropped",
                       "The function set off itself again and again, and Lambda stopped it.")  # fmt: skip
    signing = config.code_signing
    if signing.signing_profile_version_arns and signing.untrusted_artifact == "Warn":
        yield _counted(dimensions, "signature", "SignatureValidationErrors",
                       "Code was deployed that no trusted publisher has signed.")  # fmt: skip


def _anomaly_alarms(dimensions: Mapping[str, str], config: FunctionAlarmsConfig) -> Iterator[AlarmSpec]:
    watched = {
        "duration": ("Duration", "p90", "Invocations take unusually long or short."),
        "invocations": ("Invocations", "Sum", "The function is invoked unusually often or rarely."),
    }
    for name in sorted(config.anomalies):
        metric, statistic, description = watched[name]
        spec = AlarmSpec(
            id=f"{name}-anomaly", description=description,
            namespace=_NAMESPACE, metric=metric, statistic=statistic, dimensions=dimensions,
            comparison=_ABOVE, threshold=0, periods=1, datapoints=1,
        )  # fmt: skip
        yield anomaly(spec, config.anomaly or AnomalyConfig(), comparison=OUTSIDE)


def destination_alarms(function_name: str) -> tuple[AlarmSpec, ...]:
    """The alarm of destinations: a record could not be sent."""
    return (
        _counted({"FunctionName": function_name}, "destination-errors", "DestinationDeliveryFailures",
                 "Lambda could not send an invocation's record to its destination."),
    )  # fmt: skip


def _counted(dimensions: Mapping[str, str], alarm_id: str, metric: str, description: str) -> AlarmSpec:
    """One is one too many."""
    return AlarmSpec(
        id=alarm_id, description=description, namespace=_NAMESPACE, metric=metric, statistic="Sum",
        dimensions=dimensions, comparison=_ABOVE, threshold=0, periods=1, datapoints=1,
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
