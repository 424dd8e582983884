"""Alarms of a function, its alias and the account; bands of usual values; and one alarm that tells of them all."""

from __future__ import annotations

from typing import Any

from modules.function import Function, FunctionConfig
from modules.key import Key
from modules.observability import (
    AccountAlarms,
    AccountAlarmsConfig,
    AlarmTopic,
    AlarmTopicConfig,
    CompositeAlarm,
    CompositeAlarmConfig,
)
from stacks.base import TargetStack
from tests.apply.function_base import NAME
from tests.apply.harness import Applied, Prove

ACCOUNT = "123456789012"
API = NAME.format("api")
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/11111111-2222-4333-8444-555555555555"
TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:{NAME.format('alarms')}"
UNSCANNED = (
    "Checkov wants every function in a VPC (CKV_AWS_117) and with dead letters (CKV_AWS_116), whatever the reason; "
    "both cost minutes of an apply and are not what this test is about"
)
CONFIG: dict[str, Any] = {
    "code": {"kind": "inline", "text": "def handler(event, context):\n    return {}\n"},
    "attachment": {"state": "detached", "detaching_applied": "it never was in a VPC"},
    "asynchronous": {"dead_letters": {"kind": "none", "reason": "not what this test is about"}},
    "reserved_concurrency": 10,
    "alias": {"shift": "codedeploy", "provisioned_concurrency": {"minimum": 2}},
    "alarms": {"notify": False, "anomalies": ["duration", "invocations"]},
}


def build(stack: TargetStack) -> None:
    key = Key.from_existing(stack, "key", arn=KEY, policy_allows_services=True)
    told = AlarmTopicConfig(
        email_subscriptions=("team@example.com",), https_subscriptions={"on-call": "https://events.example.com/orders"}
    )
    topic = AlarmTopic(stack, "alarm-topic", key=key, config=told)
    topic.allow_service("events.amazonaws.com")
    api = Function(stack, "api", config=FunctionConfig.parse(CONFIG), network=None, key=key, alarm_topic=topic)
    topic.subscribe_function(api)
    quota = AccountAlarmsConfig(concurrent_executions_quota=1_000)
    account = AccountAlarms(stack, "account", config=quota, alarm_topic=topic)
    quiet = CompositeAlarmConfig(
        description="The account has no concurrency left.", fires_with="all", suppressor=API + "-throttles"
    )
    exhausted = CompositeAlarm(stack, "exhausted", alarms=account.alarm_names, topic=topic, config=quiet)
    incident = CompositeAlarm(stack, "incident", alarms=(*api.alarm_names, *exhausted.alarm_names), topic=topic)
    stack.output("alarms", list(api.alarm_names), "Alarms of the function")
    stack.output("release_alarms", list(api.release_alarm_names), "Alarms of its alias")
    stack.output("composites", [exhausted.name, incident.name], "Alarms over alarms")


def test_alarms_are_as_they_were_meant_and_an_incident_is_told_once(prove: Prove) -> None:
    with prove(build, unscanned_reason=UNSCANNED) as applied:
        found = {alarm["AlarmName"]: alarm for alarm in described(applied, "MetricAlarm")}
        assert set(found) == {*applied.outputs["alarms"], NAME.format("account-claimed-concurrency")}
        _watch_function_alias_and_version(found)
        _are_bands(found)
        _watches_the_account(found[NAME.format("account-claimed-concurrency")])
        _tell_once(applied, found)
        _publish_to_whom_it_concerns(applied)


def described(applied: Applied, kind: str) -> list[dict[str, Any]]:
    answer = applied.client("cloudwatch").describe_alarms(AlarmTypes=[kind], MaxRecords=100)
    alarms: list[dict[str, Any]] = answer[f"{kind}s"]
    return alarms


def dimensions(alarm: dict[str, Any]) -> dict[str, str]:
    return {each["Name"]: each["Value"] for each in alarm["Dimensions"]}


