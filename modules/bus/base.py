"""What an owned and an existing event bus have in common: grants, connections, being a destination."""

from __future__ import annotations

from typing import Any

import modules.core.engine

from modules.bus.statements import put_statement
from modules.core.connections import Connection
from modules.core.destinations import EventDestination
from modules.core.errors import ConfigError
from modules.core.grants import Grantee, role_of, variable_name
from modules.core.statements import Statement
from modules.core.store import Store

_HTTPS = 443


class BusBase(Store):
    """An event bus that roles put events on.

    Attributes:
        name: its name, or the ARN of one in another account, as PutEvents takes it; a token if the stack makes it, so
            that who uses it waits for it.
        arn: its ARN.
        dependencies: Terraform resources to wait for before an AWS service is told of it, such as its policy.
    """

    name: str
    arn: str
    dependencies: tuple[Any, ...] = ()  # Terraform resources of any type

    def grant_put_events(self, grantee: Grantee) -> None:
        """Let a role put events. The bus's key is EventBridge's to use, so the role needs none.

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
        return (put_statement(self.word, arn=self.arn),)
