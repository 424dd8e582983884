"""CloudWatch alarms: composite alarms, and the state of an alarm.

moto 5.2.5 has no `PutCompositeAlarm`; it creates every alarm in the state `OK`, where AWS says
`INSUFFICIENT_DATA`, and sets the state back when an alarm is changed.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import EmptyResult

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


def put_composite_alarm(response: Any) -> Any:
    """Create or change an alarm over the states of other alarms."""
    given = response.params
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
