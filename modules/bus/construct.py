"""An EventBridge event bus: encrypted, closed to other accounts, with a queue for what it cannot encrypt."""

from __future__ import annotations

import json

import modules.core.engine

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.cloudwatch_event_archive import CloudwatchEventArchive
from cdktf_cdktf_provider_aws.cloudwatch_event_bus import CloudwatchEventBus, CloudwatchEventBusDeadLetterConfig
from cdktf_cdktf_provider_aws.cloudwatch_event_bus_policy import CloudwatchEventBusPolicy
from constructs import Construct

from modules.bus.alarms import bus_alarms
from modules.bus.base import BusBase
from modules.bus.config import ArchiveConfig, BusConfig
from modules.bus.existing import ExistingBus
from modules.bus.statements import key_policy_statements, policy_statements
from modules.core import limits
from modules.core.context import target_of
from modules.core.policy import PolicyDocument
from modules.key import KeyBase
from modules.observability import AlarmTopic, create_alarms
from modules.queue import DeadLetterQueueConfig, Queue, dead_letter_queue

_FOR_EVER = 0


class Bus(BusBase):
    """An event bus, named after stack and construct.

    Attributes:
        dead_letter_queue: gets events that cannot be encrypted or decrypted; None without one.
        archive_arn: ARN of the archive, as a token; empty without one.
        alarm_names: its alarms, and those of its dead-letter queue.

    Raises:
        ConfigError: the configuration does not fit the target, or alarms have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: BusConfig | None = None,
        key: KeyBase,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        """Make the bus.

        Args:
            scope: the stack, or a construct of it.
            construct_id: id below `scope`; last part of the bus's name.
            config: everything about the bus.
            key: encrypts its events.
            alarm_topic: where its alarms go.
        """
        super().__init__(scope, construct_id)
        config = config or BusConfig()
        target = target_of(self)
        config.require(target, where=self.node.path)
        name = target.naming.name(construct_id, max_length=limits.EVENTS_MAX_BUS_NAME_LENGTH)
        self._lifecycle = TerraformResourceLifecycle(prevent_destroy=True) if config.removal == "keep" else None
        for statement in key_policy_statements(self.word, target.arn("events", f"event-bus/{name}"), target):
            key.allow(statement)
        self.dead_letter_queue = self._dead_letters(config, key, alarm_topic)
        letters = self.dead_letter_queue
        bus = CloudwatchEventBus(
            self,
            "bus",
            name=name,
            description=config.description or None,
            kms_key_identifier=key.arn,
            dead_letter_config=CloudwatchEventBusDeadLetterConfig(arn=letters.arn) if letters else None,
            lifecycle=self._lifecycle,
        )
        self.arn: str = bus.arn
        self.name: str = bus.name
        document = PolicyDocument(policy_statements(self.arn, config, target))
        policy = CloudwatchEventBusPolicy(self, "policy", event_bus_name=self.name, policy=document.json)
        self.dependencies = (policy,)
        if letters is not None:
            letters.allow_service("events.amazonaws.com", source=self.word, source_arn=self.arn)
        self.archive_arn = self._archive(config.archive, key) if config.archive is not None else ""
        own = create_alarms(self, bus_alarms(self.name), thing=construct_id, config=config.alarms, topic=alarm_topic)
        self.alarm_names = (*own, *(letters.alarm_names if letters else ()))

    @staticmethod
    def from_existing(scope: Construct, construct_id: str, *, name_or_arn: str) -> ExistingBus:
        """A bus that exists already, such as `default`.

        Args:
            scope: where it is used.
            construct_id: part of the names of statements and variables.
            name_or_arn: its name, or its ARN, which one in another account takes; what is known only later is a name.

        Raises:
            ConfigError: it is neither a name nor an ARN of a bus.
        """
        return ExistingBus(scope, construct_id, name_or_arn=name_or_arn)

    def _dead_letters(self, config: BusConfig, key: KeyBase, alarm_topic: AlarmTopic | None) -> Queue | None:
        if not isinstance(config.dead_letters, DeadLetterQueueConfig):
            return None
        return dead_letter_queue(
            self, "dead-letters", name=f"{self.node.id}-dead-letters", config=config.dead_letters, key=key,
            alarms=config.alarms, alarm_topic=alarm_topic,
        )  # fmt: skip

    def _archive(self, config: ArchiveConfig, key: KeyBase) -> str:
        pattern = config.event_pattern
        archive = CloudwatchEventArchive(
            self,
            "archive",
            name=target_of(self).naming.name(self.node.id, max_length=limits.EVENTS_MAX_ARCHIVE_NAME_LENGTH),
            event_source_arn=self.arn,
            event_pattern=None if pattern is None else json.dumps(pattern, separators=(",", ":")),
            retention_days=_FOR_EVER if config.retention_days is None else config.retention_days,
            lifecycle=self._lifecycle,
        )
        if config.customer_managed_key:
            archive.add_override("kms_key_identifier", key.arn)
        return archive.arn
