"""What the stacks of reasons stand on; each reason names the field that it stands in."""

from __future__ import annotations

from typing import Any

from modules.function import Function, FunctionConfig
from modules.key import Key
from modules.network import (
    Network,
    NetworkBase,
    NetworkConfig,
)
from modules.observability import AlarmTopic
from modules.queue import Queue, QueueConfig
from stacks.base import TargetStack

A, B = "eu-west-1a", "eu-west-1b"
CODE = {"kind": "inline", "text": "def handler(event, context):\n    return {}\n"}
NAMES = {"database_name": "orders", "master_username": "owner"}
RULE = "arn:aws:events:eu-west-1:123456789012:rule/hourly"
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/a/0123456789abcdef"
WILDCARDS = {"powerful": ["iam:PassRole", "sts:AssumeRole"], "reader": ["s3:GetObject", "cloudwatch:PutMetricData"]}
GONE = {"removal": "destroy", "removal_reason": "it may go"}


def why(field: str) -> str:
    """The reason that stands in a field."""
    return f"the reason in {field}"


def off(of: str) -> dict[str, Any]:
    """No alarms."""
    return {"enabled": False, "reason": why(f"{of}.alarms.reason")}


def lossy(of: str) -> dict[str, Any]:
    """No dead letters."""
    return {"dead_letters": {"kind": "none", "reason": why(f"{of}.dead_letters.reason")}}


class Base:
    """Key, alarm topic and network of one stack."""

    def __init__(self, stack: TargetStack) -> None:
        self.stack, self.key = stack, Key(stack, "key")
        self.topic = AlarmTopic(stack, "alarm-topic", key=self.key)
        self.network: NetworkBase | None = None

    @property
    def watched(self) -> dict[str, Any]:
        """What is encrypted and watched."""
        return {"key": self.key, "alarm_topic": self.topic}

    @property
    def inside(self) -> dict[str, Any]:
        """What stands in the network, too."""
        return {**self.watched, "network": self.network}

    def add_network(self, **fields: Any) -> None:
        """A network of two zones with endpoints only, unless `fields` say otherwise."""
        config = NetworkConfig.parse({"cidr": "10.20.0.0/16", "availability_zones": [A, B], **fields})
        self.network = Network(self.stack, "network", config=config, **self.watched)

    def function(self, name: str, parts: dict[str, Any] | None = None, **fields: Any) -> Function:
        """A function; `parts` go to the construct."""
        config = FunctionConfig.parse({"code": CODE, "reserved_concurrency": 5, **fields})
        is_detached = config.attachment.state == "detached"
        where = {**self.inside, "network": None if is_detached else self.network}
        return Function(self.stack, name, config=config, **where, **(parts or {}))

    def queue(self, name: str, **fields: Any) -> Queue:
        """A queue that hides messages for six times a function's timeout."""
        config = QueueConfig.parse({"visibility_timeout_seconds": 240, **fields})
        return Queue(self.stack, name, config=config, **self.watched)
