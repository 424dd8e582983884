"""An RDS Proxy in front of a database: TLS and IAM required, reading exactly its users' secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

import modules.core.engine

from cdktf import Fn
from cdktf_cdktf_provider_aws.db_proxy import DbProxy, DbProxyAuth
from cdktf_cdktf_provider_aws.db_proxy_default_target_group import (
    DbProxyDefaultTargetGroup,
    DbProxyDefaultTargetGroupConnectionPoolConfig,
)
from cdktf_cdktf_provider_aws.db_proxy_target import DbProxyTarget
from constructs import Construct

from modules.core.context import target_of
from modules.core.errors import ConfigError, Problem
from modules.core.iam import Role
from modules.core.skips import skip
from modules.core.statements import service_trust
from modules.core.warnings import warn
from modules.database.base import DatabaseBase
from modules.database.connection_pools import PoolBudget
from modules.database.proxy_addresses import addresses_needed
from modules.database.proxy_alarms import proxy_alarms
from modules.database.proxy_base import ProxyBase
from modules.database.proxy_checks import (
    UserSecret,
    address_problems,
    database_problems,
    engine_problems,
    user_problems,
)
from modules.database.proxy_config import READ_ONLY, DatabaseProxyConfig
from modules.database.proxy_endpoints import add_endpoints
from modules.database.proxy_users import ProxyUsers
from modules.network import SecurityGroup
from modules.observability import AlarmTopic, LogGroup, create_alarms
from modules.secret import SecretBase

if TYPE_CHECKING:
    from modules.database.proxy_existing import ExistingProxy
    from modules.database.proxy_existing_config import ExistingProxyConfig
    from modules.network import NetworkBase

_RESOURCE_ID_IN_ARN = 6
PASSWORDS, OVERSUBSCRIBED, UNWATCHED = ("CKV2_LNET_302",), ("CKV2_LNET_305",), ("CKV2_LNET_605",)
"""Checks that a proxy skips where clients use passwords, where they may want more than its pool, and without alarms."""


class DatabaseProxy(ProxyBase):
    """A connection pool in front of an instance or a cluster.

    Attributes:
        addresses_needed: IP addresses that it needs of the isolated subnets together (RDS guide).
        alarm_names: its alarms.

    Raises:
        ConfigError: database, network, users and settings do not go together, other proxies and direct functions leave
            too few connections, or alarms have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        database: DatabaseBase,
        config: DatabaseProxyConfig | None = None,
        users: Mapping[str, SecretBase] | None = None,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        """Make the proxy.

        Args:
            scope: the stack, or a construct of it.
            construct_id: id below `scope`; last part of the proxy's name.
            database: what stands behind it.
            config: everything else.
            users: secrets of database users beside the master user, by user; each holds `username` and `password`.
            alarm_topic: where alarms publish.
        """
        super().__init__(scope, construct_id)
        config = config or DatabaseProxyConfig()
        secrets = dict(sorted((users or {}).items()))
        target, network = target_of(self), database.network
        config.require(target, where=self.node.path)
        self.addresses_needed = addresses_needed(
            instance_class=database.instance_class, max_acu=database.max_acu, endpoints=len(config.endpoints)
        )
        problems = list(_problems(config, database, secrets))
        problems += address_problems(
            {**network.proxy_addresses, self.node.path: self.addresses_needed}, network.isolated_addresses
        )
        if problems:
            raise ConfigError(problems).within(self.node.path)
        self._count(config, database)
        network.proxy_addresses[self.node.path] = self.addresses_needed
        self.name = target.naming.name(construct_id, max_length=63)
        self.port, self.database_name = database.engine.port, database.database_name
        self.security_group = SecurityGroup(
            self, "security-group", thing=construct_id, description="RDS Proxy", vpc_id=network.vpc_id
        )
        self.security_group.allow_to(database.security_group, port=database.port, reason="database")
        known = ProxyUsers(config, database=database, secrets=secrets, target=target)
        self.users, self._passwords = known.names, known.passwords
        role = Role(
            self,
            "role",
            name=target.naming.name(construct_id),
            trust=service_trust("rds.amazonaws.com"),
            statements=known.statements,
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
            engine_family=database.engine.family,
            require_tls=True,
            auth=[DbProxyAuth(**entry) for entry in known.entries],
            role_arn=role.arn,
            vpc_subnet_ids=list(network.isolated_subnet_ids),
            vpc_security_group_ids=[self.security_group.id],
            idle_client_timeout=config.idle_client_timeout_seconds,
            debug_logging=config.debug_logging,
            depends_on=[role.ready, logs.resource, *known.dependencies],
        )
        _write_provider_6_arguments(proxy, config)
        self._proxy = proxy
        skip(proxy, config.iam_auth_off_reason, *PASSWORDS)
        skip(proxy, config.alarms.off_reason, *UNWATCHED)
        registered = self._register(proxy.name, config, database)
        self.endpoint = proxy.endpoint
        self.endpoints = add_endpoints(
            self,
            config.endpoints,
            proxy_name=proxy.name,
            subnet_ids=network.isolated_subnet_ids,
            security_group_id=self.security_group.id,
            wait_for=(registered,),
        )
        self.resource_id = Fn.element(Fn.split(":", proxy.arn), _RESOURCE_ID_IN_ARN)
        self.dependencies = (registered,)
        specs = proxy_alarms(proxy.name, has_readers=bool(self._read_only))
        self.alarm_names = create_alarms(self, specs, thing=construct_id, config=config.alarms, topic=alarm_topic)

    @staticmethod
    def from_existing(
        scope: Construct, construct_id: str, *, config: ExistingProxyConfig, network: NetworkBase
    ) -> ExistingProxy:
        """A proxy that exists already; functions connect to it as to an owned one."""
        from modules.database.proxy_existing import ExistingProxy  # noqa: PLC0415  # rarely needed

        return ExistingProxy(scope, construct_id, config=config, network=network)

    def _count(self, config: DatabaseProxyConfig, database: DatabaseBase) -> None:
        """Take the pool's share of the connections of the writer, and of the readers if endpoints lead to them."""
        tell, waits = partial(warn, self), partial(self._skip_oversubscription, config)
        percent, reason = config.max_connections_percent, config.oversubscription_reason
        self._read_only = frozenset(name for name, each in config.endpoints.items() if each.role == READ_ONLY)
        self.budget = PoolBudget(
            self.node.path,
            database=database.budget,
            percent=percent,
            oversubscription_reason=reason,
            warn=tell,
            oversubscribed=waits,
        )
        if self._read_only:
            self.reader_budget = PoolBudget(
                f"{self.node.path} endpoint {', '.join(sorted(self._read_only))}",
                database=database.reader_budget,
                percent=percent,
                oversubscription_reason=reason,
                warn=tell,
                oversubscribed=waits,
            )

    def _skip_oversubscription(self, config: DatabaseProxyConfig) -> None:
        skip(self._proxy, config.oversubscription_reason, *OVERSUBSCRIBED)

    def _register(self, proxy_name: str, config: DatabaseProxyConfig, database: DatabaseBase) -> DbProxyTarget:
        """The pool, and the database as its target once its writer is there."""
        group = DbProxyDefaultTargetGroup(
            self,
            "target-group",
            db_proxy_name=proxy_name,
            connection_pool_config=DbProxyDefaultTargetGroupConnectionPoolConfig(
                connection_borrow_timeout=config.connection_borrow_timeout_seconds,
                init_query=config.init_query or None,
                max_connections_percent=config.max_connections_percent,
                max_idle_connections_percent=config.max_idle_connections_percent,
                session_pinning_filters=list(config.session_pinning_filters) or None,
            ),
        )
        return DbProxyTarget(
            self,
            "target",
            db_proxy_name=proxy_name,
            target_group_name=group.name,
            db_instance_identifier=database.instance_identifier or None,
            db_cluster_identifier=database.cluster_identifier or None,
            depends_on=list(database.dependencies) or None,
        )


