"""A cluster of databases: Aurora, or RDS Multi-AZ; encrypted, TLS only, IAM authentication, kept by default."""

from __future__ import annotations

from functools import partial
from typing import Any

import modules.core.engine

from cdktf_cdktf_provider_aws.rds_cluster import RdsCluster
from cdktf_cdktf_provider_aws.rds_cluster_endpoint import RdsClusterEndpoint
from constructs import Construct

from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.core.warnings import warn
from modules.database.cluster_alarms import MULTI_AZ_INSTANCES, cluster_alarms
from modules.database.cluster_base import DatabaseClusterBase
from modules.database.cluster_capacity import capacities, classes_of
from modules.database.cluster_checks import member_problems, subnet_problems
from modules.database.cluster_config import DatabaseClusterConfig
from modules.database.cluster_instances import create_instances, instance_identifier
from modules.database.cluster_resource import LONGEST_IDENTIFIER, create_cluster
from modules.database.cluster_scaling import scale_readers
from modules.database.cluster_types import MultiAz, ServerlessV2
from modules.database.connection_budgets import DatabaseBudget
from modules.database.connections import instance_class_of
from modules.database.existing_cluster import ExistingDatabaseCluster
from modules.database.existing_cluster_config import ExistingDatabaseClusterConfig
from modules.database.generated_password import master_password_secret
from modules.database.global_cluster import GlobalDatabaseCluster
from modules.database.master_secret import rotate_master_secret
from modules.key import KeyBase
from modules.network import NetworkBase, SecurityGroup
from modules.observability import AlarmTopic, create_alarms
from modules.secret.hand_over import hand_over


class DatabaseCluster(DatabaseClusterBase):
    """A cluster in the isolated subnets of a network.

    Attributes:
        instance_identifiers: identifier of each instance, by name; tokens for Aurora.
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
        self._config, self.has_data_api = config, config.data_api
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
            self.master_secret_arn, self.master_secret_key_arn = self._master_secret(cluster), key.arn
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
        self._tell_of_unknown_classes()
        specs = cluster_alarms(self.cluster_identifier, self.instance_identifiers, config)
        self.alarm_names = create_alarms(self, specs, thing=construct_id, config=config.alarms, topic=alarm_topic)

    @staticmethod
    def from_existing(
        scope: Construct,
        construct_id: str,
        *,
        config: ExistingDatabaseClusterConfig,
        network: NetworkBase,
        key: KeyBase,
    ) -> ExistingDatabaseCluster:
        """A cluster that exists already, to connect to and to put a proxy in front of.

        Args:
            scope: where it is used.
            construct_id: part of the names of statements.
            config: what is known of it.
            network: where it stands.
            key: the stack's key, for what a proxy in front of it keeps.
        """
        return ExistingDatabaseCluster(scope, construct_id, config=config, network=network, key=key)

    def _master_secret(self, cluster: RdsCluster) -> str:
        """ARN of the secret: one that RDS keeps and rotates, or one of the stack's."""
        config = self._config
        if not config.master_password_rotation_off_reason:
            arn: str = cluster.master_user_secret.get(0).secret_arn
            days = config.master_password_rotation_days
            rotate_master_secret(self, "master-secret-rotation", secret_arn=arn, days=days)
            return arn
        secret = master_password_secret(
            self,
            f"{self.node.id}-master",
            username=config.master_username,
            version=config.master_password_version,
            rotation_off_reason=config.master_password_rotation_off_reason,
            key=self.key,
        )
        hand_over(secret, cluster, argument="master_password_wo", version=config.master_password_version)
        return secret.arn

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

    def _tell_of_unknown_classes(self) -> None:
        unknown = [name for name in classes_of(self._config) if instance_class_of(name) is None]
        if self._config.alarms.enabled and unknown:
            connections = "" if self._config.max_connections else "DatabaseConnections, "
            warn(
                self,
                f"the instance class is {', '.join(unknown)}",
                "the table of instance classes has no memory and no processors of it, so DBLoad, "
                f"{connections}FreeableMemory are watched by no alarm",
                "choose a class of the table, or add alarms of your own",
            )
