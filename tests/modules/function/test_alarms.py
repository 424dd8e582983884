"""Alarms of a function, of its alias and of its dead-letter queue."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.function import FunctionAlarmsConfig, FunctionConfig
from modules.function.alarms import dead_letter_alarms, destination_alarms, function_alarms
from modules.function.alarms_alias import provisioned_alarms, release_alarms
from modules.observability import AlarmSpec
from tests.modules.core.samples import CI, NUMBER_TOKEN, sentence
from tests.modules.observability.alarms import assert_sound

OF_FUNCTION = {"FunctionName": "acme-api"}
OF_ALIAS = {"FunctionName": "acme-api", "Resource": "acme-api:live"}
ALWAYS = ["errors", "error-rate", "throttles", "duration"]


def parsed(**fields: Any) -> FunctionConfig:
    return FunctionConfig.parse({"code": {"source": "x"}, "reserved_concurrency": 20, **fields})


def alarms(**fields: Any) -> dict[str, AlarmSpec]:
    return {alarm.id: alarm for alarm in function_alarms("acme-api", parsed(**fields))}


def of_alias(**alias: Any) -> dict[str, AlarmSpec]:
    config = parsed(alias=alias)
    found = (*release_alarms("acme-api", config, version="7"), *provisioned_alarms("acme-api", config))
    return {alarm.id: alarm for alarm in found}


def test_every_alarm_is_sound_and_watches_the_function() -> None:
    watched = alarms()
    assert list(watched) == [*ALWAYS, "concurrency", "event-age", "dead-letter-errors", "recursion"]
    for alarm in watched.values():
        assert_sound(alarm, namespace="AWS/Lambda", dimensions=OF_FUNCTION)
        assert alarm.comparison == "GreaterThanThreshold"
        assert alarm.missing_data == "notBreaching"  # no invocations are no fault


def test_metrics_and_statistics_are_those_that_aws_recommends() -> None:
    assert {alarm.id: (alarm.metric, alarm.statistic) for alarm in alarms().values() if alarm.metric} == {
        "errors": ("Errors", "Sum"),
        "throttles": ("Throttles", "Sum"),
        "duration": ("Duration", "p90"),
        "concurrency": ("ConcurrentExecutions", "Maximum"),
        "event-age": ("AsyncEventAge", "Maximum"),
        "dead-letter-errors": ("DeadLetterErrors", "Sum"),
        "recursion": ("RecursiveInvocationsDropped", "Sum"),
    }


def test_few_invocations_have_no_error_rate() -> None:
    rate = alarms(alarms={"error_rate_percent": 2, "error_rate_least_invocations": 50})["error-rate"]
    assert rate.expression == "IF(invocations >= 50, 100 * errors / invocations, 0)"
    assert [(term.id, term.metric, term.statistic) for term in rate.terms] == [
        ("errors", "Errors", "Sum"), ("invocations", "Invocations", "Sum"),
    ]  # fmt: skip
    assert (rate.threshold, rate.description) == (2, "More than 2 percent of the invocations end in an error.")


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
        ({"alarms": {"account_concurrency_quota": 1_000}}, "concurrency", 18),
        ({}, "errors", 0),
        ({"alarms": {"errors_per_minute": 5}}, "errors", 5),
        ({}, "error-rate", 5),
        ({}, "event-age", 1_800_000),
        ({"asynchronous": {"max_event_age_seconds": 60}}, "event-age", 30_000),
        ({"alarms": {"event_age_percent_of_max": 100}}, "event-age", 3_600_000),
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


def test_nothing_watches_concurrency_that_is_not_reserved_unless_the_quota_is_given() -> None:
    unreserved: dict[str, Any] = {"reserved_concurrency": None, "unreserved_reason": "a trial"}
    watched = alarms(**unreserved)
    assert list(watched) == [*ALWAYS, "event-age", "dead-letter-errors", "recursion"]
    assert watched["throttles"].description == "Invocations are refused: the account's concurrency is used up."
    against_quota = alarms(**unreserved, alarms={"account_concurrency_quota": 1_000})["concurrency"]
    assert_sound(against_quota, namespace="AWS/Lambda", dimensions=OF_FUNCTION)
    assert (against_quota.metric, against_quota.threshold) == ("ConcurrentExecutions", 900)


def test_without_dead_letters_lost_events_are_counted() -> None:
    watched = alarms(asynchronous={"dead_letters": {"kind": "none", "reason": "events may be lost"}})
    assert "dead-letter-errors" not in watched
    assert_sound(watched["dropped-events"], namespace="AWS/Lambda", dimensions=OF_FUNCTION)
    assert watched["dropped-events"].metric == "AsyncEventsDropped"


def test_an_age_that_is_known_later_has_no_alarm() -> None:
    assert "event-age" not in alarms(asynchronous={"max_event_age_seconds": NUMBER_TOKEN})


def test_a_loop_that_is_allowed_is_not_told() -> None:
    assert "recursion" not in alarms(recursion={"recursive_loop": "Allow", "allow_reason": "it ends by itself"})
    assert "recursion" in alarms(recursion={"recursive_loop": "Terminate"})


def test_code_that_no_publisher_signed_is_told_where_publishers_are_named() -> None:
    profile = "arn:aws:signer:eu-west-1:123456789012:/signing-profiles/acme/0123456789"
    signing = {"signing_profile_version_arns": [profile]}
    signature = alarms(code_signing=signing)["signature"]
    assert_sound(signature, namespace="AWS/Lambda", dimensions=OF_FUNCTION)
    assert signature.metric == "SignatureValidationErrors"
    assert "signature" not in alarms(code_signing={**signing, "untrusted_artifact": "Enforce"})


def test_unusual_values_are_compared_with_a_band() -> None:
    given = {"anomalies": ["invocations", "duration"], "anomaly": {"standard_deviations": 4, "periods": 30}}
    found = [alarm for alarm in alarms(alarms=given).values() if alarm.anomaly_band]
    assert [(alarm.id, alarm.metric, alarm.statistic) for alarm in found] == [
        ("duration-anomaly", "Duration", "p90"), ("invocations-anomaly", "Invocations", "Sum"),
    ]  # fmt: skip
    for alarm in found:
        assert (alarm.anomaly_band, alarm.periods, alarm.datapoints) == (4, 30, 30)
        assert alarm.comparison == "LessThanLowerOrGreaterThanUpperThreshold"
    assert [alarm.anomaly_band for alarm in alarms(alarms={"anomalies": ["duration"]}).values()][-1] == 3


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"anomalies": ["duration", "duration"]},
         'anomalies holds "duration" twice; each metric once; remove one'),
        ({"anomalies": ["errors"]},
         'anomalies[0] is "errors"; a metric with an anomaly band is one of duration, invocations; choose one of them'),
        ({"anomaly": {"periods": 5}},
         ("anomaly is set and anomalies is empty; it is the band of those metrics; name a metric in anomalies, or "
         "remove anomaly")),
        ({"anomalies": ["duration"], "anomaly": {"standard_deviations": 0}},
         ("anomaly.standard_deviations is 0; an anomaly band takes 1 to 20 standard deviations (CloudWatch guide; a "
         "bound of ours); set a value from 1 to 20")),
        ({"error_rate_percent": 0},
         "error_rate_percent is 0; the error rate alarm takes 1 to 100 percent (a share); set a value from 1 to 100"),
        ({"provisioned_percent": 101},
         ("provisioned_percent is 101; the provisioned utilization alarm takes 1 to 100 percent (a share); set a value "
         "from 1 to 100")),
        ({"account_concurrency_quota": 0},
         ("account_concurrency_quota is 0; a quota of concurrent executions takes 1 to 1000000 executions (Lambda "
         "quotas name no maximum; our bound); set a value from 1 to 1000000")),
    ],
)  # fmt: skip
def test_alarms_that_cannot_be_are_refused(given: dict[str, Any], expected: str) -> None:
    assert sentence(FunctionAlarmsConfig, given) == expected


@pytest.mark.parametrize("alias", [{}, {"version": 3}, {"name": "current"}])
def test_an_alias_of_one_version_has_the_alarms_of_its_function(alias: dict[str, Any]) -> None:
    assert of_alias(**alias) == {}
    assert release_alarms("acme-api", parsed(), version="7") == provisioned_alarms("acme-api", parsed()) == ()


def test_a_release_waits_for_the_alias_and_for_the_new_version() -> None:
    watched = of_alias(shift="codedeploy")
    assert list(watched) == ["alias-errors", "alias-error-rate", "alias-throttles", "alias-duration", "version-errors"]
    new = watched.pop("version-errors")
    for alarm in watched.values():
        assert_sound(alarm, namespace="AWS/Lambda", dimensions=OF_ALIAS)
        own = alarms()[alarm.id.removeprefix("alias-")]
        assert (alarm.metric, alarm.expression, alarm.threshold) == (own.metric, own.expression, own.threshold)
    assert_sound(new, namespace="AWS/Lambda", dimensions={**OF_ALIAS, "ExecutedVersion": "7"})
    assert (new.metric, new.statistic, new.datapoints, new.periods) == ("Errors", "Sum", 1, 1)


def test_a_second_version_is_watched_by_itself() -> None:
    routing = {"additional_version": 4, "additional_version_percent": 10}
    new = of_alias(name="current", version=3, routing=routing)["version-errors"]
    assert new.dimensions == {"FunctionName": "acme-api", "Resource": "acme-api:current", "ExecutedVersion": "4"}


def test_provisioned_concurrency_that_does_not_suffice_is_told() -> None:
    watched = of_alias(provisioned_concurrency={"minimum": 5})
    assert {alarm.id: (alarm.metric, alarm.statistic, alarm.threshold) for alarm in watched.values()} == {
        "provisioned-spillover": ("ProvisionedConcurrencySpilloverInvocations", "Sum", 0),
        "provisioned-utilization": ("ProvisionedConcurrencyUtilization", "Maximum", 0.9),
    }
    for alarm in watched.values():
        assert_sound(alarm, namespace="AWS/Lambda", dimensions=OF_ALIAS)


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
    assert_sound(alarm, namespace="AWS/Lambda", dimensions=OF_FUNCTION)
    assert (alarm.metric, alarm.threshold) == ("DestinationDeliveryFailures", 0)