def _watch_function_alias_and_version(found: dict[str, dict[str, Any]]) -> None:
    of_function, of_alias = {"FunctionName": API}, {"FunctionName": API, "Resource": f"{API}:live"}
    for name, metric, expected in (
        ("errors", "Errors", of_function),
        ("recursion", "RecursiveInvocationsDropped", of_function),
        ("dropped-events", "AsyncEventsDropped", of_function),
        ("alias-errors", "Errors", of_alias),
        ("alias-throttles", "Throttles", of_alias),
        ("provisioned-spillover", "ProvisionedConcurrencySpilloverInvocations", of_alias),
        ("provisioned-utilization", "ProvisionedConcurrencyUtilization", of_alias),
        ("version-errors", "Errors", {**of_alias, "ExecutedVersion": "1"}),
    ):
        alarm = found[f"{API}-{name}"]
        assert (alarm["MetricName"], dimensions(alarm)) == (metric, expected)
        assert alarm["TreatMissingData"] == "notBreaching"
        assert not alarm["AlarmActions"]
        assert not alarm["OKActions"]
    rate = {query["Id"]: query for query in found[f"{API}-error-rate"]["Metrics"]}
    assert rate["result"]["Expression"] == "IF(invocations >= 20, 100 * errors / invocations, 0)"
    assert rate["errors"]["MetricStat"]["Stat"] == "Sum"


def _are_bands(found: dict[str, dict[str, Any]]) -> None:
    for name, metric, statistic in (("duration", "Duration", "p90"), ("invocations", "Invocations", "Sum")):
        alarm = found[f"{API}-{name}-anomaly"]
        queries = {query["Id"]: query for query in alarm["Metrics"]}
        assert alarm["ThresholdMetricId"] == "usual"
        assert alarm["ComparisonOperator"] == "LessThanLowerOrGreaterThanUpperThreshold"
        assert queries["usual"]["Expression"] == "ANOMALY_DETECTION_BAND(observed, 3)"
        stat = queries["observed"]["MetricStat"]
        assert (stat["Metric"]["MetricName"], stat["Stat"]) == (metric, statistic)


def _watches_the_account(alarm: dict[str, Any]) -> None:
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == (
        "AWS/Lambda", "ClaimedAccountConcurrency", "Maximum",
    )  # fmt: skip
    assert (alarm["Dimensions"], alarm["Threshold"], alarm["EvaluationPeriods"]) == ([], 900, 10)
    assert alarm["AlarmActions"] == alarm["OKActions"] == [TOPIC]


def _tell_once(applied: Applied, found: dict[str, dict[str, Any]]) -> None:
    composites = {alarm["AlarmName"]: alarm for alarm in described(applied, "CompositeAlarm")}
    assert sorted(composites) == sorted(applied.outputs["composites"])
    incident, exhausted = composites[NAME.format("incident")], composites[NAME.format("exhausted")]
    members = sorted([*applied.outputs["alarms"], NAME.format("exhausted")])
    assert incident["AlarmRule"] == " OR ".join(f'ALARM("{name}")' for name in members)
    assert incident["AlarmActions"] == incident["OKActions"] == [TOPIC]
    assert incident["ActionsEnabled"] is True
    assert exhausted["AlarmRule"] == f'ALARM("{NAME.format("account-claimed-concurrency")}")'
    assert exhausted["AlarmDescription"] == "The account has no concurrency left."
    assert exhausted["ActionsSuppressor"] == f"{API}-throttles"
    assert (exhausted["ActionsSuppressorWaitPeriod"], exhausted["ActionsSuppressorExtensionPeriod"]) == (60, 60)
    assert set(applied.outputs["release_alarms"]) == {
        name for name in found if "-alias-" in name or "-version-" in name
    }
    cloudwatch = applied.client("cloudwatch")
    for state in ("ALARM", "OK"):
        cloudwatch.set_alarm_state(AlarmName=f"{API}-version-errors", StateValue=state, StateReason="the test says so")
        told = {alarm["AlarmName"]: alarm["StateValue"] for alarm in described(applied, "CompositeAlarm")}
        assert told[NAME.format("incident")] == state


def _publish_to_whom_it_concerns(applied: Applied) -> None:
    sns = applied.client("sns")
    subscribed = sns.list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"]
    assert {(each["Protocol"], each["Endpoint"]) for each in subscribed} == {
        ("email", "team@example.com"),
        ("https", "https://events.example.com/orders"),
        ("lambda", f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:{API}:live"),
    }
    policy = sns.get_topic_attributes(TopicArn=TOPIC)["Attributes"]["Policy"]
    assert all(service in policy for service in ("cloudwatch.amazonaws.com", "events.amazonaws.com"))
