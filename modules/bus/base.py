"""What an owned and an existing event bus have in common: grants, connections, being a destination."""

from __future__ import annotations

from typing import Any

import modules.core.engine

from constructs import Construct

from modules.bus.statements import put_statements
from modules.core.connections import Connection
from modules.core.context import target_of
from modules.core.destinations import EventDestination
from modules.core.errors import ConfigError
from modules.core.grants import Grantee, role_of, sid_word, variable_name
from modules.core.statements import Statement
from modules.core.tokens import region_of

_HTTPS = 443


class BusBase(Construct):
    """An event bus that roles put events on.

    Attributes:
        name: its name, or the ARN of one in another account, as PutEvents takes it; a token if the stack makes it, so
            that who uses it waits for it.
        arn: its ARN.
        key_arn: the KMS key that encrypts its events; empty when AWS's own does.
        dependencies: Terraform resources to wait for before an AWS service is told of it, such as its policy.
    """

    name: str
    arn: str
    key_arn: str
    dependencies: tuple[Any, ...] = ()  # Terraform resources of any type

    @property
    def word(self) -> str:
        """The construct's path as a part of a statement's Sid, such as `Orders`."""
        return sid_word(self.node.path.partition("/")[2])

    def grant_put_events(self, grantee: Grantee) -> None:
        """Let a role put events, and encrypt them.

        Args:
            grantee: a role, or what has one, such as a function.
        """
        role_of(grantee).grant(*self._statements())

    def connection(self, *, access: str = "put_events", environment_name: str = "") -> Connection:
        """What a function needs: its role's statements, a variable with the bus's name, and a way to EventBridge.

        Args:
            access: `put_events`.
            environment_name: variable that gets the name; by default `ORDERS_BUS` for a construct `orders`.

        Raises:
            ConfigError: the access is unknown.
        """
        if access != "put_events":
            raise ConfigError.single(self.node.path, f'access is "{access}"', "a bus takes put_events", "write that")
        return Connection(
            name=self.node.id,
            port=_HTTPS,
            statements=self._statements(),
            environment={environment_name or variable_name(self.node.id, "BUS"): self.name},
            services=("events",),
        )

    def destination(self) -> EventDestination:
        """The bus as the destination of records of asynchronous invocations."""
        return EventDestination(self.arn, "events", self._statements(), self.dependencies)

    def _statements(self) -> tuple[Statement, ...]:
        region = region_of(self.arn) or target_of(self).region
        return put_statements(self.word, arn=self.arn, key_arn=self.key_arn, region=region)
