"""Alarms of a bus (EventBridge guide, monitoring).

EventBridge counts failures for each rule, with the dimensions EventBusName and RuleName. A query of CloudWatch Metrics
Insights adds up those of all rules that the bus has at the time, so that a rule which comes later is watched too.
"""

from __future__ import annotations

from modules.observability import AlarmSpec

_QUERY = "SELECT SUM({metric}) FROM SCHEMA(\"AWS/Events\", EventBusName, RuleName) WHERE EventBusName = '{bus_name}'"


def bus_alarms(bus_name: str) -> tuple[AlarmSpec, ...]:
    """Alarms of a bus: events that reached no target, or were put off as rules ran too often."""
    return (
        _alarm(bus_name, "failed-invocations", "FailedInvocations", 1,
               "Rules could not deliver events to their targets; those without dead letters are lost."),
        _alarm(bus_name, "lost-events", "InvocationsFailedToBeSentToDlq", 1,
               "Events could not be delivered, nor sent to a rule's dead-letter queue: they are lost."),
        _alarm(bus_name, "throttled-rules", "ThrottledRules", 5,
               "Rules run more often than the account's quota allows; their targets get events late."),
    )  # fmt: skip


def _alarm(bus_name: str, alarm_id: str, metric: str, periods: int, description: str) -> AlarmSpec:
    return AlarmSpec(
        id=alarm_id, description=description, namespace="AWS/Events", dimensions={},
        expression=_QUERY.format(metric=metric, bus_name=bus_name),
        comparison="GreaterThanThreshold", threshold=0, periods=periods, datapoints=periods,
    )  # fmt: skip
