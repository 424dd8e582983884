"""CloudWatch alarms: composite alarms, and the state of an alarm.

moto 5.2.5 has no `PutCompositeAlarm`, and describes alarms of every type whichever are asked for; it creates every
alarm in the state `OK`, where AWS says `INSUFFICIENT_DATA`, and sets the state back when an alarm is changed.
"""

from __future__ import annotations

from typing import Any

from moto.cloudwatch.exceptions import ValidationError

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import EmptyResult

from local.extensions.cloudwatch_rules import RuleError, holds, names_in
from local.extensions.patching import add_action, wrap

_PUT = (
    "self name namespace metric_name comparison_operator evaluation_periods period threshold statistic description "
    "dimensions alarm_actions metric_data_queries datapoints_to_alarm extended_statistic ok_actions "
    "insufficient_data_actions unit actions_enabled treat_missing_data evaluate_low_sample_count_percentile "
    "threshold_metric_id rule tags"
)
_METRIC_FIELDS = (
    "namespace",
    "metric_name",
    "comparison_operator",
    "evaluation_periods",
    "period",
    "threshold",
    "statistic",
)
_STATE = ("state_value", "state_reason", "state_reason_data", "state_updated_timestamp", "history")


def install() -> None:
    """Extend moto."""
    add_action(CloudWatchResponse, put_composite_alarm)
    wrap(CloudWatchBackend, "put_metric_alarm", _PUT, _keep_state)
    wrap(CloudWatchBackend, "set_alarm_state", "self alarm_name reason reason_data state_value", _set_state)
    wrap(CloudWatchResponse, "describe_alarms", "self", _describe)


def put_composite_alarm(response: Any) -> Any:
    """Create or change an alarm over the states of other alarms."""
    given = response.params
    try:
        names_in(given["AlarmRule"])
        holds(given["AlarmRule"], {})
    except RuleError as error:
        raise ValidationError(f"Invalid AlarmRule: {error}") from error
    alarm = response.cloudwatch_backend.put_metric_alarm(
        name=given["AlarmName"],
        description=given.get("AlarmDescription"),
        rule=given["AlarmRule"],
        dimensions=[],
        actions_enabled=given.get("ActionsEnabled"),
        alarm_actions=given.get("AlarmActions") or [],
        ok_actions=given.get("OKActions"),
        insufficient_data_actions=given.get("InsufficientDataActions"),
        tags=given.get("Tags"),
        **dict.fromkeys(_METRIC_FIELDS),
    )
    alarm.alarm_rule = given["AlarmRule"]
    alarm.actions_suppressor = given.get("ActionsSuppressor")
    alarm.actions_suppressor_wait_period = given.get("ActionsSuppressorWaitPeriod")
    alarm.actions_suppressor_extension_period = given.get("ActionsSuppressorExtensionPeriod")
    return EmptyResult()


def _keep_state(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
    before = backend.alarms.get(kwargs["name"])
    alarm = original(backend, *args, **kwargs)
    if before is None:
        alarm.state_value = "INSUFFICIENT_DATA"
    else:
        for field in _STATE:
            setattr(alarm, field, getattr(before, field))
    return alarm


def _set_state(original: Any, backend: Any, alarm_name: str, *args: Any, **kwargs: Any) -> Any:
    """Set an alarm's state, and that of each composite alarm whose rule names it, and so on."""
    answer = original(backend, alarm_name, *args, **kwargs)
    changed = [backend.alarms[alarm_name]]
    while changed:
        member = changed.pop()
        for alarm in backend.alarms.values():
            if alarm.rule and {member.name, member.alarm_arn} & names_in(alarm.rule):
                state = "ALARM" if holds(alarm.rule, _states(backend)) else "OK"
                if state != alarm.state_value:
                    alarm.update_state(f"{member.name} is in the state {member.state_value}", None, state)
                    changed.append(alarm)
    return answer


def _states(backend: Any) -> dict[str, str]:
    return {name: alarm.state_value for alarm in backend.alarms.values() for name in (alarm.name, alarm.alarm_arn)}


def _describe(original: Any, response: Any) -> Any:
    """Describe metric alarms, unless composite alarms are asked for (DescribeAlarms, AlarmTypes)."""
    answer = original(response)
    types = response.params.get("AlarmTypes") or ["MetricAlarm"]
    for kind in ("MetricAlarm", "CompositeAlarm"):
        if kind not in types:
            answer.result[f"{kind}s"] = []
    return answer
