"""Alarms of a function and of its dead-letter queue."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.function import FunctionAlarmsConfig, FunctionConfig
from modules.function.alarms import dead_letter_alarms, destination_alarms, function_alarms
from modules.observability import AlarmSpec
from tests.modules.core.samples import CI
from tests.modules.observability.alarms import assert_sound


def alarms(**fields: Any) -> dict[str, AlarmSpec]:
    config = FunctionConfig.parse({"code": {"source": "x"}, "reserved_concurrency": 20, **fields})
    return {alarm.id: alarm for alarm in function_alarms("acme-api", config)}


def test_every_alarm_is_sound_and_watches_the_function() -> None:
    watched = alarms()
    assert list(watched) == ["errors", "throttles", "duration", "concurrency", "dead-letter-errors"]
    for alarm in watched.values():
        assert_sound(alarm, namespace="AWS/Lambda", dimensions={"FunctionName": "acme-api"})
        assert alarm.comparison == "GreaterThanThreshold"
        assert alarm.missing_data == "notBreaching"  # no invocations are no fault


def test_metrics_and_statistics_are_those_that_aws_recommends() -> None:
    assert {alarm.id: (alarm.metric, alarm.statistic) for alarm in alarms().values()} == {
        "errors": ("Errors", "Sum"),
        "throttles": ("Throttles", "Sum"),
        "duration": ("Duration", "p90"),
        "concurrency": ("ConcurrentExecutions", "Maximum"),
        "dead-letter-errors": ("DeadLetterErrors", "Sum"),
    }


@pytest.mark.parametrize(
    ("fields", "alarm", "threshold"),
    [
        ({}, "duration", 24_000),
        ({"timeout_seconds": 900, "alarms": {"duration_percent_of_timeout": 100}}, "duration", 900_000),
        ({"timeout_seconds": 1, "alarms": {"duration_percent_of_timeout": 1}}, "duration", 10),
        ({}, "concurrency", 18),
        ({"reserved_concurrency": 1}, "concurrency", 0.9),
        ({"reserved_concurrency": 0, "disabled_reason": "x"}, "concurrency", 0),
        ({"alarms": {"concurrency_percent_of_reserved": 50}}, "concurrency", 10),
        ({}, "errors", 0),
        ({"alarms": {"errors_per_minute": 5}}, "errors", 5),
    ],
)
def test_thresholds_follow_from_the_configuration(fields: dict[str, Any], alarm: str, threshold: float) -> None:
    assert alarms(**fields)[alarm].threshold == threshold


@CI
@given(st.integers(1, 900), st.integers(1, 100), st.integers(0, 100_000), st.integers(1, 100))
def test_no_threshold_lies_beyond_what_its_metric_can_reach(
    timeout: int, of_timeout: int, reserved: int, of_reserved: int
) -> None:
    share = {"duration_percent_of_timeout": of_timeout, "concurrency_percent_of_reserved": of_reserved}
    watched = alarms(timeout_seconds=timeout, reserved_concurrency=reserved, disabled_reason="x", alarms=share)
    assert 0 < watched["duration"].threshold <= timeout * 1_000
    assert 0 <= watched["concurrency"].threshold <= reserved


def test_nothing_watches_concurrency_that_is_not_reserved() -> None:
    watched = alarms(reserved_concurrency=None, unreserved_reason="a trial")
    assert list(watched) == ["errors", "throttles", "duration", "dead-letter-errors"]
    assert watched["throttles"].description == "Invocations are refused: the account's concurrency is used up."


def test_without_dead_letters_lost_events_are_counted() -> None:
    watched = alarms(asynchronous={"dead_letters": {"kind": "none", "reason": "events may be lost"}})
    assert list(watched) == ["errors", "throttles", "duration", "concurrency", "dropped-events"]
    assert_sound(watched["dropped-events"], namespace="AWS/Lambda", dimensions={"FunctionName": "acme-api"})
    assert watched["dropped-events"].metric == "AsyncEventsDropped"


def test_depth_and_age_of_the_dead_letter_queue_are_watched() -> None:
    depth, age = dead_letter_alarms("acme-api-dead-letters", FunctionAlarmsConfig())
    for alarm in (depth, age):
        assert_sound(alarm, namespace="AWS/SQS", dimensions={"QueueName": "acme-api-dead-letters"})
        assert (alarm.statistic, alarm.datapoints, alarm.comparison) == ("Maximum", 1, "GreaterThanThreshold")
    assert (depth.metric, depth.threshold) == ("ApproximateNumberOfMessagesVisible", 0)
    assert (age.metric, age.threshold) == ("ApproximateAgeOfOldestMessage", 86_400)
    assert dead_letter_alarms("q", FunctionAlarmsConfig(dead_letter_age_seconds=60))[1].threshold == 60


def test_records_that_cannot_be_sent_are_watched() -> None:
    [alarm] = destination_alarms("acme-api")
    assert_sound(alarm, namespace="AWS/Lambda", dimensions={"FunctionName": "acme-api"})
    assert (alarm.metric, alarm.threshold) == ("DestinationDeliveryFailures", 0)
