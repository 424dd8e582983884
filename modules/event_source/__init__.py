"""What Lambda polls for a function: queues, Kinesis streams, and tables' streams of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.core.lazy import on_first_use
from modules.event_source.config import EventSourceAlarmsConfig
from modules.event_source.queue_config import PollersConfig, QueueSourceConfig
from modules.event_source.stream_config import StreamSourceAlarmsConfig, StreamSourceConfig, TableSourceConfig

if TYPE_CHECKING:
    from modules.event_source.base import EventSource
    from modules.event_source.queue_source import QueueSource
    from modules.event_source.stream_source import StreamSource, TableSource

__all__ = [
    "EventSource",
    "EventSourceAlarmsConfig",
    "PollersConfig",
    "QueueSource",
    "QueueSourceConfig",
    "StreamSource",
    "StreamSourceAlarmsConfig",
    "StreamSourceConfig",
    "TableSource",
    "TableSourceConfig",
]

__getattr__ = on_first_use(
    __name__,
    {
        "EventSource": "base",
        "QueueSource": "queue_source",
        "StreamSource": "stream_source",
        "TableSource": "stream_source",
    },
)
