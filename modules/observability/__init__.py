"""Alarms and the topic they go to; log groups, and what is made of what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.core.lazy import on_first_use
from modules.observability.account_config import AccountAlarmsConfig
from modules.observability.alarm import AlarmSpec, MetricTerm
from modules.observability.anomaly import AnomalyConfig
from modules.observability.composite_config import CompositeAlarmConfig
from modules.observability.config import AlarmsConfig, AlarmTopicConfig
from modules.observability.log_queries_config import LogQueriesConfig
from modules.observability.log_subscription_config import LogErrorMetricConfig, LogSubscriptionConfig

if TYPE_CHECKING:
    from modules.observability.account import AccountAlarms
    from modules.observability.alarm_topic import AlarmTopic
    from modules.observability.composite import CompositeAlarm
    from modules.observability.construct import create_alarms
    from modules.observability.log_error_metric import LogErrorMetric
    from modules.observability.log_group import LogGroup
    from modules.observability.log_queries import LogQueries
    from modules.observability.log_subscription import LogSubscription

__all__ = [
    "AccountAlarms",
    "AccountAlarmsConfig",
    "AlarmSpec",
    "AlarmTopic",
    "AlarmTopicConfig",
    "AlarmsConfig",
    "AnomalyConfig",
    "CompositeAlarm",
    "CompositeAlarmConfig",
    "LogErrorMetric",
    "LogErrorMetricConfig",
    "LogGroup",
    "LogQueries",
    "LogQueriesConfig",
    "LogSubscription",
    "LogSubscriptionConfig",
    "MetricTerm",
    "create_alarms",
]

__getattr__ = on_first_use(
    __name__,
    {
        "AccountAlarms": "account",
        "AlarmTopic": "alarm_topic",
        "CompositeAlarm": "composite",
        "LogErrorMetric": "log_error_metric",
        "LogGroup": "log_group",
        "LogQueries": "log_queries",
        "LogSubscription": "log_subscription",
        "create_alarms": "construct",
    },
)
