"""A cluster of databases: Aurora, or RDS Multi-AZ; encrypted, TLS only, IAM authentication, kept by default."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import modules.core.engine

from cdktf_cdktf_provider_aws.rds_cluster_endpoint import RdsClusterEndpoint
from constructs import Construct

from modules.core.connections import Connection
from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.core.fields import Reason
from modules.core.grants import Grantee, role_of
from modules.core.statements import Statement
from modules.core.warnings import warn
from modules.database.base import DatabaseBase
from modules.database.cluster_alarms import MULTI_AZ_INSTANCES, cluster_alarms
from modules.database.cluster_capacity import capacities
from modules.database.cluster_checks import member_problems, subnet_problems
from modules.database.cluster_config import DatabaseClusterConfig
from modules.database.cluster_data_api import HTTPS, data_api_problems, run_statements
from modules.database.cluster_instances import create_instances, instance_identifier
from modules.database.cluster_resource import LONGEST_IDENTIFIER, create_cluster
from modules.database.cluster_scaling import scale_readers
from modules.database.cluster_types import MultiAz, ServerlessV2
from modules.database.connection_budgets import DatabaseBudget
from modules.database.global_cluster import GlobalDatabaseCluster
from modules.database.master_secret import rotate_master_secret
from modules.key import KeyBase
from modules.network import NetworkBase, SecurityGroup
from modules.observability import AlarmTopic, create_alarms
from modules.secret import SecretBase


class DatabaseCluster(DatabaseBase):
    """A cluster in the isolated subnets of a network.

    Attributes:
        arn: the cluster's ARN, as a token.
        instance_identifiers: identifier of each instance, by name; tokens for Aurora.
        custom_host: host name of the endpoint for `custom_endpoint_instances`; empty without any.
        alarm_names: its alarms.

    Raises:
        ConfigError: the configuration does not fit target, network or global cluster, or alarms have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: DatabaseClusterConfig,
        network: NetworkBase,
        key: KeyBase,
        global_cluster: GlobalDatabaseCluster | None = None,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        target, kind = target_of(self), config.cluster_type
        config.require(target, where=self.node.path)
        joined = global_cluster.config if global_cluster else None
        problems = [*subnet_problems(config, network.availability_zones), *member_problems(config, joined)]
        if problems:
            raise ConfigError(problems).within(self.node.path)
        self._config = config
        self.engine, self.network, self.key = config.engine_data, network, key
        self.identifier = target.naming.name(construct_id, max_length=LONGEST_IDENTIFIER)
        self.database_name = config.secondary.database_name if config.secondary else config.database_name
        self.master_username, self.port = config.master_username, config.port or self.engine.port
        self.security_group = SecurityGroup(
            self, "security-group", thing=construct_id, description="Database cluster", vpc_id=network.vpc_id
        )
        made = create_cluster(self, config=config, global_cluster=global_cluster)
        cluster = made.cluster
        self.cluster_identifier: str = cluster.id
        self.arn: str = cluster.arn
        self.host: str = cluster.endpoint
        self.resource_id: str = cluster.cluster_resource_id
        if not config.secondary:
            self.master_secret_arn = cluster.master_user_secret.get(0).secret_arn
            self.master_secret_key_arn = key.arn
            rotate_master_secret(
                self,
                "master-secret-rotation",
                secret_arn=self.master_secret_arn,
                days=config.master_password_rotation_days,
            )
        if isinstance(kind, MultiAz):
            self.dependencies: tuple[Any, ...] = (cluster,)
            self.instance_identifiers = {name: f"{self.cluster_identifier}-{name}" for name in MULTI_AZ_INSTANCES}
        else:
            instances = create_instances(self, kind=kind, config=config, parts=made)
            self.dependencies = tuple(instances.values())
            self.instance_identifiers = {name: str(each.identifier) for name, each in instances.items()}
            if config.reader_scaling:
                scale_readers(
                    self,
                    cluster_identifier=self.cluster_identifier,
                    config=config.reader_scaling,
                    instances=self.dependencies,
                )
        if len(self.instance_identifiers) > 1:
            self.reader_host = cluster.reader_endpoint
        self.custom_host = self._custom_endpoint()
        self._count_connections()
        specs = cluster_alarms(self.cluster_identifier, self.instance_identifiers, config)
        self.alarm_names = create_alarms(self, specs, thing=construct_id, config=config.alarms, topic=alarm_topic)

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
            ConfigError: the choices do not go together, or there is no such reader.
        """
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
                enabled=self._config.data_api,
                has_secret=secret is not None,
                reason=reason,
                has_master_secret=bool(self.master_secret_arn),
            )
        )
        if problems:
            raise ConfigError(problems).within(self.node.path)
        read = secret.connection().statements if secret else self.secret_statements(f"{self.word}MasterSecret")
        return (run_statements(self.word, self.arn), *read)

    def _custom_endpoint(self) -> str:
        names = self._config.custom_endpoint_instances
        if not names:
            return ""
        endpoint = RdsClusterEndpoint(
            self,
            "custom-endpoint",
            cluster_identifier=self.cluster_identifier,
            cluster_endpoint_identifier=instance_identifier(self, "custom"),
            custom_endpoint_type="ANY",  # type READER would lead nowhere while one of them writes
            static_members=[self.instance_identifiers[name] for name in sorted(names)],
        )
        return str(endpoint.endpoint)

    def _count_connections(self) -> None:
        found = capacities(self._config)
        kind = self._config.cluster_type
        self.instance_class = found.largest_class
        if isinstance(kind, ServerlessV2):
            self.max_acu, self.is_paused_when_idle = kind.max_acu, kind.min_acu == 0
        self.max_connections, self.reader_max_connections = found.writer.most, found.readers.most
        tell = partial(warn, self)
        self.budget = DatabaseBudget(self.node.path, found.writer, warn=tell)
        self.reader_budget = DatabaseBudget(f"{self.node.path} (readers)", found.readers, warn=tell)
