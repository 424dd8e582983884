"""What an owned and an existing cluster have in common: the Data API, and connections."""

from __future__ import annotations

from dataclasses import replace

import modules.core.engine

from modules.core.connections import Connection
from modules.core.errors import ConfigError
from modules.core.fields import Reason
from modules.core.grants import Grantee, role_of
from modules.core.statements import Statement
from modules.database.base import DatabaseBase
from modules.database.cluster_data_api import HTTPS, data_api_problems, run_statement
from modules.secret import SecretBase


class DatabaseClusterBase(DatabaseBase):
    """A cluster that functions connect to, or run SQL on over the Data API.

    Attributes:
        arn: the cluster's ARN.
        has_data_api: whether its Data API is on.
        custom_host: host name of the endpoint for `custom_endpoint_instances`; empty without any.
    """

    arn: str
    has_data_api: bool
    custom_host: str = ""

    def connection(
        self,
        *,
        user: str = "",
        master_password_reason: Reason = "",
        reader: bool = False,
        custom_endpoint: bool = False,
        data_api: bool = False,
        secret: SecretBase | None = None,
        connections_per_environment: int = 1,
        event_source_maximum: int | None = None,
        environment_prefix: str = "DB",
    ) -> Connection:
        """What a function needs to connect directly, or to run SQL over the Data API.

        Args:
            user: as for every database, as are the next two and the last three.
            master_password_reason: why the function may read the master user's password.
            reader: connect to a reader.
            custom_endpoint: connect to one of `custom_endpoint_instances`.
            data_api: run SQL over HTTPS, without a connection: neither group is opened, and the variables are
                `DB_CLUSTER_ARN`, `DB_SECRET_ARN` and `DB_NAME`.
            secret: with `data_api`, the secret of the user; else `master_password_reason` is set.
            connections_per_environment: connections that each environment of the function keeps open.
            event_source_maximum: sum of the maximum concurrency of the function's event sources.
            environment_prefix: begins the variables.

        Raises:
            ConfigError: the choices do not go together, or there is no such endpoint.
        """
        self._refuse_mixed(
            data_api=data_api, given={"user": user, "reader": reader, "custom_endpoint": custom_endpoint}, secret=secret
        )
        if data_api:
            return self._data_api_connection(secret, master_password_reason, environment_prefix)
        if custom_endpoint and (reader or not self.custom_host):
            allowed = "a connection leads to one endpoint" if reader else "the cluster has no custom endpoint"
            fix = "set one of reader and custom_endpoint" if reader else "set custom_endpoint_instances of the cluster"
            raise ConfigError.single(self.node.path, "custom_endpoint is True", allowed, fix)
        found = super().connection(
            user=user,
            master_password_reason=master_password_reason,
            reader=reader,
            connections_per_environment=connections_per_environment,
            event_source_maximum=event_source_maximum,
            environment_prefix=environment_prefix,
        )
        if not custom_endpoint:
            return found
        return replace(found, environment={**found.environment, f"{environment_prefix}_HOST": self.custom_host})

    def grant_data_api(
        self, grantee: Grantee, *, secret: SecretBase | None = None, master_password_reason: Reason = ""
    ) -> None:
        """Let a role run SQL over the Data API, and read the secret that it signs in with.

        Args:
            grantee: a role, or what has one, such as a function.
            secret: secret of the user.
            master_password_reason: instead of `secret`, why the role may read the master user's password.

        Raises:
            ConfigError: the cluster has no Data API, or not one of the two is given.
        """
        role_of(grantee).grant(*self._data_api_statements(secret, master_password_reason))

    def _refuse_mixed(self, *, data_api: bool, given: dict[str, str | bool], secret: SecretBase | None) -> None:
        if data_api:
            for name, value in given.items():
                if value:
                    shown = f'"{value}"' if isinstance(value, str) else value
                    raise ConfigError.single(
                        self.node.path,
                        f"{name} is {shown}, and data_api is True",
                        "the Data API runs on the writer, and signs in with a secret (Aurora guide, RDS Data API)",
                        "remove one of the two",
                    )
        elif secret is not None:
            raise ConfigError.single(
                self.node.path,
                "secret is given, and data_api is False",
                "a direct connection signs in with an IAM token, or with the master user's password",
                "remove secret, or set data_api",
            )

    def _data_api_connection(self, secret: SecretBase | None, reason: str, prefix: str) -> Connection:
        return Connection(
            name=f"{self._name}-data-api",
            port=HTTPS,
            statements=self._data_api_statements(secret, reason),
            environment={
                f"{prefix}_CLUSTER_ARN": self.arn,
                f"{prefix}_NAME": self.database_name,
                f"{prefix}_SECRET_ARN": secret.arn if secret else self.master_secret_arn,
            },
            dependencies=(*self.dependencies, *(secret.dependencies if secret else ())),
            services=("rds-data",),
        )

    def _data_api_statements(self, secret: SecretBase | None, reason: str) -> tuple[Statement, ...]:
        problems = list(
            data_api_problems(
                enabled=self.has_data_api,
                has_secret=secret is not None,
                reason=reason,
                has_master_secret=bool(self.master_secret_arn),
            )
        )
        if problems:
            raise ConfigError(problems).within(self.node.path)
        read = secret.connection().statements if secret else self.secret_statements(f"{self.word}MasterSecret")
        return (run_statement(self.word, self.arn), *read)
