"""What instances, clusters and existing databases have in common: how functions and proxies reach them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import modules.core.engine

from modules.core.concurrency import ConnectionDemand
from modules.core.connections import Connection, SecurityGroupLike
from modules.core.context import target_of
from modules.core.errors import ConfigError, Problem
from modules.core.fields import Reason
from modules.core.grants import sid_mark
from modules.core.statements import Condition, Statement
from modules.core.store import Store
from modules.core.tokens import is_token
from modules.database.connection_budgets import DatabaseBudget
from modules.database.engines import Engine
from modules.key import KeyBase
from modules.network import NetworkBase

_RULE_NAMES = {"database": "database-direct"}
"""Construct path of a database → name of the rules that lead to it, where it is not the path: the rules of a group have
names, and that of the rules to a proxy `proxy` is `database`."""


class DatabaseBase(Store):
    """A database that functions connect to, directly or through a proxy.

    Attributes:
        engine: what it runs.
        identifier: its name.
        instance_identifier: identifier of the instance, as a token; empty for a cluster.
        cluster_identifier: identifier of the cluster, as a token; empty for an instance.
        database_name: database that functions use.
        master_username: its master user.
        port: TCP port.
        host: host name of the writer, as a token.
        reader_host: host name of a reader, as a token; empty where there is none.
        resource_id: the id that IAM database authentication names, as a token.
        reader_resource_id: the same of the reader; a cluster's readers share the cluster's.
        master_secret_arn: secret of the master user, as a token; empty where none is known.
        master_secret_key_arn: KMS key that encrypts that secret; empty where none is known.
        security_group: admits nobody until something connects.
        network: where it stands.
        key: the stack's key, for what a proxy in front of it keeps.
        max_connections: most connections at once, an upper bound; None when it is not known.
        reader_max_connections: the same of the reader.
        is_paused_when_idle: whether it pauses when nobody is connected (Serverless v2 from 0 ACU).
        instance_class: class of the largest instance, such as `db.t4g.medium`; empty when not known or serverless.
        max_acu: most capacity units of Serverless v2; 0 for anything else.
        dependencies: Terraform resources to wait for before it is used.
        is_replica: whether it is a read replica of an instance, which no proxy takes (RDS guide, RDS Proxy).
        budget: counts the direct connections of functions to the writer.
        reader_budget: counts those to the reader.
    """

    engine: Engine
    identifier: str
    instance_identifier: str = ""
    cluster_identifier: str = ""
    database_name: str
    master_username: str
    port: int
    host: str
    reader_host: str = ""
    resource_id: str
    reader_resource_id: str = ""
    master_secret_arn: str = ""
    master_secret_key_arn: str = ""
    security_group: SecurityGroupLike
    network: NetworkBase
    key: KeyBase
    max_connections: int | None = None
    reader_max_connections: int | None = None
    is_paused_when_idle: bool = False
    instance_class: str = ""
    max_acu: float = 0
    dependencies: tuple[Any, ...] = ()  # Terraform resources of any type
    is_replica: bool = False
    budget: DatabaseBudget
    reader_budget: DatabaseBudget

    def connection(
        self,
        *,
        user: str = "",
        master_password_reason: Reason = "",
        reader: bool = False,
        connections_per_environment: int = 1,
        event_source_maximum: int | None = None,
        environment_prefix: str = "DB",
    ) -> Connection:
        """What a function needs to connect directly, without a proxy, over TLS.

        It signs in as `user` with an IAM token. What sets up users signs in as the master user instead, with the
        password that RDS keeps in a secret, and says why.

        Args:
            user: database user that IAM signs in (PostgreSQL: with the role `rds_iam`; MySQL and MariaDB: identified
                with `AWSAuthenticationPlugin`); not the master user.
            master_password_reason: why the function may read the master user's password; instead of `user`.
            reader: connect to the reader.
            connections_per_environment: connections that each environment of the function keeps open.
            event_source_maximum: sum of the maximum concurrency of the function's event sources, where these alone
                invoke it.
            environment_prefix: begins the variables: `DB_HOST`, `DB_PORT`, `DB_NAME` and `DB_USER`, and
                `DB_SECRET_ARN` with the master user's password.

        Raises:
            ConfigError: the choices do not go together, or there is no reader or no secret.
        """
        problems = list(self._connection_problems(user, master_password_reason, reader=reader))
        if problems:
            raise ConfigError(problems).within(self.node.path)
        environment = {
            f"{environment_prefix}_HOST": self.reader_host if reader else self.host,
            f"{environment_prefix}_PORT": str(self.port),
            f"{environment_prefix}_NAME": self.database_name,
            f"{environment_prefix}_USER": user or self.master_username,
        }
        if not user:
            environment[f"{environment_prefix}_SECRET_ARN"] = self.master_secret_arn
        return Connection(
            name=_RULE_NAMES.get(self._name, self._name) + ("-reader" if reader else ""),
            port=self.port,
            security_group=self.security_group,
            statements=(self._sign_in(user, reader=reader),) if user else self._read_master_secret(),
            environment=environment,
            dependencies=self.dependencies,
            services=() if user else ("secretsmanager",),
            demand=ConnectionDemand(
                self.reader_budget if reader else self.budget,
                connections_per_environment=connections_per_environment,
                event_source_maximum=event_source_maximum,
            ),
        )

    @property
    def _name(self) -> str:
        return self.node.path.partition("/")[2].replace("/", "-")

    def secret_statements(self, word: str) -> tuple[Statement, ...]:
        """Read and decrypt the secret of the master user.

        Args:
            word: ends the statements' Sids, such as `MasterSecret`.
        """
        target = target_of(self)
        read = Statement(f"Read{word}", ("secretsmanager:GetSecretValue",), (self.master_secret_arn,))
        if not self.master_secret_key_arn:
            return (read,)
        via = Condition("StringEquals", "kms:ViaService", (f"secretsmanager.{target.region}.amazonaws.com",))
        decrypt = Statement(f"Decrypt{word}", ("kms:Decrypt",), (self.master_secret_key_arn,), conditions=(via,))
        return (read, decrypt)

    def _sign_in(self, user: str, *, reader: bool) -> Statement:
        resource_id = (self.reader_resource_id or self.resource_id) if reader else self.resource_id
        return Statement(
            f"Connect{self.word}{'Reader' if reader else ''}As{sid_mark(user)}",
            ("rds-db:connect",),
            (target_of(self).arn("rds-db", f"dbuser:{resource_id}/{user}"),),
        )

    def _read_master_secret(self) -> tuple[Statement, ...]:
        return self.secret_statements(f"{self.word}MasterSecret")

    def _connection_problems(self, user: str, reason: str, *, reader: bool) -> Iterator[Problem]:
        if bool(user) is bool(reason):
            yield Problem(
                "",
                f'user is "{user}" and master_password_reason is "{reason}"',
                "a function signs in as a user with an IAM token, or as the master user with its password",
                "set one of the two",
            )
        elif user and user == self.master_username:
            yield Problem(
                "",
                f'user is "{user}"',
                "it is the master user, who has a password, and IAM signs in other users",
                "name a user of the function's own, or set master_password_reason",
            )
        elif user and (is_token(user) or not _is_plain(user)):
            yield Problem(
                "",
                f'user is "{user}"',
                "a permission names one user, with letters, digits and underscores",
                "write the user's name",
            )
        if reason and not self.master_secret_arn:
            yield Problem(
                "",
                "the master user's password is asked for",
                "the database has no secret of it",
                "name the secret, or connect as a user with an IAM token",
            )
        if reader and not self.reader_host:
            yield Problem("", "reader is True", "the database has no reader", "add a replica, or use the writer")


def _is_plain(user: str) -> bool:
    return user.isascii() and user.replace("_", "").isalnum()
