"""Alarms and the topic they go to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.core.lazy import on_first_use
from modules.observability.account_config import AccountAlarmsConfig
from modules.observability.alarm import AlarmSpec, MetricTerm
from modules.observability.anomaly import AnomalyConfig
from modules.observability.composite_config import CompositeAlarmConfig
from modules.observability.config import AlarmsConfig, AlarmTopicConfig

if TYPE_CHECKING:
    from modules.observability.account import AccountAlarms
    from modules.observability.alarm_topic import AlarmTopic
    from modules.observability.composite import CompositeAlarm
    from modules.observability.construct import create_alarms
    from modules.observability.log_group import LogGroup

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
    "LogGroup",
    "MetricTerm",
    "create_alarms",
]

__getattr__ = on_first_use(
    __name__,
    {
        "AccountAlarms": "account",
        "AlarmTopic": "alarm_topic",
        "CompositeAlarm": "composite",
        "LogGroup": "log_group",
        "create_alarms": "construct",
    },
)
