"""An RDS instance: encrypted, TLS only, IAM authentication, kept by default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import modules.core.engine

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.db_instance import DbInstance
from cdktf_cdktf_provider_aws.db_subnet_group import DbSubnetGroup
from constructs import Construct

from modules.core.connections import Connection
from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.core.skips import skip
from modules.database.alarms import Watched
from modules.database.base import DatabaseBase
from modules.database.config import DatabaseConfig
from modules.database.config_checks import zone_problems
from modules.database.engines import POSTGRESQL
from modules.database.existing import ExistingDatabase
from modules.database.existing_config import ExistingDatabaseConfig
from modules.database.generated_password import master_password_secret
from modules.database.instance_parts import (
    budget_of,
    common_arguments,
    export_logs,
    monitoring_role,
    skip_checks,
    watch,
)
from modules.database.master_secret import rotate_master_secret
from modules.database.parameter_group import parameter_group
from modules.database.parameters import parameters_of
from modules.database.replica import DatabaseReplica
from modules.key import KeyBase
from modules.network import NetworkBase, SecurityGroup
from modules.observability import AlarmTopic
from modules.secret.hand_over import hand_over

WITHOUT_STANDBY = ("CKV_AWS_157",)
"""Checks that an instance skips without a standby."""


class Database(DatabaseBase):
    """An instance of PostgreSQL, MySQL or MariaDB in the isolated subnets of a network, and its read replicas.

    Attributes:
        instance_id: its identifier as a token, so that who uses it waits for it.
        replicas: read replicas by name; functions connect to each as to the instance.
        alarm_names: alarms of the instance and its replicas.

    Raises:
        ConfigError: the network has one zone only, or none of a replica's, or alarms have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: DatabaseConfig,
        network: NetworkBase,
        key: KeyBase,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        config.require(target_of(self), where=self.node.path)
        problems = list(zone_problems(network.availability_zones, config.replicas))
        if problems:
            raise ConfigError(problems).within(self.node.path)
        naming = target_of(self).naming
        self.engine, self.key, self.network = config.engine_data, key, network
        self.identifier = naming.name(construct_id, max_length=63)
        self.database_name, self.master_username = config.database_name, config.master_username
        self.port = config.port or self.engine.port
        self.instance_class = config.instance_class
        kept, own_password = config.removal == "keep", bool(config.master_password_rotation_off_reason)

        self.security_group = SecurityGroup(
            self, "security-group", thing=construct_id, description=_DESCRIPTIONS[config.engine], vpc_id=network.vpc_id
        )
        subnets = DbSubnetGroup(
            self, "subnets", name=self.identifier, subnet_ids=list(network.isolated_subnet_ids), description="Isolated"
        )
        logged = "slow statements and DDL" if self.engine.family == POSTGRESQL else "slow statements"
        group = parameter_group(
            self,
            "parameters",
            name=self.identifier,
            engine=self.engine,
            version=config.version,
            description=f"TLS required, {logged} logged",
            parameters=parameters_of(
                self.engine,
                slow_query_milliseconds=config.slow_query_milliseconds,
                max_connections=config.max_connections,
                added=config.parameters,
                added_pending_reboot=config.pending_reboot_parameters,
            ),
        )
        logs = export_logs(self, identifier=self.identifier, config=config, key=key)
        monitoring = monitoring_role(self, construct_id)
        instance = DbInstance(
            self,
            "instance",
            identifier=self.identifier,
            engine=self.engine.name,
            engine_version=config.version,
            instance_class=config.instance_class,
            db_name=config.database_name,
            username=config.master_username,
            manage_master_user_password=None if own_password else True,
            master_user_secret_kms_key_id=None if own_password else key.arn,
            storage_type=config.storage_type,
            allocated_storage=config.allocated_storage_gb,
            iops=config.iops,
            storage_throughput=config.storage_throughput_mibps,
            kms_key_id=key.arn,
            multi_az=config.multi_az,
            db_subnet_group_name=subnets.name,
            vpc_security_group_ids=[self.security_group.id],
            parameter_group_name=group,
            monitoring_role_arn=monitoring.arn,
            backup_retention_period=config.backup_retention_days,
            backup_window=config.backup_window,
            delete_automated_backups=not kept,
            deletion_protection=kept,
            skip_final_snapshot=not kept,
            final_snapshot_identifier=naming.name(f"{construct_id}-final", max_length=255) if kept else None,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if kept else None,
            depends_on=[*logs, monitoring.ready],
            **common_arguments(config, key),
        )
        skip(instance, config.multi_az_off_reason, *WITHOUT_STANDBY)
        skip_checks(instance, config, removal_reason=config.removal_reason, alarms=config.alarms)
        self.instance_id: str = instance.identifier
        self.instance_identifier = self.instance_id
        self.host, self.resource_id = instance.address, instance.resource_id
        self.master_secret_arn, self.master_secret_key_arn = self._master_secret(instance, config), key.arn
        self.dependencies = (instance,)
        self.budget = budget_of(self, config, config.instance_class)
        self.max_connections = self.budget.capacity.most
        own = watch(
            self,
            self.instance_id,
            Watched(
                engine=self.engine,
                instance_class=config.instance_class,
                allocated_storage_gb=config.allocated_storage_gb,
                max_connections=self.max_connections,
                has_insights=not config.performance_insights_off_reason,
            ),
            thing=construct_id,
            alarms=config.alarms,
            topic=alarm_topic,
        )
        self.replicas: Mapping[str, DatabaseReplica] = {
            name: DatabaseReplica(
                self,
                f"replica-{name}",
                name=name,
                config=replica,
                database=config,
                parameter_group=group,
                alarm_topic=alarm_topic,
            )
            for name, replica in sorted(config.replicas.items())
        }
        if len(self.replicas) == 1:  # of several none is the reader: another one's name must not change which
            [only] = self.replicas.values()
            self.reader_host, self.reader_resource_id = only.host, only.resource_id
            self.reader_max_connections, self.reader_budget = only.max_connections, only.budget
        self.alarm_names = (*own, *(name for replica in self.replicas.values() for name in replica.alarm_names))

    @staticmethod
    def from_existing(
        scope: Construct,
        construct_id: str,
        *,
        config: ExistingDatabaseConfig,
        network: NetworkBase,
        key: KeyBase,
    ) -> ExistingDatabase:
        """An instance that exists already, to connect to and to put a proxy in front of.

        Args:
            scope: where it is used.
            construct_id: part of the names of statements.
            config: what is known of it.
            network: where it stands.
            key: the stack's key, for what a proxy in front of it keeps.
        """
        return ExistingDatabase(scope, construct_id, config=config, network=network, key=key)

    def _master_secret(self, instance: DbInstance, config: DatabaseConfig) -> str:
        """ARN of the secret: one that RDS keeps and rotates, or one of the stack's."""
        if not config.master_password_rotation_off_reason:
            arn: str = instance.master_user_secret.get(0).secret_arn
            rotate_master_secret(self, "rotation", secret_arn=arn, days=config.master_password_rotation_days)
            return arn
        secret = master_password_secret(
            self,
            f"{self.node.id}-master",
            username=config.master_username,
            version=config.master_password_version,
            rotation_off_reason=config.master_password_rotation_off_reason,
            key=self.key,
        )
        hand_over(secret, instance, argument="password_wo", version=config.master_password_version)
        return secret.arn

    def connection(self, *, reader: bool = False, **choices: Any) -> Connection:
        """What a function needs to connect directly; choices are those of `DatabaseBase.connection`.

        With `reader=True` it connects to the only replica; of several one is named, as in
        `function.connect_to(database.replicas["a"], user="orders")`.

        Raises:
            ConfigError: the choices do not go together, or there is no replica, or more than one.
        """
        if not reader or not self.replicas:
            return super().connection(reader=reader, **choices)
        if len(self.replicas) > 1:
            raise ConfigError.single(
                self.node.path,
                "reader is True",
                f"the database has the replicas {', '.join(self.replicas)}, and nothing spreads connections over them",
                f'connect to one of them, such as replicas["{next(iter(self.replicas))}"]',
            )
        [replica] = self.replicas.values()
        return replica.connection(**choices)


_DESCRIPTIONS = {"postgres": "PostgreSQL database", "mysql": "MySQL database", "mariadb": "MariaDB database"}
"""Of security groups; EC2 replaces a group to change it."""