def _problems(
    config: DatabaseProxyConfig, database: DatabaseBase, secrets: Mapping[str, SecretBase]
) -> Iterator[Problem]:
    yield from engine_problems(config, database.engine)
    yield from user_problems(
        config,
        {user: UserSecret(secret.username, secret.rotation) for user, secret in secrets.items()},
        master_username=database.master_username,
        has_master_secret=bool(database.master_secret_arn),
    )
    yield from database_problems(
        config,
        is_paused_when_idle=database.is_paused_when_idle,
        is_cluster=bool(database.cluster_identifier),
        has_reader=bool(database.reader_host),
        is_replica=database.is_replica,
        zones=database.network.availability_zones,
        subnets=len(database.network.isolated_subnet_ids),
        is_dual_stack=database.network.is_dual_stack,
    )


def _write_provider_6_arguments(proxy: DbProxy, config: DatabaseProxyConfig) -> None:
    """Write what the bindings of provider 5 do not know; the configuration refuses it while the target allows them."""
    if config.default_auth_scheme != "NONE":
        proxy.add_override("default_auth_scheme", config.default_auth_scheme)
    if config.endpoint_network_type != "IPV4":
        proxy.add_override("endpoint_network_type", config.endpoint_network_type)
    if config.target_connection_network_type != "IPV4":
        proxy.add_override("target_connection_network_type", config.target_connection_network_type)
