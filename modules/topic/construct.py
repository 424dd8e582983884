"""An SNS topic: encrypted, TLS only, with a queue for what it cannot deliver."""

from __future__ import annotations

import json
from typing import Any

import modules.core.engine

from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from constructs import Construct

from modules.core import limits
from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.core.grants import sid_word
from modules.core.policy import PolicyDocument
from modules.core.skips import skip
from modules.core.statements import tls_only
from modules.key import KeyBase
from modules.observability import AlarmTopic, create_alarms
from modules.queue import DeadLetterQueueConfig, Queue, WithoutDeadLettersConfig, dead_letter_queue
from modules.topic.alarms import topic_alarms
from modules.topic.base import TopicBase
from modules.topic.config import TopicConfig
from modules.topic.delivery_log import DeliveryLog
from modules.topic.existing import ExistingTopic
from modules.topic.statements import SERVICES, service_key_statement, service_statement

_SUFFIX = ".fifo"
_SHA256 = 2  # version of the signature that messages to HTTPS endpoints carry; 1 is SHA-1

DROPPED = ("CKV2_LNET_506",)
"""Checks that a subscription without dead letters skips."""


class Topic(TopicBase):
    """A topic, named after stack and construct.

    Attributes:
        dead_letter_queue: gets what could not be delivered; made with the first subscription of a queue or an HTTPS
            endpoint, None before.
        alarm_names: its alarms, and those of its dead-letter queue.

    Raises:
        ConfigError: alarms have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: TopicConfig | None = None,
        key: KeyBase,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        """Make the topic.

        Args:
            scope: the stack, or a construct of it.
            construct_id: id below `scope`; last part of the topic's name.
            config: everything about the topic.
            key: encrypts its messages.
            alarm_topic: where its alarms go.
        """
        super().__init__(scope, construct_id)
        self._config = config = config or TopicConfig()
        self._target, self._key, self._alarm_topic = target_of(self), key, alarm_topic
        self.is_fifo, self.key_arn = config.fifo is not None, key.arn
        self.dead_letter_queue: Queue | None = None
        name = self._fitting_name(construct_id)
        topic = SnsTopic(
            self,
            "topic",
            name=name,
            display_name=config.display_name or None,
            kms_master_key_id=key.arn,
            signature_version=None if self.is_fifo else _SHA256,
            **_fifo_arguments(config),
        )
        if config.delivery_log is not None:
            DeliveryLog(self, "delivery-log", topic_name=name, config=config.delivery_log, key=key).log(topic)
        self.arn: str = topic.arn
        self.name: str = topic.name
        self._document = PolicyDocument([tls_only("sns:Publish", self.arn)])
        self._policy = SnsTopicPolicy(self, "policy", arn=self.arn, policy=self._document.json)
        self.dependencies = (self._policy,)
        specs = topic_alarms(self.name)
        self.alarm_names = create_alarms(self, specs, thing=construct_id, config=config.alarms, topic=alarm_topic)
        self._subscribe_addresses(config)

    @staticmethod
    def from_existing(scope: Construct, construct_id: str, *, arn: str, key_arn: str = "") -> ExistingTopic:
        """A topic that exists already.

        Args:
            scope: where it is used.
            construct_id: part of the names of statements and variables.
            arn: the topic's ARN; one that is known only later is taken for a standard topic's.
            key_arn: KMS key that encrypts its messages, whose key policy lets the account's roles use it; empty when
                none does.

        Raises:
            ConfigError: an ARN does not read like one.
        """
        return ExistingTopic(scope, construct_id, arn=arn, key_arn=key_arn)

    def allow_service(self, service: str, *, source: str, source_arn: str) -> None:
        """Let one source of an AWS service in this account publish, such as a bucket or an alarm.

        Args:
            service: such as `s3.amazonaws.com`.
            source: the source as a word or a construct path; part of the statement's Sid.
            source_arn: its ARN.

        Raises:
            ConfigError: the service does not say for which resource it publishes, or S3 is to publish to a FIFO topic.
        """
        if service not in SERVICES:
            raise ConfigError.single(
                self.node.path,
                f'service is "{service}"',
                f"{', '.join(SERVICES)} publish on the account's behalf and say for which resource",
                "grant_publish to the role of what publishes",
            )
        if self.is_fifo and service == "s3.amazonaws.com":
            raise ConfigError.single(
                self.node.path,
                f'service is "{service}" and the topic is a FIFO topic',
                "S3 notifies standard queues and topics only (S3 guide, event notifications)",
                "use a standard topic",
            )
        sid = f"{service.partition('.')[0].capitalize()}Publishes{sid_word(source)}"
        self._document.add(
            service_statement(sid, service=service, topic_arn=self.arn, source_arn=source_arn, target=self._target)
        )
        self._policy.policy = self._document.json
        self._key.allow(service_key_statement(service, self._target))

    def _redrive_policy(self) -> str | None:
        letters = self._config.dead_letters
        if not isinstance(letters, DeadLetterQueueConfig):
            return None
        if self.dead_letter_queue is None:
            self.dead_letter_queue = dead_letter_queue(
                self, "dead-letters", name=f"{self.node.id}-dead-letters", config=letters, is_fifo=self.is_fifo,
                key=self._key, alarms=self._config.alarms, alarm_topic=self._alarm_topic,
            )  # fmt: skip
            self.dead_letter_queue.allow_service("sns.amazonaws.com", source=self.word, source_arn=self.arn)
            self.alarm_names += self.dead_letter_queue.alarm_names
            self.dead_letter_queue.keeps_failures()
        return json.dumps({"deadLetterTargetArn": self.dead_letter_queue.arn}, separators=(",", ":"))

    def _note(self, subscription: SnsTopicSubscription) -> None:
        letters = self._config.dead_letters
        if isinstance(letters, WithoutDeadLettersConfig):
            skip(subscription, letters.reason, *DROPPED)

    def _subscribe_addresses(self, config: TopicConfig) -> None:
        for address in sorted(config.email_subscriptions):
            construct_id = f"email-{address.replace('@', '-at-')}"
            SnsTopicSubscription(self, construct_id, topic_arn=self.arn, protocol="email", endpoint=address)
        for name, url in sorted(config.https_subscriptions.items()):
            subscription = SnsTopicSubscription(
                self, f"https-{name}", topic_arn=self.arn, protocol="https", endpoint=url,
                redrive_policy=self._redrive_policy(),
            )  # fmt: skip
            self._note(subscription)

    def _fitting_name(self, construct_id: str) -> str:
        suffix = _SUFFIX if self.is_fifo else ""
        return self._target.naming.name(construct_id, max_length=limits.SNS_MAX_NAME_LENGTH - len(suffix)) + suffix


def _fifo_arguments(config: TopicConfig) -> dict[str, Any]:
    if config.fifo is None:
        return {}
    return {
        "fifo_topic": True,
        "content_based_deduplication": config.fifo.content_based_deduplication,
        "fifo_throughput_scope": "MessageGroup" if config.fifo.high_throughput else "Topic",
    }
