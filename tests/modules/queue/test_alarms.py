"""Alarms of a queue and of a dead-letter queue."""

from __future__ import annotations

from modules.queue import DeadLetterQueueConfig, QueueAlarmsConfig
from modules.queue.alarms import dead_letter_alarms, queue_alarms


def test_age_depth_and_messages_in_flight() -> None:
    specs = queue_alarms("acme-orders", QueueAlarmsConfig(oldest_message_seconds=600, visible_messages=50))
    assert {spec.id: (spec.metric, spec.statistic, spec.threshold) for spec in specs} == {
        "oldest-message": ("ApproximateAgeOfOldestMessage", "Maximum", 600),
        "visible-messages": ("ApproximateNumberOfMessagesVisible", "Average", 50),
        "in-flight-messages": ("ApproximateNumberOfMessagesNotVisible", "Average", 108_000),
    }
    assert all(spec.dimensions == {"QueueName": "acme-orders"} for spec in specs)
    assert all((spec.periods, spec.datapoints) == (15, 15) for spec in specs)
    assert {spec.comparison for spec in specs} == {"GreaterThanOrEqualToThreshold"}


def test_a_queue_that_always_gets_messages_is_told_when_it_gets_none() -> None:
    *_, silence = queue_alarms("acme-orders", QueueAlarmsConfig(expects_messages=True))
    assert (silence.id, silence.metric, silence.statistic) == ("no-messages", "NumberOfMessagesSent", "Sum")
    assert (silence.comparison, silence.threshold) == ("LessThanOrEqualToThreshold", 0)
    assert silence.missing_data == "breaching"  # SQS publishes nothing of a queue that nobody uses


def test_one_dead_letter_is_enough() -> None:
    letters, age = dead_letter_alarms("acme-dead", DeadLetterQueueConfig(oldest_message_alarm_seconds=7_200))
    assert (letters.metric, letters.threshold, letters.periods) == ("ApproximateNumberOfMessagesVisible", 0, 1)
    assert letters.comparison == age.comparison == "GreaterThanThreshold"
    assert (age.metric, age.threshold) == ("ApproximateAgeOfOldestMessage", 7_200)
