"""What an owned and an existing stream have in common: grants and connections."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import modules.core.engine

from modules.core.connections import Connection
from modules.core.context import target_of
from modules.core.grants import Grantee, role_of, variable_name
from modules.core.statements import Statement
from modules.core.store import Store
from modules.core.tokens import region_of
from modules.stream.statements import ACCESS, stream_statements

_HTTPS = 443


class StreamBase(Store):
    """A stream that roles write to and read from.

    Attributes:
        name: its name; a token if the stack makes it, so that who uses it waits for it.
        arn: its ARN.
        key_arn: the KMS key that encrypts its records; empty when none or Kinesis's own does.
        consumer_arns: name of each consumer with enhanced fan-out → its ARN, as a token.
        retention_hours: how long a record can be read; None where that is not known.
        shards: its shards; None where they follow the load, or are not known.
        is_watched: whether alarms made here watch how old its records become.
    """

    name: str
    arn: str
    key_arn: str
    consumer_arns: Mapping[str, str] = MappingProxyType({})
    retention_hours: float | None = None
    shards: int | None = None
    is_watched: bool = False

    def grant_read(self, grantee: Grantee) -> None:
        """Let a role read records, also as a registered consumer, and decrypt them.

        Args:
            grantee: a role, or what has one, such as a function.
        """
        role_of(grantee).grant(*self._statements("read"))

    def grant_write(self, grantee: Grantee) -> None:
        """Let a role put records, and encrypt them. The argument is that of `grant_read`."""
        role_of(grantee).grant(*self._statements("write"))

    def connection(self, *, access: str = "write", environment_name: str = "") -> Connection:
        """What a function needs: its role's statements, a variable with the stream's name, and a way to Kinesis.

        Args:
            access: `read`, `write` or `read_write`.
            environment_name: variable that gets the name; by default `ORDERS_STREAM` for a construct `orders`.

        Raises:
            ConfigError: the access is unknown.
        """
        self._require_access(access, ACCESS)
        return Connection(
            name=self.node.id,
            port=_HTTPS,
            statements=self._statements(access),
            environment={environment_name or variable_name(self.node.id, "STREAM"): self.name},
            services=("kinesis-streams",),
        )

    def _statements(self, access: str) -> tuple[Statement, ...]:
        region = region_of(self.arn) or target_of(self).region
        return stream_statements(access, self.word, arn=self.arn, key_arn=self.key_arn, region=region)
