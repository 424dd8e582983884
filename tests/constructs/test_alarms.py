"""Alarms and their topic, as they are synthesized."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.function import FunctionConfig
from modules.network import Network, NetworkConfig
from modules.observability import (
    AccountAlarms,
    AccountAlarmsConfig,
    AlarmsConfig,
    AlarmSpec,
    AlarmTopic,
    AlarmTopicConfig,
    AnomalyConfig,
    create_alarms,
)
from modules.observability.anomaly import anomaly
from modules.queue import Queue, QueueConfig
from tests.constructs.functions import OFF, Made

ALARM, SUBSCRIPTION = "aws_cloudwatch_metric_alarm", "aws_sns_topic_subscription"
ERRORS = AlarmSpec(
    id="errors", description="Invocations end in an error.", namespace="AWS/Lambda", metric="Errors", statistic="Sum",
    dimensions={"FunctionName": "api"}, comparison="GreaterThanThreshold", threshold=0, periods=3, datapoints=3,
)  # fmt: skip


@pytest.fixture
def made(source: Path) -> Made:
    return Made(source)


def policy(made: Made, kind: str) -> dict[str, dict[str, Any]]:
    statements = [each for body in made.resources(kind).values() for each in json.loads(body["policy"])["Statement"]]
    return {each["Sid"]: each for each in statements}


def test_an_alarm_tells_the_topic_when_it_fires_and_when_it_recovers(made: Made) -> None:
    topic = AlarmTopic(made.stack, "alarms", key=made.key)
    names = create_alarms(made.stack, [ERRORS], thing="api", config=AlarmsConfig(), topic=topic)
    alarm = made.only(ALARM)
    assert names == ("acme-dev-orders-api-errors",) == (alarm["alarm_name"],)
    [told] = alarm["alarm_actions"]
    assert alarm["ok_actions"] == [told]
    assert told.startswith("${aws_sns_topic.alarms_topic_")
    assert (alarm["treat_missing_data"], alarm["actions_enabled"]) == ("notBreaching", True)


def test_an_alarm_may_leave_telling_to_a_composite_one(made: Made) -> None:
    create_alarms(made.stack, [ERRORS], thing="api", config=AlarmsConfig(notify=False), topic=None)
    alarm = made.only(ALARM)
    assert "alarm_actions" not in alarm
    assert "ok_actions" not in alarm
    assert alarm["actions_enabled"] is True


def test_an_anomaly_is_compared_with_the_band(made: Made) -> None:
    band = anomaly(ERRORS, AnomalyConfig(standard_deviations=2, periods=5))
    create_alarms(made.stack, [band], thing="", config=AlarmsConfig(notify=False), topic=None)
    alarm = made.only(ALARM)
    assert (alarm["threshold_metric_id"], alarm["comparison_operator"]) == ("usual", "GreaterThanUpperThreshold")
    assert "threshold" not in alarm
    assert "metric_name" not in alarm
    queries = {query["id"]: query for query in alarm["metric_query"]}
    assert queries["usual"]["expression"] == "ANOMALY_DETECTION_BAND(observed, 2)"
    assert queries["observed"]["metric"] == {
        "namespace": "AWS/Lambda", "metric_name": "Errors", "dimensions": {"FunctionName": "api"}, "period": 60,
        "stat": "Sum",
    }  # fmt: skip
    assert queries["usual"]["return_data"] is queries["observed"]["return_data"] is True


def test_the_account_is_watched_against_its_quota(made: Made) -> None:
    topic = AlarmTopic(made.stack, "alarms", key=made.key)
    config = AccountAlarmsConfig(concurrent_executions_quota=10, percent_of_quota=80)
    account = AccountAlarms(made.stack, "account", config=config, alarm_topic=topic)
    alarm = made.only(ALARM)
    assert account.alarm_names == (alarm["alarm_name"],) == ("acme-dev-orders-account-claimed-concurrency",)
    assert (alarm["metric_name"], alarm["threshold"], alarm.get("dimensions", {})) == (
        "ClaimedAccountConcurrency", 8, {},
    )  # fmt: skip
    with pytest.raises(ConfigError) as caught:
        AccountAlarms(made.stack, "silent", config=config)
    assert str(caught.value) == (
        "dev-main-eu-west-1-orders/silent: alarm_topic is missing; alarms are on, and an alarm that tells nobody is "
        "none; pass alarm_topic=AlarmTopic(...), or set alarms to AlarmsConfig.off(reason=...)"
    )


def test_an_endpoint_is_watched_where_somebody_can_be_told(made: Made) -> None:
    fields = {
        "cidr": "10.1.0.0/16", "availability_zones": ["eu-west-1a", "eu-west-1b"], "endpoints": {"interface": ["sqs"]},
    }  # fmt: skip
    quiet = Network(made.stack, "quiet", config=NetworkConfig.parse(fields), key=made.key)
    assert quiet.alarm_names == ()
    topic = AlarmTopic(made.stack, "alarms", key=made.key)
    told = Network(made.stack, "told", config=NetworkConfig.parse(fields), key=made.key, alarm_topic=topic)
    told.endpoint_for("kms")
    assert told.alarm_names == (
        "acme-dev-orders-endpoint-sqs-packets-dropped", "acme-dev-orders-endpoint-kms-packets-dropped",
    )  # fmt: skip
    dimensions = [alarm["dimensions"] for alarm in made.resources(ALARM).values()]
    assert {each["Service Name"] for each in dimensions} == {
        "com.amazonaws.eu-west-1.sqs", "com.amazonaws.eu-west-1.kms",
    }  # fmt: skip
    off = Network(
        made.stack, "off", config=NetworkConfig.parse({**fields, "alarms": OFF}), key=made.key, alarm_topic=topic
    )
    assert off.alarm_names == ()


def test_the_alarms_of_an_alias_have_its_dimensions(made: Made) -> None:
    alarms = {"notify": False}
    released = made.function("api", alias={"shift": "codedeploy"}, alarms=alarms)
    assert set(released.release_alarm_names) == {
        f"acme-dev-orders-api-{name}"
        for name in ("alias-errors", "alias-error-rate", "alias-throttles", "alias-duration", "version-errors")
    }
    assert set(released.release_alarm_names) < set(released.alarm_names)
    by_name = {alarm["alarm_name"]: alarm for alarm in made.resources(ALARM).values()}
    version = by_name["acme-dev-orders-api-version-errors"]["dimensions"]
    function = version["FunctionName"]
    assert function.endswith(".function_name}")
    assert version["Resource"] == f"{function}:live"
    assert version["ExecutedVersion"] == function.replace(".function_name}", ".version}")
    assert made.function("plain", alias={}, alarms=alarms).release_alarm_names == ()


def test_plain_alarms_are_taken_where_a_module_has_thresholds_of_its_own(made: Made) -> None:
    off = AlarmsConfig.off(reason="a demo")
    config = FunctionConfig.parse({"code": {"source": "x"}, "reserved_concurrency": 1, "alarms": off})
    assert (config.alarms.enabled, config.alarms.reason, config.alarms.errors_per_minute) == (False, "a demo", 0)
    assert made.function(alarms=off).alarm_names == ()


def test_another_service_publishes_when_it_is_let(made: Made) -> None:
    topic = AlarmTopic(made.stack, "alarms", key=made.key)
    pipeline = "arn:aws:codestar-notifications:eu-west-1:123456789012:notificationrule/nightly"
    topic.allow_service("codestar-notifications.amazonaws.com", source_arn=pipeline)
    topic.allow_service("codestar-notifications.amazonaws.com", source_arn=pipeline)
    topic.allow_service("backup.amazonaws.com")
    published = policy(made, "aws_sns_topic_policy")
    assert sorted(published) == [
        "BackupPublishesAlarms",
        "CloudWatchAlarmsPublish",
        "CodestarNotificationsPublishesAlarms",
    ]
    account = {"StringEquals": {"aws:SourceAccount": ["123456789012"]}}
    assert published["BackupPublishesAlarms"]["Condition"] == account
    assert published["CodestarNotificationsPublishesAlarms"]["Condition"] == {
        **account, "ArnLike": {"aws:SourceArn": [pipeline]},
    }  # fmt: skip
    encrypts = policy(made, "aws_kms_key")
    assert {"CloudWatchAlarmsEncrypt", "BackupEncryptsAlarms", "CodestarNotificationsEncryptsAlarms"} <= set(encrypts)
    assert encrypts["BackupEncryptsAlarms"]["Condition"] == account
    with pytest.raises(ConfigError) as caught:
        topic.allow_service("events")
    assert str(caught.value) == (
        'dev-main-eu-west-1-orders/alarms: service is "events"; a service\'s principal reads like '
        "events.amazonaws.com; write the principal"
    )


def test_eventbridge_publishes_though_it_does_not_say_for_whom(made: Made) -> None:
    topic = AlarmTopic(made.stack, "alarms", key=made.key)
    topic.allow_service("events.amazonaws.com")
    topic.allow_service("events.amazonaws.com")
    published = policy(made, "aws_sns_topic_policy")
    assert sorted(published) == ["CloudWatchAlarmsPublish", "EventsPublishesAlarms"]
    assert "Condition" not in published["EventsPublishesAlarms"]
    assert published["EventsPublishesAlarms"]["Resource"] == published["CloudWatchAlarmsPublish"]["Resource"]
    assert policy(made, "aws_kms_key")["EventsEncryptsAlarms"]["Condition"] == {
        "StringEquals": {
            "kms:EncryptionContext:aws:sns:topicArn": ["arn:aws:sns:eu-west-1:123456789012:acme-dev-orders-alarms"]
        }
    }
    rule = "arn:aws:events:eu-west-1:123456789012:rule/nightly"
    with pytest.raises(ConfigError) as caught:
        topic.allow_service("events.amazonaws.com", source_arn=rule)
    assert str(caught.value) == (
        f'dev-main-eu-west-1-orders/alarms: service is "events.amazonaws.com" and source_arn is "{rule}"; EventBridge '
        "names no source when it publishes to a topic (EventBridge guide, SNS permissions); remove source_arn"
    )


def test_a_role_publishes_when_it_is_granted(made: Made) -> None:
    topic = AlarmTopic(made.stack, "alarms", key=made.key)
    function = made.function()
    topic.grant_publish(function)
    granted = policy(made, "aws_iam_role_policy")
    assert "sns:Publish" in granted["PublishAlarms"]["Action"]
    assert granted["EncryptAlarms"]["Condition"] == {
        "StringEquals": {"kms:ViaService": ["sns.eu-west-1.amazonaws.com"]}
    }


def test_mail_endpoints_queues_and_functions_are_told(made: Made) -> None:
    config = AlarmTopicConfig.parse(
        {"email_subscriptions": ["team@example.com"], "https_subscriptions": {"on-call": "https://example.com/x"}}
    )
    topic = AlarmTopic(made.stack, "alarms", key=made.key, config=config)
    queue = Queue(made.stack, "incidents", config=QueueConfig.parse({"alarms": OFF}), key=made.key)
    topic.subscribe_queue(queue)
    topic.subscribe_function(made.function(alias={}))
    told = {each["protocol"]: each for each in made.resources(SUBSCRIPTION).values()}
    assert sorted(told) == ["email", "https", "lambda", "sqs"]
    assert told["email"]["endpoint"] == "team@example.com"
    assert told["https"]["endpoint"] == "https://example.com/x"
    assert told["lambda"]["endpoint"].startswith("${aws_lambda_alias.")
    assert told["sqs"]["depends_on"]
    permission = made.only("aws_lambda_permission")
    assert permission["principal"] == "sns.amazonaws.com"
    assert permission["qualifier"].startswith("${aws_lambda_alias.")
    assert permission["source_arn"].startswith("${aws_sns_topic.")
    sends = [each for each in policy(made, "aws_sqs_queue_policy").values() if "sns.amazonaws.com" in str(each)]
    assert len(sends) == 1
