"""Alarms of a topic."""

from __future__ import annotations

from modules.topic.alarms import topic_alarms


def test_what_is_not_delivered_is_watched() -> None:
    specs = topic_alarms("acme-told")
    assert {spec.id: spec.metric for spec in specs} == {
        "failed": "NumberOfNotificationsFailed",
        "redriven": "NumberOfNotificationsRedrivenToDlq",
        "redrive-failed": "NumberOfNotificationsFailedToRedriveToDlq",
    }
    assert all(spec.dimensions == {"TopicName": "acme-told"} for spec in specs)
    assert all((spec.statistic, spec.threshold, spec.datapoints) == ("Sum", 0, 5) for spec in specs)
