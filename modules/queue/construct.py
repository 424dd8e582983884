"""An SQS queue: encrypted, TLS only, with a dead-letter queue that only it fills."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import modules.core.engine

from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from cdktf_cdktf_provider_aws.sqs_queue_policy import SqsQueuePolicy
from cdktf_cdktf_provider_aws.sqs_queue_redrive_allow_policy import SqsQueueRedriveAllowPolicy
from constructs import Construct

from modules.core import limits
from modules.core.context import target_of
from modules.core.errors import ConfigError, Problem
from modules.core.grants import sid_word
from modules.core.policy import PolicyDocument
from modules.core.skips import skip
from modules.core.statements import tls_only
from modules.key import KeyBase
from modules.observability import AlarmTopic, create_alarms
from modules.queue.alarms import queue_alarms
from modules.queue.base import QueueBase
from modules.queue.config import DeadLetterQueueConfig, QueueConfig, RedriveConfig
from modules.queue.existing import ExistingQueue
from modules.queue.statements import SERVICES, service_key_statement, service_statement

_SUFFIX = ".fifo"
_TYPES = {True: "FIFO", False: "standard"}
_SQS_VISIBILITY_SECONDS = 30  # what SQS takes where nothing is said

LOSSY, UNWATCHED = ("CKV2_LNET_502",), ("CKV2_LNET_603",)
"""Checks that a polled queue skips which loses messages or gives them up early, and dead letters without alarms do."""


class Queue(QueueBase):
    """A queue, named after stack and construct.

    Attributes:
        dead_letter_queue: gets messages that were received too often; None without one.
        alarm_names: its alarms, and those of a dead-letter queue that was made for it.

    Raises:
        ConfigError: the configuration does not fit the target or the given dead-letter queue, which may be of the
            other type too, or alarms have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: QueueConfig | None = None,
        key: KeyBase,
        alarm_topic: AlarmTopic | None = None,
        dead_letter_queue: QueueBase | None = None,
        name: str = "",
    ) -> None:
        """Make the queue.

        Args:
            scope: the stack, or a construct of it.
            construct_id: id below `scope`; last part of the queue's name.
            config: everything about the queue.
            key: encrypts its messages.
            alarm_topic: where its alarms go.
            dead_letter_queue: a queue that several share for dead letters, instead of one made for this.
            name: last part of the queue's name instead of the construct's id.
        """
        super().__init__(scope, construct_id)
        config = config or QueueConfig()
        self._target, self._key = target_of(self), key
        config.require(self._target, where=self.node.path)
        thing = name or construct_id
        self.is_fifo, self.key_arn = config.fifo is not None, key.arn
        self.visibility_timeout_seconds = config.visibility_timeout_seconds
        self.unwatched_reason = config.alarms.off_reason
        self.dead_letter_queue, made_alarms = self._dead_letters(config, thing, dead_letter_queue, alarm_topic)

        queue = self._queue = SqsQueue(self, "queue", name=self._fitting_name(thing), **_arguments(config, key.arn))
        self.arn: str = queue.arn
        self.name: str = queue.name
        self.url: str = queue.url
        if self.dead_letter_queue is not None and isinstance(config.dead_letters, RedriveConfig):
            queue.redrive_policy = json.dumps(
                {
                    "deadLetterTargetArn": self.dead_letter_queue.arn,
                    "maxReceiveCount": config.dead_letters.max_receive_count,
                },
                separators=(",", ":"),
            )
        self._document = PolicyDocument([tls_only("sqs:*", self.arn)])
        self._policy = SqsQueuePolicy(self, "policy", queue_url=self.url, policy=self._document.json)
        self.dependencies = (self._policy,)
        self._redrive_sources: dict[str, str] = {}
        self._redrive: SqsQueueRedriveAllowPolicy | None = None
        if isinstance(self.dead_letter_queue, Queue):
            self.dead_letter_queue.allow_redrive(self)
        specs = queue_alarms(self.name, config.alarms)
        own_alarms = create_alarms(self, specs, thing=thing, config=config.alarms, topic=alarm_topic)
        self.alarm_names = (*own_alarms, *made_alarms)

    @staticmethod
    def from_existing(
        scope: Construct,
        construct_id: str,
        *,
        arn: str,
        url: str = "",
        key_arn: str = "",
        accepted_services: tuple[str, ...] = (),
        visibility_timeout_seconds: int | None = None,
    ) -> ExistingQueue:
        """A queue that exists already.

        Args:
            scope: where it is used.
            construct_id: part of the names of statements and variables.
            arn: the queue's ARN; one that is known only later is taken for a standard queue's.
            url: its URL; needed where the ARN is known only later.
            key_arn: KMS key that encrypts its messages, whose key policy lets the account's roles use it; empty when
                SQS's own key does.
            accepted_services: services, such as `sns.amazonaws.com`, that its policy and its key's let send.
            visibility_timeout_seconds: its visibility timeout, which a function that Lambda polls for is held to.

        Raises:
            ConfigError: an ARN does not read like one, or the URL is missing.
        """
        return ExistingQueue(
            scope,
            construct_id,
            arn=arn,
            url=url,
            key_arn=key_arn,
            accepted_services=accepted_services,
            visibility_timeout_seconds=visibility_timeout_seconds,
        )

    def allow_service(self, service: str, *, source: str, source_arn: str) -> None:
        """Let one source of an AWS service send messages; see `QueueBase.allow_service`."""
        if service not in SERVICES:
            raise ConfigError.single(
                self.node.path,
                f'service is "{service}"',
                f"{', '.join(SERVICES)} send to queues on the account's behalf",
                "grant_send to the role of what sends",
            )
        if self.is_fifo and service == "s3.amazonaws.com":
            raise ConfigError.single(
                self.node.path,
                f'service is "{service}" and the queue is a FIFO queue',
                "S3 notifies standard queues and topics only (S3 guide, event notifications)",
                "use a standard queue",
            )
        sid = f"{service.partition('.')[0].capitalize()}Sends{sid_word(source)}"
        self._document.add(
            service_statement(sid, service=service, queue_arn=self.arn, source_arn=source_arn, target=self._target)
        )
        self._policy.policy = self._document.json
        self._key.allow(service_key_statement(service, self._target, source=source, source_arn=source_arn))

    def allow_redrive(self, source: QueueBase) -> None:
        """Let another queue use this one as its dead-letter queue, which no unnamed queue can from then on.

        Raises:
            ConfigError: more queues than SQS takes.
        """
        self._redrive_sources[source.node.path] = source.arn
        self.keeps_failures()
        if len(self._redrive_sources) > limits.SQS_REDRIVE_SOURCES:
            raise ConfigError.single(
                self.node.path,
                f"the queue keeps the dead letters of {len(self._redrive_sources)} queues",
                f"SQS takes {limits.SQS_REDRIVE_SOURCES} named sources (SQS API reference, sourceQueueArns)",
                "give some of them a dead-letter queue of their own",
            )
        arns = [arn for _, arn in sorted(self._redrive_sources.items())]
        policy = json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": arns}, separators=(",", ":"))
        if self._redrive is None:
            self._redrive = SqsQueueRedriveAllowPolicy(
                self, "redrive-allow-policy", queue_url=self.url, redrive_allow_policy=policy
            )
        self._redrive.redrive_allow_policy = policy

    def is_polled(self) -> None:
        """Take note that Lambda polls it: from now on it is held to a dead-letter queue after enough receives."""
        skip(self._queue, self._lossy_reason, *LOSSY)

    def keeps_failures(self) -> None:
        """Take note that what failed elsewhere is kept in it: from now on it is held to an alarm."""
        skip(self._queue, self.unwatched_reason, *UNWATCHED)

    def _dead_letters(
        self, config: QueueConfig, thing: str, given: QueueBase | None, alarm_topic: AlarmTopic | None
    ) -> tuple[QueueBase | None, tuple[str, ...]]:
        """The dead-letter queue, and the alarms of one that is made here."""
        letters = config.dead_letters
        if isinstance(letters, RedriveConfig):
            self._lossy_reason = letters.max_receive_count_reason
        else:
            self._lossy_reason = letters.reason
            if given is not None:
                raise ConfigError.single(
                    self.node.path,
                    'dead_letter_queue is given and dead_letters.kind is "none"',
                    "one says that there are dead letters, the other that there are none",
                    "remove one of them",
                )
            return None, ()
        if given is None:
            from modules.queue.dead_letters import dead_letter_queue  # noqa: PLC0415  # it makes a queue itself

            made = dead_letter_queue(
                self, "dead-letters", name=f"{thing}-dead-letters", config=letters, is_fifo=self.is_fifo,
                key=self._key, alarms=config.alarms, alarm_topic=alarm_topic,
            )  # fmt: skip
            return made, made.alarm_names
        problems = list(self._shared_problems(letters, given))
        if problems:
            raise ConfigError(problems).within(self.node.path)
        return given, ()

    def _shared_problems(self, letters: RedriveConfig, given: QueueBase) -> Iterator[Problem]:
        if given.is_fifo != self.is_fifo:
            yield Problem(
                "",
                f"dead_letter_queue is a {_TYPES[given.is_fifo]} queue and this a {_TYPES[self.is_fifo]} one",
                "a queue and its dead-letter queue are of one type (SQS guide, dead-letter queues)",
                "give it another one, or none to have one made",
            )
        for name, field in DeadLetterQueueConfig.model_fields.items():
            if getattr(letters, name) != field.default:
                yield Problem(
                    "",
                    f"dead_letters.{name} is {getattr(letters, name)} and dead_letter_queue is given",
                    "it speaks of a queue that is made for this one",
                    "remove one of them",
                )

    def _fitting_name(self, thing: str) -> str:
        suffix = _SUFFIX if self.is_fifo else ""
        return self._target.naming.name(thing, max_length=limits.SQS_MAX_NAME_LENGTH - len(suffix)) + suffix


def _arguments(config: QueueConfig, key_arn: str) -> dict[str, Any]:
    """The queue resource's arguments; what SQS takes by itself is left out."""
    fifo = config.fifo
    given: dict[str, Any] = {
        "kms_master_key_id": key_arn,
        "kms_data_key_reuse_period_seconds": config.kms_data_key_reuse_seconds,
        "message_retention_seconds": config.message_retention_seconds,
        "visibility_timeout_seconds": _unless(config.visibility_timeout_seconds, _SQS_VISIBILITY_SECONDS),
        "delay_seconds": _unless(config.delay_seconds, 0),
        "receive_wait_time_seconds": _unless(config.receive_wait_seconds, 0),
        "max_message_size": config.max_message_bytes,
    }
    if fifo is not None:
        given |= {
            "fifo_queue": True,
            "content_based_deduplication": fifo.content_based_deduplication,
            "deduplication_scope": "messageGroup" if fifo.high_throughput else "queue",
            "fifo_throughput_limit": "perMessageGroupId" if fifo.high_throughput else "perQueue",
        }
    return {name: value for name, value in given.items() if value is not None}


def _unless(value: float, default: float) -> float | None:
    return None if value == default else value
