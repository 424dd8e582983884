"""Alarms of a topic."""

from __future__ import annotations

from modules.topic.alarms import topic_alarms


def test_what_is_not_delivered_is_watched() -> None:
    specs = topic_alarms("acme-told")
    assert {spec.id: (spec.metric, spec.periods, spec.datapoints) for spec in specs} == {
        "failed": ("NumberOfNotificationsFailed", 5, 5),
        "redriven": ("NumberOfNotificationsRedrivenToDlq", 5, 5),
        "redrive-failed": ("NumberOfNotificationsFailedToRedriveToDlq", 1, 1),
    }
    assert all(spec.dimensions == {"TopicName": "acme-told"} for spec in specs)
    assert all((spec.statistic, spec.threshold) == ("Sum", 0) for spec in specs)
