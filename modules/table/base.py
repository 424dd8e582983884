"""What an owned and an existing table have in common: grants and connections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import modules.core.engine

from modules.core.connections import Connection
from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.core.grants import Grantee, role_of, variable_name
from modules.core.statements import Statement
from modules.core.store import Store, access_problems
from modules.table.statements import ACCESS, TableAccess, leading_key_problems

_HTTPS = 443


class TableBase(Store):
    """A table that roles are granted access to.

    Attributes:
        name: its name; a token if the stack makes it, so that who uses it waits for it.
        arn: its ARN.
        stream_arn: ARN of its stream of changes; empty without one.
        key_arn: KMS key that encrypts it; empty when DynamoDB's own does.
        index_names: its indexes, sorted.
        dependencies: Terraform resources to wait for before it is used, such as its policy.
    """

    name: str
    arn: str
    stream_arn: str
    key_arn: str
    index_names: tuple[str, ...]
    dependencies: tuple[Any, ...] = ()  # Terraform resources of any type

    def grant_read(self, grantee: Grantee, *, leading_keys: Sequence[str] = ()) -> None:
        """Let a role read items of the table and its indexes, and decrypt them.

        Args:
            grantee: a role, or what has one, such as a function.
            leading_keys: partition keys that it is kept to, such as a tenant's; none for all items. It then may
                neither scan nor use an index.

        Raises:
            ConfigError: the leading keys are no list, or known only later.
        """
        role_of(grantee).grant(*self._statements("read", leading_keys))

    def grant_write(self, grantee: Grantee, *, leading_keys: Sequence[str] = ()) -> None:
        """Let a role put, update and delete items. Arguments are those of `grant_read`."""
        role_of(grantee).grant(*self._statements("write", leading_keys))

    def grant_read_write(self, grantee: Grantee, *, leading_keys: Sequence[str] = ()) -> None:
        """Both of the others. Arguments are those of `grant_read`."""
        role_of(grantee).grant(*self._statements("read_write", leading_keys))

    def grant_stream(self, grantee: Grantee) -> None:
        """Let a role read the stream of changes, as Lambda does for a function.

        Args:
            grantee: a role, or what has one, such as a function.

        Raises:
            ConfigError: the table has no stream.
        """
        if not self.stream_arn:
            raise ConfigError.single(
                self.node.path, "the table has no stream", "changes are read from one", "set stream_view_type"
            )
        role_of(grantee).grant(*self._access.stream(self.stream_arn))

    def connection(
        self, *, access: str = "read_write", leading_keys: Sequence[str] = (), environment_name: str = ""
    ) -> Connection:
        """What a function needs: its role's statements, a variable with the name, and a way to DynamoDB.

        The table knows no network: `services` names DynamoDB, and the function opens the way that its network has
        there, such as the prefix list of the gateway endpoint.

        Args:
            access: `read`, `write` or `read_write`.
            leading_keys: partition keys that the function is kept to; none for all items.
            environment_name: variable that gets the table's name; by default `ORDERS_TABLE` for a construct `orders`.

        Raises:
            ConfigError: the access is unknown, or the leading keys are no list, or known only later.
        """
        return Connection(
            name=self.node.id,
            port=_HTTPS,
            statements=self._statements(access, leading_keys),
            environment={environment_name or variable_name(self.node.id, "TABLE"): self.name},
            dependencies=self.dependencies,
            services=("dynamodb",),
        )

    @property
    def _access(self) -> TableAccess:
        indexes = tuple(f"{self.arn}/index/{name}" for name in self.index_names)
        word = self.word
        return TableAccess(word, self.arn, indexes, self.key_arn, target_of(self))

    def _statements(self, access: str, leading_keys: Sequence[str]) -> tuple[Statement, ...]:
        problems = list(leading_key_problems(leading_keys))
        problems += access_problems(access, ACCESS)
        if problems:
            raise ConfigError(problems).within(self.node.path)
        return self._access.items(access, leading_keys)
