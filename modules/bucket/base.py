"""What an owned and an existing bucket have in common: grants, connections, and being a destination."""

from __future__ import annotations

from typing import Any

import modules.core.engine

from modules.bucket.statements import key_statement, prefix_problems, read_statements, write_statements
from modules.core.connections import Connection
from modules.core.context import target_of
from modules.core.destinations import EventDestination
from modules.core.errors import ConfigError
from modules.core.grants import Grantee, role_of, sid_mark, variable_name
from modules.core.statements import Statement
from modules.core.store import Store, access_problems

_ACCESS = ("read", "write", "read_write")
_HTTPS = 443


class BucketBase(Store):
    """A bucket that roles are granted access to.

    Attributes:
        name: its name; a token if the stack makes it, so that who uses it waits for it.
        arn: its ARN.
        key_arn: the KMS key that encrypts its objects; empty when S3's own key does.
        dependencies: Terraform resources to wait for before it is used, such as its policy.
    """

    name: str
    arn: str
    key_arn: str
    dependencies: tuple[Any, ...] = ()  # Terraform resources of any type

    def grant_read(self, grantee: Grantee, *, prefix: str = "") -> None:
        """Let a role read and list the objects below `prefix`, and decrypt them.

        Args:
            grantee: a role, or what has one, such as a function.
            prefix: empty for all objects, else a folder such as `orders/`.

        Raises:
            ConfigError: the prefix names no folder.
        """
        self._grant(grantee, "read", prefix)

    def grant_write(self, grantee: Grantee, *, prefix: str = "") -> None:
        """Let a role put and delete objects below `prefix`, and encrypt them. Arguments are those of `grant_read`."""
        self._grant(grantee, "write", prefix)

    def grant_read_write(self, grantee: Grantee, *, prefix: str = "") -> None:
        """Both of the others. Arguments are those of `grant_read`."""
        self._grant(grantee, "read_write", prefix)

    def connection(self, *, access: str = "read", prefix: str = "", environment_name: str = "") -> Connection:
        """What a function needs: its role's statements, a variable with the bucket's name, and a way to S3.

        The bucket knows no network: `services` names S3, and the function opens the way that its network has there,
        such as the prefix list of the gateway endpoint.

        Args:
            access: `read`, `write` or `read_write`.
            prefix: empty for all objects, else a folder such as `orders/`.
            environment_name: variable that gets the bucket's name; by default `FILES_BUCKET` for a construct `files`.

        Raises:
            ConfigError: the access is unknown, or the prefix names no folder.
        """
        variable = environment_name or variable_name(self.node.id, "BUCKET")
        return Connection(
            name=self.node.id,
            port=_HTTPS,
            statements=self._statements(access, prefix),
            environment={variable: self.name},
            dependencies=self.dependencies,
            services=("s3",),
        )

    def destination(self) -> EventDestination:
        """The bucket as what failed asynchronous invocations are kept in; Lambda takes it for failures only."""
        return EventDestination(self.arn, "s3", self._statements("destination", ""), self.dependencies)

    def require_access_logs(self) -> None:
        """Refuse to take the access log of another bucket under a KMS key.

        Raises:
            ConfigError: a KMS key encrypts this bucket.
        """
        if self.key_arn:
            raise ConfigError.single(
                self.node.path,
                "a KMS key encrypts the bucket",
                "S3 delivers access logs to no such bucket (S3 guide)",
                "choose one with sse_algorithm AES256",
            )

    def _grant(self, grantee: Grantee, access: str, prefix: str) -> None:
        role_of(grantee).grant(*self._statements(access, prefix))

    def _statements(self, access: str, prefix: str) -> tuple[Statement, ...]:
        problems = list(prefix_problems(prefix))
        if problems:
            raise ConfigError(problems).within(self.node.path)
        word = self.word
        below = word + sid_mark(prefix)
        readers = read_statements(below, self.arn, prefix)
        writers = write_statements(below, self.arn, prefix)
        to_destination = (
            Statement(f"List{word}", ("s3:ListBucket",), (self.arn,)),
            Statement(f"Keep{word}", ("s3:PutObject",), (f"{self.arn}/*",)),
        )
        chosen = {
            "read": readers,
            "write": writers,
            "read_write": (*readers, *writers),
            "destination": to_destination,
        }
        if access not in chosen:
            raise ConfigError(access_problems(access, _ACCESS)).within(self.node.path)
        writes, reads = access != "read", access in ("read", "read_write")
        return (
            *chosen[access],
            *(self._key_statement(word, writes=False) if reads else ()),
            *(self._key_statement(word, writes=True) if writes else ()),
        )

    def _key_statement(self, word: str, *, writes: bool) -> tuple[Statement, ...]:
        if not self.key_arn:
            return ()
        target = target_of(self)
        return (key_statement(word, bucket_arn=self.arn, key_arn=self.key_arn, target=target, writes=writes),)
