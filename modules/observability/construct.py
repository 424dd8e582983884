"""The alarm topic, and alarms that publish to it."""

from __future__ import annotations

from collections.abc import Iterable

import modules.core.engine

from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from constructs import Construct

from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.core.policy import PolicyDocument
from modules.core.statements import Condition, Principal, Statement
from modules.key import KeyBase
from modules.observability.alarm import AlarmSpec
from modules.observability.config import AlarmsConfig, AlarmTopicConfig


class AlarmTopic(Construct):
    """An encrypted SNS topic that CloudWatch may publish to, and whoever else asks must not.

    Attributes:
        arn: the topic's ARN, as a token.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, key: KeyBase, config: AlarmTopicConfig | None = None
    ) -> None:
        super().__init__(scope, construct_id)
        config = config or AlarmTopicConfig()
        target = target_of(self)
        key.allow_service("cloudwatch.amazonaws.com", sid="CloudWatchAlarmsEncrypt")
        topic = SnsTopic(self, "topic", name=target.naming.name("alarms", max_length=256), kms_master_key_id=key.arn)
        self.arn: str = topic.arn
        publish = Statement(
            sid="CloudWatchAlarmsPublish",
            actions=("sns:Publish",),
            resources=(self.arn,),
            principals=(Principal("Service", ("cloudwatch.amazonaws.com",)),),
            conditions=(Condition("StringEquals", "aws:SourceAccount", (target.account_id,)),),
        )
        SnsTopicPolicy(self, "policy", arn=self.arn, policy=PolicyDocument([publish]).json)
        for address in sorted(config.email_subscriptions):
            SnsTopicSubscription(
                self, f"email-{address.replace('@', '-at-')}", topic_arn=self.arn, protocol="email", endpoint=address
            )


def create_alarms(
    scope: Construct, specs: Iterable[AlarmSpec], *, thing: str, config: AlarmsConfig, topic: AlarmTopic | None
) -> tuple[str, ...]:
    """Create alarms below `scope` that publish to `topic`, both when they fire and when they recover.

    Args:
        scope: the construct that the alarms watch.
        specs: what they watch.
        thing: part of the alarm's name, such as `api`.
        config: whether there are any.
        topic: where they publish.

    Returns:
        The alarms' names, so that a rollout can wait for them.

    Raises:
        ConfigError: there is no topic, and no reason to go without alarms.
    """
    if not config.enabled:
        return ()
    if topic is None:
        raise ConfigError.single(
            scope.node.path,
            "alarm_topic is missing",
            "alarms are on, and an alarm that tells nobody is none",
            "pass alarm_topic=AlarmTopic(...), or set alarms to AlarmsConfig.off(reason=...)",
        )
    naming = target_of(scope).naming
    names = []
    for spec in specs:
        name = naming.name("-".join(part for part in (thing, spec.id) if part), max_length=255)
        alarm = CloudwatchMetricAlarm(
            scope,
            f"alarm-{spec.id}",
            alarm_name=name,
            alarm_description=spec.description,
            comparison_operator=spec.comparison,
            threshold=spec.threshold,
            evaluation_periods=spec.periods,
            datapoints_to_alarm=spec.datapoints,
            treat_missing_data=spec.missing_data,
            actions_enabled=True,
            alarm_actions=[topic.arn, *spec.actions],
            ok_actions=[topic.arn],
        )
        if spec.expression:
            alarm.put_metric_query(_queries(spec))
        else:
            _watch_metric(alarm, spec)
        names.append(name)
    return tuple(names)


def _watch_metric(alarm: CloudwatchMetricAlarm, spec: AlarmSpec) -> None:
    alarm.namespace = spec.namespace
    alarm.metric_name = spec.metric
    alarm.dimensions = dict(spec.dimensions)
    alarm.period = spec.period_seconds
    if spec.statistic.startswith("p"):
        alarm.extended_statistic = spec.statistic
    else:
        alarm.statistic = spec.statistic


def _queries(spec: AlarmSpec) -> list[CloudwatchMetricAlarmMetricQuery]:
    result = CloudwatchMetricAlarmMetricQuery(
        id="result",
        expression=spec.expression,
        label=spec.id,
        return_data=True,
        period=None if spec.terms else spec.period_seconds,  # a query of Metrics Insights has no terms to take it from
    )
    terms = [
        CloudwatchMetricAlarmMetricQuery(
            id=term.id,
            metric=CloudwatchMetricAlarmMetricQueryMetric(
                namespace=spec.namespace,
                metric_name=term.metric,
                dimensions={**spec.dimensions, **term.dimensions},
                period=spec.period_seconds,
                stat=term.statistic,
            ),
        )
        for term in spec.terms
    ]
    return [result, *terms]
