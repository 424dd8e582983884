"""A queue that keeps what could not be delivered: of a queue, a topic, a bus or a function."""

from __future__ import annotations

import modules.core.engine

from constructs import Construct

from modules.key import KeyBase
from modules.observability import AlarmsConfig, AlarmTopic, create_alarms
from modules.queue.alarms import dead_letter_alarms
from modules.queue.config import (
    DeadLetterQueueConfig,
    FifoQueueConfig,
    QueueAlarmsConfig,
    QueueConfig,
    WithoutDeadLettersConfig,
)
from modules.queue.construct import Queue


def dead_letter_queue(
    scope: Construct,
    construct_id: str,
    *,
    name: str,
    config: DeadLetterQueueConfig,
    key: KeyBase,
    is_fifo: bool = False,
    alarms: AlarmsConfig | None = None,
    alarm_topic: AlarmTopic | None = None,
) -> Queue:
    """Make a queue for dead letters: without a wait, a size or a dead-letter queue of its own.

    Args:
        scope: what has dead letters.
        construct_id: id below `scope`.
        name: last part of the queue's name.
        config: how long it keeps a message.
        key: encrypts its messages.
        is_fifo: whether what fills it is a FIFO queue or topic.
        alarms: whether it is watched here; None where `scope` does that.
        alarm_topic: where its alarms go.

    Raises:
        ConfigError: alarms have no topic.
    """
    own = QueueConfig(
        fifo=FifoQueueConfig() if is_fifo else None,
        visibility_timeout_seconds=30,
        message_retention_seconds=config.message_retention_seconds,
        max_message_bytes=None,
        receive_wait_seconds=0,
        dead_letters=WithoutDeadLettersConfig(kind="none", reason="it keeps dead letters itself"),
        alarms=QueueAlarmsConfig.off(reason="dead letters have alarms of their own"),
    )
    queue = Queue(scope, construct_id, config=own, key=key, name=name)
    queue.unwatched_reason = alarms.off_reason if alarms is not None else ""
    watched = alarms or AlarmsConfig.off(reason="what has the dead letters watches them")
    specs = dead_letter_alarms(queue.name, config)
    queue.alarm_names = create_alarms(queue, specs, thing=name, config=watched, topic=alarm_topic)
    return queue
