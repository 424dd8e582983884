"""What an owned and an existing topic have in common: grants, connections, subscriptions, being a destination."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import modules.core.engine

from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription

from modules.core.connections import Connection
from modules.core.context import target_of
from modules.core.destinations import EventDestination
from modules.core.errors import ConfigError
from modules.core.grants import Grantee, role_of, variable_name
from modules.core.statements import Statement
from modules.core.store import Store
from modules.core.tokens import region_of
from modules.queue import QueueBase
from modules.topic.config import SubscriptionConfig
from modules.topic.statements import publish_statements

_HTTPS = 443
_SNS = "sns.amazonaws.com"


class TopicBase(Store):
    """A topic that roles publish to and queues subscribe.

    Attributes:
        name: its name; a token if the stack makes it, so that who uses it waits for it.
        arn: its ARN.
        key_arn: the KMS key that encrypts its messages; empty when none does.
        is_fifo: whether it is a FIFO topic.
        dependencies: Terraform resources to wait for before an AWS service is told of it, such as its policy.
    """

    name: str
    arn: str
    key_arn: str
    is_fifo: bool
    dependencies: tuple[Any, ...] = ()  # Terraform resources of any type

    def grant_publish(self, grantee: Grantee) -> None:
        """Let a role publish messages, and encrypt them.

        Args:
            grantee: a role, or what has one, such as a function.
        """
        role_of(grantee).grant(*self._statements())

    def connection(self, *, access: str = "publish", environment_name: str = "") -> Connection:
        """What a function needs: its role's statements, a variable with the topic's ARN, and a way to SNS.

        Args:
            access: `publish`.
            environment_name: variable that gets the ARN; by default `ORDERS_TOPIC_ARN` for a construct `orders`.

        Raises:
            ConfigError: the access is unknown.
        """
        if access != "publish":
            raise ConfigError.single(self.node.path, f'access is "{access}"', "a topic takes publish", "write that")
        return Connection(
            name=self.node.id,
            port=_HTTPS,
            statements=self._statements(),
            environment={environment_name or variable_name(self.node.id, "TOPIC_ARN"): self.arn},
            services=("sns",),
        )

    def destination(self) -> EventDestination:
        """The topic as the destination of records of asynchronous invocations.

        Raises:
            ConfigError: it is a FIFO topic.
        """
        if self.is_fifo:
            raise ConfigError.single(
                self.node.path,
                "the topic is a FIFO topic and would be a destination",
                "Lambda sends asynchronous results and dead letters to standard queues and topics only, never FIFO "
                "(Lambda guide, asynchronous invocation)",
                "use a standard topic",
            )
        return EventDestination(self.arn, "sns", self._statements(), self.dependencies)

    def subscribe(
        self,
        queue: QueueBase,
        *,
        filter_policy: Mapping[str, Any] | None = None,
        filter_policy_scope: str = "MessageAttributes",
        raw: bool = False,
    ) -> None:
        """Deliver the topic's messages to a queue: subscription, the queue's policy and its key's.

        Args:
            queue: gets the messages; what it does not take goes to the topic's dead-letter queue.
            filter_policy: attribute or property to the values that match; None for every message.
            filter_policy_scope: what the filter looks at, `MessageAttributes` or `MessageBody`.
            raw: whether the message comes as it was published, without SNS's JSON around it.

        Raises:
            ConfigError: SNS would refuse the filter, the queue is subscribed already, a standard topic cannot deliver
                to the FIFO queue, or the owner of an existing queue has not let SNS send.
        """
        path = queue.node.path.partition("/")[2]
        try:
            config = SubscriptionConfig(
                filter_policy=None if filter_policy is None else dict(filter_policy),
                filter_policy_scope=filter_policy_scope,
                raw=raw,
            )
        except ConfigError as error:
            raise error.within(f"{self.node.path} subscription of {path}") from None
        if queue.is_fifo and not self.is_fifo:
            raise ConfigError.single(
                self.node.path,
                f"{path} is a FIFO queue and the topic is a standard one",
                "only a FIFO topic delivers to FIFO queues (SNS guide, FIFO topics)",
                "give the topic fifo, or subscribe a standard queue",
            )
        construct_id = f"queue-{path.replace('/', '-')}"
        if self.node.try_find_child(construct_id) is not None:
            raise ConfigError.single(
                self.node.path,
                f"{path} is subscribed twice",
                "a topic has one subscription of a queue (SNS API reference, Subscribe)",
                "subscribe it once; a filter takes several values",
            )
        queue.allow_service(_SNS, source=self.word, source_arn=self.arn)
        given = config.filter_policy
        subscription = SnsTopicSubscription(
            self,
            construct_id,
            topic_arn=self.arn,
            protocol="sqs",
            endpoint=queue.arn,
            filter_policy=None if given is None else json.dumps(given, separators=(",", ":")),
            filter_policy_scope=None if given is None else config.filter_policy_scope,
            raw_message_delivery=config.raw,
            redrive_policy=self._redrive_policy(),
        )
        self._note(subscription)
        if queue.dependencies:
            subscription.depends_on = sorted(
                f"{each.terraform_resource_type}.{each.friendly_unique_id}" for each in queue.dependencies
            )

    def _note(self, subscription: SnsTopicSubscription) -> None:
        """Note beside a subscription why checks are skipped."""

    def _redrive_policy(self) -> str | None:
        """Where a subscription's undeliverable messages go; None for nowhere."""
        return None

    def _statements(self) -> tuple[Statement, ...]:
        region = region_of(self.arn) or target_of(self).region
        return publish_statements(self.word, arn=self.arn, key_arn=self.key_arn, region=region)
