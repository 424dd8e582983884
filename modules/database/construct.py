"""An RDS for PostgreSQL instance: encrypted, TLS only, IAM authentication, kept by default."""

from __future__ import annotations

import modules.core.engine

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.db_instance import DbInstance
from cdktf_cdktf_provider_aws.db_parameter_group import DbParameterGroup, DbParameterGroupParameter
from cdktf_cdktf_provider_aws.db_subnet_group import DbSubnetGroup
from constructs import Construct

from modules.core.context import target_of
from modules.database.alarms import database_alarms
from modules.database.base import DatabaseBase
from modules.database.config import DatabaseConfig
from modules.database.engines import POSTGRES
from modules.database.monitoring import MonitoringRole
from modules.key import Key
from modules.network import Network, SecurityGroup
from modules.observability import AlarmTopic, LogGroup, create_alarms

LOG_EXPORTS = ("postgresql", "upgrade")
"""Logs that RDS for PostgreSQL can export (RDS guide)."""


class Database(DatabaseBase):
    """A PostgreSQL instance in the isolated subnets of a network.

    Attributes:
        instance_id: its identifier as a token, so that who uses it waits for it.
        alarm_names: its alarms.

    Raises:
        ConfigError: alarms have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: DatabaseConfig,
        network: Network,
        key: Key,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        naming = target_of(self).naming
        self.engine = POSTGRES
        self.identifier = naming.name(construct_id, max_length=63)
        self.instance_class = config.instance_class
        self.database_name, self.master_username, self.port = config.database_name, config.master_username, config.port
        self.key, self.network = key, network
        kept = config.removal == "keep"

        self.security_group = SecurityGroup(
            self, "security-group", thing=construct_id, description="PostgreSQL database", vpc_id=network.vpc_id
        )
        subnets = DbSubnetGroup(
            self, "subnets", name=self.identifier, subnet_ids=list(network.isolated_subnet_ids), description="Isolated"
        )
        logs = [
            LogGroup(
                self,
                f"logs-{kind}",
                name=f"/aws/rds/instance/{self.identifier}/{kind}",
                retention_days=config.log_retention_days,
                key=key,
            )
            for kind in LOG_EXPORTS
        ]
        monitoring = MonitoringRole(self, "monitoring", name=naming.name(f"{construct_id}-monitoring"))
        instance = DbInstance(
            self,
            "instance",
            identifier=self.identifier,
            engine="postgres",
            engine_version=config.engine_version,
            auto_minor_version_upgrade=True,
            instance_class=config.instance_class,
            db_name=config.database_name,
            port=config.port,
            username=config.master_username,
            manage_master_user_password=True,
            master_user_secret_kms_key_id=key.arn,
            iam_database_authentication_enabled=True,
            storage_type="gp3",
            allocated_storage=config.allocated_storage_gb,
            max_allocated_storage=config.max_allocated_storage_gb,
            storage_encrypted=True,
            kms_key_id=key.arn,
            multi_az=config.multi_az,
            db_subnet_group_name=subnets.name,
            vpc_security_group_ids=[self.security_group.id],
            publicly_accessible=False,
            parameter_group_name=self._parameters(config),
            enabled_cloudwatch_logs_exports=list(LOG_EXPORTS),
            monitoring_interval=config.monitoring_interval_seconds,
            monitoring_role_arn=monitoring.arn,
            performance_insights_enabled=True,
            performance_insights_kms_key_id=key.arn,
            performance_insights_retention_period=config.performance_insights_retention_days,
            backup_retention_period=config.backup_retention_days,
            copy_tags_to_snapshot=True,
            delete_automated_backups=not kept,
            deletion_protection=kept,
            skip_final_snapshot=not kept,
            final_snapshot_identifier=naming.name(f"{construct_id}-final", max_length=255) if kept else None,
            apply_immediately=False,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if kept else None,
            depends_on=[*(group.resource for group in logs), monitoring.ready],
        )
        self.instance_id: str = instance.identifier
        self.instance_identifier = self.instance_id
        self.host, self.resource_id = instance.address, instance.resource_id
        self.master_secret_arn = instance.master_user_secret.get(0).secret_arn
        self.master_secret_key_arn = key.arn
        self.dependencies = (instance,)
        specs = database_alarms(self.instance_identifier, config)
        self.alarm_names = create_alarms(self, specs, thing=construct_id, config=config.alarms, topic=alarm_topic)

    def _parameters(self, config: DatabaseConfig) -> str:
        family = f"postgres{config.engine_version}"
        values = {
            "log_connections": "1",
            "log_min_duration_statement": str(config.slow_query_milliseconds),
            "log_statement": "ddl",
            "rds.force_ssl": "1",
        }
        group = DbParameterGroup(
            self,
            "parameters",
            name=f"{self.identifier}-{family}",
            family=family,
            description="TLS required, slow statements and DDL logged",
            parameter=[DbParameterGroupParameter(name=name, value=value) for name, value in sorted(values.items())],
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        return str(group.name)
