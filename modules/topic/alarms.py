"""Recommended alarms of a topic: CloudWatch "Recommended alarms" for SNS; one lost message is worth an alarm alone."""

from __future__ import annotations

from modules.observability import AlarmSpec


def topic_alarms(topic_name: str) -> tuple[AlarmSpec, ...]:
    """Alarms of a topic: what could not be delivered, and what went to the dead letters instead."""
    return (
        _alarm(topic_name, "failed", "NumberOfNotificationsFailed", 5, "SNS could not deliver messages."),
        _alarm(topic_name, "redriven", "NumberOfNotificationsRedrivenToDlq", 5,
               "Messages could not be delivered and went to the dead-letter queue."),
        _alarm(topic_name, "redrive-failed", "NumberOfNotificationsFailedToRedriveToDlq", 1,
               "Messages could not even be moved to the dead-letter queue: they are lost."),
    )  # fmt: skip


def _alarm(topic_name: str, alarm_id: str, metric: str, periods: int, description: str) -> AlarmSpec:
    return AlarmSpec(
        id=alarm_id, description=description, namespace="AWS/SNS", metric=metric, statistic="Sum",
        dimensions={"TopicName": topic_name}, comparison="GreaterThanThreshold", threshold=0, periods=periods,
        datapoints=periods,
    )  # fmt: skip
