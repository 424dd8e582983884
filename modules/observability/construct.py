"""Alarms in Terraform, each with the name by which the rest of a stack finds it."""

from __future__ import annotations

from collections.abc import Iterable
from weakref import WeakKeyDictionary

import modules.core.engine

from cdktf import TerraformResource, TerraformStack
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from constructs import Construct

from modules.core import limits
from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.observability.alarm import AlarmSpec
from modules.observability.alarm_topic import AlarmTopic
from modules.observability.config import AlarmsConfig

_ALARMS: WeakKeyDictionary[TerraformStack, dict[str, TerraformResource]] = WeakKeyDictionary()
_BAND, _RESULT, _OBSERVED = "usual", "result", "observed"


def register_alarm(scope: Construct, name: str, resource: TerraformResource) -> None:
    """Note an alarm, so that a composite alarm of the same stack can wait for it."""
    _ALARMS.setdefault(TerraformStack.of(scope), {})[name] = resource


def alarms_of_stack(scope: Construct) -> dict[str, TerraformResource]:
    """The stack's alarms so far, by name."""
    return dict(_ALARMS.get(TerraformStack.of(scope), {}))


def create_alarms(
    scope: Construct, specs: Iterable[AlarmSpec], *, thing: str, config: AlarmsConfig, topic: AlarmTopic | None
) -> tuple[str, ...]:
    """Create alarms below `scope` that publish to `topic`, both when they fire and when they recover.

    With `notify: false` they publish nothing; a composite alarm that they are part of does.

    Args:
        scope: the construct that the alarms watch.
        specs: what they watch.
        thing: part of the alarm's name, such as `api`.
        config: whether there are any.
        topic: where they publish; with `notify: false` it is not needed.

    Returns:
        The alarms' names, so that a rollout can wait for them.

    Raises:
        ConfigError: there is no topic, and no reason to go without alarms.
    """
    if not config.enabled:
        return ()
    if topic is None and config.notify:
        raise ConfigError.single(
            scope.node.path,
            "alarm_topic is missing",
            "alarms are on, and an alarm that tells nobody is none",
            "pass alarm_topic=AlarmTopic(...), or set alarms to AlarmsConfig.off(reason=...)",
        )
    naming = target_of(scope).naming
    told = [topic.arn] if topic is not None and config.notify else []
    names = []
    for spec in specs:
        name = naming.name(
            "-".join(part for part in (thing, spec.id) if part), max_length=limits.CLOUDWATCH_MAX_ALARM_NAME_LENGTH
        )
        alarm = CloudwatchMetricAlarm(
            scope,
            f"alarm-{spec.id}",
            alarm_name=name,
            alarm_description=spec.description,
            comparison_operator=spec.comparison,
            threshold=None if spec.anomaly_band else spec.threshold,
            threshold_metric_id=_BAND if spec.anomaly_band else None,
            evaluation_periods=spec.periods,
            datapoints_to_alarm=spec.datapoints,
            treat_missing_data=spec.missing_data,
            actions_enabled=True,
            alarm_actions=[*told, *spec.actions] or None,
            ok_actions=told or None,
        )
        if spec.anomaly_band:
            alarm.put_metric_query(_band(spec))
        elif spec.expression:
            alarm.put_metric_query(_queries(spec))
        else:
            _watch_metric(alarm, spec)
        register_alarm(scope, name, alarm)
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
        id=_RESULT,
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


def _band(spec: AlarmSpec) -> list[CloudwatchMetricAlarmMetricQuery]:
    """The metric, and the band of its usual values."""
    observed = CloudwatchMetricAlarmMetricQuery(
        id=_OBSERVED,
        return_data=True,
        metric=CloudwatchMetricAlarmMetricQueryMetric(
            namespace=spec.namespace,
            metric_name=spec.metric,
            dimensions=dict(spec.dimensions) or None,
            period=spec.period_seconds,
            stat=spec.statistic,
        ),
    )
    band = CloudwatchMetricAlarmMetricQuery(
        id=_BAND,
        expression=f"ANOMALY_DETECTION_BAND({_OBSERVED}, {spec.anomaly_band:g})",
        label=spec.id,
        return_data=True,
    )
    return [band, observed]
