"""What the functions of the apply tests stand in: a key, an alarm topic, and a small network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from modules.function import Function, FunctionConfig
from modules.key import Key
from modules.network import Network, NetworkConfig
from modules.observability import AlarmsConfig, AlarmTopic
from stacks.base import TargetStack

CODE = {"kind": "inline", "text": "def handler(event, context):\n    return {}\n"}
NAME = "acme-dev-orders-{}"


@dataclass(frozen=True)
class Base:
    """Attributes: key, topic and network of the stack."""

    stack: TargetStack
    key: Key
    topic: AlarmTopic
    network: Network

    def function(self, name: str, fields: Mapping[str, Any] | None = None, **parts: Any) -> Function:
        """A function with `fields` of its configuration; `parts` go to the construct."""
        config = FunctionConfig.parse({"code": CODE, "reserved_concurrency": 5, **(fields or {})})
        return Function(
            self.stack,
            name,
            config=config,
            network=self.network,
            key=self.key,
            alarm_topic=self.topic,
            **parts,
        )


def base(stack: TargetStack, **fields: Any) -> Base:
    """A network without a way to the internet, unless `fields` say otherwise."""
    key = Key(stack, "key")
    config = NetworkConfig.parse(
        {
            "cidr": "10.20.0.0/16",
            "availability_zones": ["eu-west-1a", "eu-west-1b"],
            "egress": "none",
            "alarms": AlarmsConfig.off(reason="nothing here has an alarm"),
            **fields,
        }
    )
    network = Network(stack, "network", config=config, key=key)
    stack.output("vpc_id", network.vpc_id, "The VPC")
    return Base(stack, key, AlarmTopic(stack, "alarm-topic", key=key), network)
