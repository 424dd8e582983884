"""What an owned and an existing proxy have in common: how functions connect through it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import modules.core.engine

from constructs import Construct

from modules.core.concurrency import ConnectionDemand
from modules.core.connections import Connection, SecurityGroupLike
from modules.core.context import target_of
from modules.core.errors import ConfigError, Problem
from modules.core.grants import sid_mark
from modules.core.statements import Statement
from modules.core.store import Store
from modules.database.connection_pools import PoolBudget

_RULE_NAMES = {"proxy": "database"}
"""Construct id of a proxy → name of the rules that lead to it, where it is not the id: rules are known to Terraform by
their names, and stacks were applied with this one."""


class ProxyBase(Store):
    """A connection pool that functions reach with a token signed by their own role, or with a password.

    Attributes:
        name: the proxy's name.
        endpoint: host name of the default endpoint, as a token if the stack makes it.
        endpoints: host names of the others, by name.
        port: port that it listens on, whatever the database's port (RDS guide): 5432 for PostgreSQL, 3306 for MySQL.
        users: database users that it can sign in.
        resource_id: id that IAM database authentication names, such as `prx-0123`.
        security_group: admits whoever connects.
        database_name: database that functions use.
        dependencies: Terraform resources to wait for before it is used.
        budget: counts what functions borrow of the writer's pool.
        reader_budget: the same of the readers' pool.
    """

    name: str
    endpoint: str
    endpoints: Mapping[str, str]
    port: int
    users: tuple[str, ...]
    resource_id: str
    security_group: SecurityGroupLike
    database_name: str
    dependencies: tuple[Any, ...] = ()  # Terraform resources of any type
    budget: PoolBudget
    reader_budget: PoolBudget | None = None
    _read_only: frozenset[str] = frozenset()
    _passwords: Mapping[str, tuple[str, tuple[Statement, ...]]]

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self._passwords = {}

    def connection(
        self,
        *,
        user: str,
        endpoint: str = "",
        connections_per_environment: int = 1,
        event_source_maximum: int | None = None,
        environment_prefix: str = "DB",
    ) -> Connection:
        """What a function needs to sign in as `user`: with an IAM token, or the password of the user's secret.

        Args:
            user: one of `users`.
            endpoint: one of `endpoints`; empty for the default one.
            connections_per_environment: connections that each environment of the function holds at once.
            event_source_maximum: sum of the maximum concurrency of the function's event sources, where these alone
                invoke it.
            environment_prefix: begins the variables: `DB_HOST`, `DB_PORT`, `DB_NAME` and `DB_USER`, and
                `DB_SECRET_ARN` where the function signs in with a password.

        Raises:
            ConfigError: the proxy knows no such user or endpoint.
        """
        problems = list(self._connection_problems(user, endpoint))
        if problems:
            raise ConfigError(problems).within(self.node.path)
        secret_arn, statements = self._passwords.get(user, ("", (self._sign_in(user),)))
        environment = {
            f"{environment_prefix}_HOST": self.endpoints[endpoint] if endpoint else self.endpoint,
            f"{environment_prefix}_PORT": str(self.port),
            f"{environment_prefix}_NAME": self.database_name,
            f"{environment_prefix}_USER": user,
        }
        if secret_arn:
            environment[f"{environment_prefix}_SECRET_ARN"] = secret_arn
        reads_only = endpoint in self._read_only and self.reader_budget is not None
        return Connection(
            name=_RULE_NAMES.get(self.node.id, self.node.id),
            port=self.port,
            security_group=self.security_group,
            statements=statements,
            environment=environment,
            dependencies=self.dependencies,
            services=("secretsmanager",) if secret_arn else (),
            demand=ConnectionDemand(
                self.reader_budget if reads_only and self.reader_budget else self.budget,
                connections_per_environment=connections_per_environment,
                event_source_maximum=event_source_maximum,
            ),
        )

    def _sign_in(self, user: str) -> Statement:
        return Statement(
            f"Connect{self.word}As{sid_mark(user)}",
            ("rds-db:connect",),
            (target_of(self).arn("rds-db", f"dbuser:{self.resource_id}/{user}"),),
        )

    def _connection_problems(self, user: str, endpoint: str) -> Iterator[Problem]:
        if user not in self.users:
            yield Problem(
                "", f'user is "{user}"', f"the proxy has secrets for {', '.join(self.users)}", "connect as one of them"
            )
        if endpoint and endpoint not in self.endpoints:
            known = ", ".join(sorted(self.endpoints)) or "none but its default one"
            yield Problem("", f'endpoint is "{endpoint}"', f"the proxy has {known}", "add it to endpoints")
