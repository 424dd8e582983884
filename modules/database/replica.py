"""A read replica of an instance."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.db_instance import DbInstance

from modules.core.context import target_of
from modules.database.alarms import Watched
from modules.database.base import DatabaseBase
from modules.database.config import DatabaseConfig
from modules.database.instance_parts import (
    budget_of,
    common_arguments,
    export_logs,
    monitoring_role,
    skip_checks,
    watch,
)
from modules.database.replica_config import ReplicaConfig
from modules.observability import AlarmTopic


class DatabaseReplica(DatabaseBase):
    """A read replica in the source's region, group and parameter group; its users and passwords are the source's.

    Functions connect to it as to the instance. It has a resource id of its own, so a permission to sign in to the
    instance is none to sign in here.

    Attributes:
        alarm_names: its alarms.

    Raises:
        ConfigError: alarms have no topic.
    """

    def __init__(
        self,
        source: DatabaseBase,
        construct_id: str,
        *,
        name: str,
        config: ReplicaConfig,
        database: DatabaseConfig,
        parameter_group: str,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        """Make the replica.

        Args:
            source: the instance.
            construct_id: id below `source`.
            name: last part of the identifier.
            config: what is different from the instance.
            database: the instance's configuration.
            parameter_group: the instance's parameter group.
            alarm_topic: where alarms publish.
        """
        super().__init__(source, construct_id)
        naming, thing = target_of(self).naming, f"{source.node.id}-{name}"
        self.is_replica = True
        self.engine, self.key, self.network = source.engine, source.key, source.network
        self.identifier = naming.name(thing, max_length=63)
        self.database_name, self.master_username, self.port = source.database_name, source.master_username, source.port
        self.master_secret_arn, self.master_secret_key_arn = source.master_secret_arn, source.master_secret_key_arn
        self.security_group = source.security_group
        self.instance_class = config.instance_class or database.instance_class
        monitoring = monitoring_role(self, thing)
        instance = DbInstance(
            self,
            "instance",
            identifier=self.identifier,
            replicate_source_db=source.instance_identifier,
            instance_class=self.instance_class,
            multi_az=config.multi_az,
            availability_zone=config.availability_zone,
            vpc_security_group_ids=[self.security_group.id],
            parameter_group_name=parameter_group,
            monitoring_role_arn=monitoring.arn,
            backup_retention_period=config.backup_retention_days,
            backup_window=database.backup_window if config.backup_retention_days else None,
            deletion_protection=database.removal == config.removal == "keep",
            skip_final_snapshot=True,
            depends_on=[
                *export_logs(self, identifier=self.identifier, config=database, key=self.key),
                monitoring.ready,
            ],
            **common_arguments(database, self.key),
        )
        alarms, removal_reason = config.alarms or database.alarms, config.removal_reason or database.removal_reason
        skip_checks(instance, database, removal_reason=removal_reason, alarms=alarms)
        self.instance_identifier = instance.identifier
        self.host, self.resource_id = instance.address, instance.resource_id
        self.dependencies = (instance,)
        self.budget = budget_of(self, database, self.instance_class)
        self.max_connections = self.budget.capacity.most
        self.alarm_names = watch(
            self,
            self.instance_identifier,
            Watched(
                engine=self.engine,
                instance_class=self.instance_class,
                allocated_storage_gb=database.allocated_storage_gb,
                max_connections=self.max_connections,
                has_insights=not database.performance_insights_off_reason,
                is_replica=True,
            ),
            thing=thing,
            alarms=alarms,
            topic=alarm_topic,
        )
