"""What an owned and an existing secret have in common: grants and connections."""

from __future__ import annotations

from typing import Any, Literal

import modules.core.engine

from modules.core.connections import Connection
from modules.core.context import target_of
from modules.core.grants import Grantee, role_of, variable_name
from modules.core.statements import Statement
from modules.core.store import Store
from modules.core.tokens import region_of
from modules.secret.statements import ACCESS, secret_statements

Rotation = Literal["single_user", "alternating_users"]
_HTTPS = 443


class SecretBase(Store):
    """A secret that roles are granted access to.

    Attributes:
        arn: its ARN, as a token if the stack makes it.
        name: its name.
        key_arn: KMS key that encrypts it; empty when AWS's own does.
        rotation: how its password changes; None when nothing rotates it.
        username: the user whose password it holds; empty where that is not known here.
        dependencies: Terraform resources to wait for before it is read, such as its first value.
    """

    arn: str
    name: str
    key_arn: str
    rotation: Rotation | None = None
    username: str = ""
    dependencies: tuple[Any, ...] = ()  # Terraform resources of any type

    def grant_read(self, grantee: Grantee) -> None:
        """Let a role read the secret's value, and decrypt it.

        Args:
            grantee: a role, or what has one, such as a function.
        """
        role_of(grantee).grant(*self._statements("read"))

    def grant_write(self, grantee: Grantee) -> None:
        """Let a role put a new value, and encrypt it. The argument is that of `grant_read`."""
        role_of(grantee).grant(*self._statements("write"))

    def grant_rotate(self, grantee: Grantee) -> None:
        """Let a role do what a rotation function does with the secret. The argument is that of `grant_read`."""
        role_of(grantee).grant(*self._statements("rotate"))

    def connection(self, *, access: str = "read", environment_name: str = "") -> Connection:
        """What a function needs: its role's statements, a variable with the ARN, and a way to Secrets Manager.

        Args:
            access: `read`, `write`, or `rotate` for a rotation function.
            environment_name: variable that gets the ARN; by default `PAYMENT_SECRET_ARN` for a construct `payment`.

        Raises:
            ConfigError: the access is unknown.
        """
        return Connection(
            name=self.node.id,
            port=_HTTPS,
            statements=self._statements(access),
            environment={environment_name or variable_name(self.node.id, "SECRET_ARN"): self.arn},
            dependencies=self.dependencies,
            services=("secretsmanager",),
        )

    def _statements(self, access: str) -> tuple[Statement, ...]:
        self._require_access(access, ACCESS)
        word = self.word
        region = region_of(self.arn) or target_of(self).region
        return secret_statements(word, access, arn=self.arn, key_arn=self.key_arn, region=region)
