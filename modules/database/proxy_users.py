"""Whom a proxy can sign in: its authentication entries, and what its role and functions may read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import modules.core.engine

from modules.core.statements import Statement
from modules.core.target import Target
from modules.database.base import DatabaseBase
from modules.database.proxy_config import DatabaseProxyConfig
from modules.secret import SecretBase


class ProxyUsers:
    """The master user first, then the others in alphabetical order; or users without any secret, end to end with IAM.

    Attributes:
        names: users that may sign in.
        entries: arguments of the proxy's `auth` blocks, one for each secret.
        statements: what the proxy's role may do: read exactly these secrets with exactly their keys, or sign in exactly
            these users.
        passwords: where functions sign in with passwords: secret and statements to read it, by user.
        dependencies: Terraform resources that the proxy waits for, such as the secrets' values.
    """

    def __init__(
        self, config: DatabaseProxyConfig, *, database: DatabaseBase, secrets: Mapping[str, SecretBase], target: Target
    ) -> None:
        """Gather them.

        Args:
            config: the proxy's configuration.
            database: what stands behind the proxy.
            secrets: secrets of users beside the master user, by user, sorted.
            target: the stack's target.
        """
        self.names: tuple[str, ...] = ()
        self.entries: tuple[dict[str, str], ...] = ()
        self.statements: tuple[Statement, ...] = ()
        self.passwords: dict[str, tuple[str, tuple[Statement, ...]]] = {}
        self.dependencies: tuple[Any, ...] = ()
        self._config, self._type = config, config.client_password_auth_type or database.engine.client_password_types[0]
        if config.default_auth_scheme == "IAM_AUTH":
            self.names = tuple(sorted(config.iam_users))
            users = tuple(target.arn("rds-db", f"dbuser:{database.resource_id}/{user}") for user in self.names)
            self.statements = (Statement("SignInToDatabase", ("rds-db:connect",), users),)
            return
        if database.master_secret_arn:
            of_master = database.secret_statements(f"{database.word}MasterSecret")
            self._add(database.master_username, database.master_secret_arn, of_master)
            self.statements = database.secret_statements("MasterSecret")
        for user, secret in secrets.items():
            statements = secret.connection().statements
            self._add(user, secret.arn, statements)
            self.statements += statements
            self.dependencies += secret.dependencies

    def _add(self, user: str, secret_arn: str, statements: tuple[Statement, ...]) -> None:
        self.names += (user,)
        self.entries += (
            {
                "auth_scheme": "SECRETS",
                "iam_auth": self._config.iam_auth,
                "secret_arn": secret_arn,
                "client_password_auth_type": self._type,
                "description": f"user {user}",
            },
        )
        if self._config.iam_auth == "DISABLED":
            self.passwords[user] = (secret_arn, statements)
