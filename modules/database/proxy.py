"""An RDS Proxy in front of a database: TLS and IAM required, reading exactly one secret."""

from __future__ import annotations

import modules.core.engine

from cdktf import Fn
from cdktf_cdktf_provider_aws.db_proxy import DbProxy, DbProxyAuth
from cdktf_cdktf_provider_aws.db_proxy_default_target_group import (
    DbProxyDefaultTargetGroup,
    DbProxyDefaultTargetGroupConnectionPoolConfig,
)
from cdktf_cdktf_provider_aws.db_proxy_target import DbProxyTarget
from constructs import Construct

from modules.core.connections import Connection
from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.core.iam import Role
from modules.core.statements import Statement, service_trust
from modules.database.construct import Database
from modules.database.proxy_alarms import proxy_alarms
from modules.database.proxy_config import DatabaseProxyConfig
from modules.network import SecurityGroup
from modules.observability import AlarmTopic, LogGroup, create_alarms

POSTGRESQL_PORT = 5432
"""Port that a PostgreSQL proxy listens on, whatever the database's port (RDS guide)."""

_RESOURCE_ID_IN_ARN = 6
_FEWEST_ZONES = 2


class DatabaseProxy(Construct):
    """A connection pool that functions reach with a token signed by their own role.

    Attributes:
        name: the proxy's name.
        endpoint: host name, as a token.
        users: database users that the proxy has a secret for.
        security_group: admits whoever connects, and reaches only the database.
        alarm_names: its alarms.

    Raises:
        ConfigError: the network has one zone only, or alarms have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        database: Database,
        config: DatabaseProxyConfig | None = None,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        config = config or DatabaseProxyConfig()
        target = target_of(self)
        network = database.network
        if len(network.availability_zones) < _FEWEST_ZONES:
            raise ConfigError.single(
                self.node.path,
                f"the network has the zone {network.availability_zones[0]} only",
                "an RDS Proxy needs subnets in 2 availability zones (RDS guide)",
                "add a zone to the network",
            )
        self._target, self._database = target, database
        self.name = target.naming.name(construct_id, max_length=63)
        self.users = (database.master_username,)
        self.security_group = SecurityGroup(
            self, "security-group", thing=construct_id, description="RDS Proxy", vpc_id=network.vpc_id
        )
        self.security_group.allow_to(database.security_group, port=database.port, reason="database")
        role = Role(
            self,
            "role",
            name=target.naming.name(construct_id),
            trust=service_trust("rds.amazonaws.com"),
            statements=[
                Statement("ReadMasterSecret", ("secretsmanager:GetSecretValue",), (database.master_secret_arn,)),
                database.key.use_statement("DecryptMasterSecret", via_service="secretsmanager"),
            ],
        )
        logs = LogGroup(
            self,
            "logs",
            name=f"/aws/rds/proxy/{self.name}",
            retention_days=config.log_retention_days,
            key=database.key,
        )
        proxy = DbProxy(
            self,
            "proxy",
            name=self.name,
            engine_family="POSTGRESQL",
            require_tls=True,
            auth=[
                DbProxyAuth(
                    auth_scheme="SECRETS",
                    iam_auth="REQUIRED",
                    secret_arn=database.master_secret_arn,
                    client_password_auth_type="POSTGRES_SCRAM_SHA_256",  # noqa: S106  # a method, not a secret
                    description=f"user {database.master_username}",
                )
            ],
            role_arn=role.arn,
            vpc_subnet_ids=list(network.isolated_subnet_ids),
            vpc_security_group_ids=[self.security_group.id],
            idle_client_timeout=config.idle_client_timeout_seconds,
            debug_logging=False,
            depends_on=[role.ready, logs.resource],
        )
        group = DbProxyDefaultTargetGroup(
            self,
            "target-group",
            db_proxy_name=proxy.name,
            connection_pool_config=DbProxyDefaultTargetGroupConnectionPoolConfig(
                connection_borrow_timeout=config.connection_borrow_timeout_seconds,
                max_connections_percent=config.max_connections_percent,
                max_idle_connections_percent=config.max_idle_connections_percent,
            ),
        )
        registered = DbProxyTarget(
            self,
            "target",
            db_proxy_name=proxy.name,
            target_group_name=group.name,
            db_instance_identifier=database.instance_id,
        )
        self.endpoint: str = proxy.endpoint
        self._resource_id: str = Fn.element(Fn.split(":", proxy.arn), _RESOURCE_ID_IN_ARN)
        self._registered = registered
        specs = proxy_alarms(proxy.name)
        self.alarm_names = create_alarms(self, specs, thing=construct_id, config=config.alarms, topic=alarm_topic)

    def connection(self, *, user: str) -> Connection:
        """What a function needs to log in as `user` with an IAM token.

        Raises:
            ConfigError: the proxy has no secret for that user.
        """
        if user not in self.users:
            raise ConfigError.single(
                self.node.path,
                f'user is "{user}"',
                f"the proxy has secrets for {', '.join(self.users)}",
                "connect as one of them",
            )
        return Connection(
            name="database",
            port=POSTGRESQL_PORT,
            security_group=self.security_group,
            statements=(
                Statement(
                    "ConnectToDatabase",
                    ("rds-db:connect",),
                    (self._target.arn("rds-db", f"dbuser:{self._resource_id}/{user}"),),
                ),
            ),
            environment={
                "DB_HOST": self.endpoint,
                "DB_PORT": str(POSTGRESQL_PORT),
                "DB_NAME": self._database.database_name,
                "DB_USER": user,
            },
            dependencies=(self._registered,),
        )
