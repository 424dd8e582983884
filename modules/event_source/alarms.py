"""Alarms of event sources: iterator age, and what becomes of events where these are counted (Lambda guide, metrics)."""

from __future__ import annotations

from modules.core.invocation import InvocationTarget
from modules.event_source.config import EventSourceAlarmsConfig
from modules.event_source.stream_config import StreamSourceAlarmsConfig
from modules.observability import AlarmSpec

_NAMESPACE, _ABOVE = "AWS/Lambda", "GreaterThanThreshold"
_MILLISECONDS, _PERIODS, _AGE_PERIODS = 1_000, 5, 15


def event_alarms(uuid: str, config: EventSourceAlarmsConfig) -> tuple[AlarmSpec, ...]:
    """The alarm of any event source that counts its events.

    Args:
        uuid: the event source mapping's UUID.
        config: what is still normal.
    """
    return (
        AlarmSpec(
            id="failed-events", description="The function fails on events, or cannot be invoked with them.",
            namespace=_NAMESPACE, metric="FailedInvokeEventCount", statistic="Sum",
            dimensions={"EventSourceMappingUUID": uuid}, comparison=_ABOVE,
            threshold=config.failed_events_per_minute, periods=_PERIODS, datapoints=_PERIODS,
        ),
    )  # fmt: skip


def dropped_event_alarms(uuid: str) -> tuple[AlarmSpec, ...]:
    """The alarm of a stream that counts its events: some were given up, and no destination has them."""
    return (
        AlarmSpec(
            id="dropped-events", description="Records were given up and are in no destination: they are lost.",
            namespace=_NAMESPACE, metric="DroppedEventCount", statistic="Sum",
            dimensions={"EventSourceMappingUUID": uuid}, comparison=_ABOVE, threshold=0, periods=1, datapoints=1,
        ),
    )  # fmt: skip


def stream_alarms(target: InvocationTarget, config: StreamSourceAlarmsConfig) -> tuple[AlarmSpec, ...]:
    """The alarm of every stream; the age is that of all streams of the function or its alias.

    Args:
        target: what is invoked.
        config: which age is still normal.
    """
    return (
        AlarmSpec(
            id="iterator-age", description="The function falls behind: records will be given up before it gets them.",
            namespace=_NAMESPACE, metric="IteratorAge", statistic="Maximum", dimensions=_dimensions(target),
            comparison=_ABOVE, threshold=config.iterator_age_seconds * _MILLISECONDS,
            periods=_AGE_PERIODS, datapoints=_AGE_PERIODS,
        ),
    )  # fmt: skip


def destination_alarms(target: InvocationTarget) -> tuple[AlarmSpec, ...]:
    """The alarm of `on_failure`: a record of what was given up could not be sent."""
    return (
        AlarmSpec(
            id="destination-errors", description="Lambda could not send what was given up to its destination.",
            namespace=_NAMESPACE, metric="DestinationDeliveryFailures", statistic="Sum",
            dimensions=_dimensions(target), comparison=_ABOVE, threshold=0, periods=1, datapoints=1,
        ),
    )  # fmt: skip


def _dimensions(target: InvocationTarget) -> dict[str, str]:
    alias = {"Resource": f"{target.function_name}:{target.qualifier}"} if target.qualifier else {}
    return {"FunctionName": target.function_name, **alias}
