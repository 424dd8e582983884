"""What an owned and an existing queue have in common: grants, connections, and being a destination."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import modules.core.engine

from modules.core.connections import Connection
from modules.core.context import target_of
from modules.core.destinations import EventDestination
from modules.core.errors import ConfigError
from modules.core.grants import Grantee, role_of, variable_name
from modules.core.statements import Statement
from modules.core.store import Store
from modules.core.tokens import region_of
from modules.queue.statements import ACCESS, queue_statements

_HTTPS = 443


class QueueBase(Store):
    """A queue that roles send to and consume from.

    Attributes:
        name: its name; a token if the stack makes it, so that who uses it waits for it.
        arn: its ARN.
        url: its URL, which the SQS API takes.
        key_arn: the KMS key that encrypts its messages; empty when SQS's own key does.
        is_fifo: whether it is a FIFO queue.
        visibility_timeout_seconds: how long a received message is hidden; None where that is not known.
        unwatched_reason: why no alarms watch it; empty where they do, or where somebody else sees to it.
        dependencies: Terraform resources to wait for before an AWS service is told of it, such as its policy.
    """

    name: str
    arn: str
    url: str
    key_arn: str
    is_fifo: bool
    visibility_timeout_seconds: float | None = None
    unwatched_reason: str = ""
    dependencies: tuple[Any, ...] = ()  # Terraform resources of any type

    def grant_send(self, grantee: Grantee) -> None:
        """Let a role send messages, and encrypt them.

        Args:
            grantee: a role, or what has one, such as a function.
        """
        role_of(grantee).grant(*self._statements("send"))

    def grant_consume(self, grantee: Grantee) -> None:
        """Let a role receive, hide and delete messages, and decrypt them. The argument is that of `grant_send`."""
        role_of(grantee).grant(*self._statements("consume"))

    def grant_purge(self, grantee: Grantee) -> None:
        """Let a role delete every message at once. The argument is that of `grant_send`."""
        role_of(grantee).grant(*self._statements("purge"))

    def connection(self, *, access: str = "send", environment_name: str = "") -> Connection:
        """What a function needs: its role's statements, a variable with the queue's URL, and a way to SQS.

        Args:
            access: `send`, `consume` or `send_consume`.
            environment_name: variable that gets the URL; by default `ORDERS_QUEUE_URL` for a construct `orders`.

        Raises:
            ConfigError: the access is unknown.
        """
        self._require_access(access, ACCESS)
        return Connection(
            name=self.node.id,
            port=_HTTPS,
            statements=self._statements(access),
            environment={environment_name or variable_name(self.node.id, "QUEUE_URL"): self.url},
            services=("sqs",),
        )

    def destination(self) -> EventDestination:
        """The queue as the destination of records of asynchronous invocations.

        Raises:
            ConfigError: it is a FIFO queue.
        """
        if self.is_fifo:
            raise ConfigError.single(
                self.node.path,
                "the queue is a FIFO queue and would be a destination",
                "Lambda sends asynchronous results and dead letters to standard queues and topics only, never FIFO "
                "(Lambda guide, asynchronous invocation)",
                "use a standard queue",
            )
        return EventDestination(self.arn, "sqs", self._statements("send"), self.dependencies)

    def is_polled(self) -> None:
        """Take note that Lambda polls it for a function, which gives up messages that fail."""

    def keeps_failures(self) -> None:
        """Take note that what failed elsewhere is kept in it."""

    @abstractmethod
    def allow_service(self, service: str, *, source: str, source_arn: str) -> None:
        """Let one source of an AWS service send messages, such as a topic, a bucket or a rule.

        Args:
            service: such as `sns.amazonaws.com`.
            source: the source as a word or a construct path; part of the statement's Sid.
            source_arn: its ARN.

        Raises:
            ConfigError: the service does not send to queues on the account's behalf, or S3 to a FIFO queue, or the
                owner of a queue that exists has not let it.
        """

    def _statements(self, access: str) -> tuple[Statement, ...]:
        region = region_of(self.arn) or target_of(self).region
        return queue_statements(access, self.word, arn=self.arn, key_arn=self.key_arn, region=region)
