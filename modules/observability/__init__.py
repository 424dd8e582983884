"""Alarms and the topic they go to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.core.lazy import on_first_use
from modules.observability.alarm import AlarmSpec, MetricTerm
from modules.observability.config import AlarmsConfig, AlarmTopicConfig

if TYPE_CHECKING:
    from modules.observability.construct import AlarmTopic, create_alarms
    from modules.observability.log_group import LogGroup

__all__ = ["AlarmSpec", "AlarmTopic", "AlarmTopicConfig", "AlarmsConfig", "LogGroup", "MetricTerm", "create_alarms"]

__getattr__ = on_first_use(__name__, {"AlarmTopic": "construct", "LogGroup": "log_group", "create_alarms": "construct"})
