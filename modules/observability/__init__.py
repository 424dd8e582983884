"""Alarms and the topic they go to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.observability.alarm import AlarmSpec, MetricTerm
from modules.observability.config import AlarmsConfig, AlarmTopicConfig

if TYPE_CHECKING:
    from modules.observability.construct import AlarmTopic, create_alarms
    from modules.observability.log_group import LogGroup

__all__ = ["AlarmSpec", "AlarmTopic", "AlarmTopicConfig", "AlarmsConfig", "LogGroup", "MetricTerm", "create_alarms"]


def __getattr__(name: str) -> object:
    """Import the constructs, and with them the engine, on first use only."""
    if name in {"AlarmTopic", "create_alarms"}:
        from modules.observability import construct

        return getattr(construct, name)
    if name == "LogGroup":
        from modules.observability.log_group import LogGroup

        return LogGroup
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
