"""SNS topics that functions publish to and that deliver to queues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.core.lazy import on_first_use
from modules.topic.config import DeliveryLogConfig, FifoTopicConfig, SubscriptionConfig, TopicConfig

if TYPE_CHECKING:
    from modules.topic.base import TopicBase
    from modules.topic.construct import Topic
    from modules.topic.existing import ExistingTopic

__all__ = [
    "DeliveryLogConfig",
    "ExistingTopic",
    "FifoTopicConfig",
    "SubscriptionConfig",
    "Topic",
    "TopicBase",
    "TopicConfig",
]

__getattr__ = on_first_use(__name__, {"ExistingTopic": "existing", "Topic": "construct", "TopicBase": "base"})
