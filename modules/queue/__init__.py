"""SQS queues that functions send to and receive from, each with a dead-letter queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.core.lazy import on_first_use
from modules.queue.config import (
    DeadLetterQueueConfig,
    FifoQueueConfig,
    QueueAlarmsConfig,
    QueueConfig,
    RedriveConfig,
    WithoutDeadLettersConfig,
    visibility_problems,
)

if TYPE_CHECKING:
    from modules.queue.base import QueueBase
    from modules.queue.construct import Queue
    from modules.queue.dead_letters import dead_letter_queue
    from modules.queue.existing import ExistingQueue

__all__ = [
    "DeadLetterQueueConfig",
    "ExistingQueue",
    "FifoQueueConfig",
    "Queue",
    "QueueAlarmsConfig",
    "QueueBase",
    "QueueConfig",
    "RedriveConfig",
    "WithoutDeadLettersConfig",
    "dead_letter_queue",
    "visibility_problems",
]

__getattr__ = on_first_use(
    __name__,
    {"ExistingQueue": "existing", "Queue": "construct", "QueueBase": "base", "dead_letter_queue": "dead_letters"},
)
