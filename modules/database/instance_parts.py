"""What an instance and its read replicas are made with alike."""

from __future__ import annotations

from functools import partial
from typing import Any

import modules.core.engine

from cdktf_cdktf_provider_aws.db_instance import DbInstance
from constructs import Construct

from modules.core.context import target_of
from modules.core.skips import skip
from modules.core.warnings import warn
from modules.database.alarms import Watched, database_alarms
from modules.database.config import DatabaseConfig
from modules.database.connection_budgets import DatabaseBudget, capacity_of
from modules.database.monitoring import MonitoringRole
from modules.key import KeyBase
from modules.observability import AlarmsConfig, AlarmTopic, LogGroup, create_alarms

UNPROTECTED, WITHOUT_INSIGHTS, UNWATCHED = ("CKV_AWS_293",), ("CKV_AWS_353",), ("CKV2_LNET_605",)
"""Checks that an instance skips which may be deleted, one without Performance Insights, and one without alarms."""


def common_arguments(config: DatabaseConfig, key: KeyBase) -> dict[str, Any]:
    """Arguments of `aws_db_instance` that replicas share with their source; `Any`, as each has a type of its own."""
    has_insights = not config.performance_insights_off_reason
    return {
        "auto_minor_version_upgrade": True,
        "allow_major_version_upgrade": config.allow_major_version_upgrade or None,
        "port": config.port or config.engine_data.port,
        "iam_database_authentication_enabled": True,
        "max_allocated_storage": config.max_allocated_storage_gb,
        "storage_encrypted": True,
        "publicly_accessible": False,
        "ca_cert_identifier": config.ca_certificate,
        "enabled_cloudwatch_logs_exports": list(config.exported_logs) or None,
        "monitoring_interval": config.monitoring_interval_seconds,
        "performance_insights_enabled": has_insights,
        "performance_insights_kms_key_id": key.arn if has_insights else None,
        "performance_insights_retention_period": config.performance_insights_retention_days if has_insights else None,
        "maintenance_window": config.maintenance_window,
        "copy_tags_to_snapshot": True,
        "apply_immediately": config.apply_immediately,
    }


def skip_checks(instance: DbInstance, config: DatabaseConfig, *, removal_reason: str, alarms: AlarmsConfig) -> None:
    """Note beside an instance or replica why checks are skipped.

    Args:
        instance: the resource.
        config: the instance's configuration, or that of a replica's source.
        removal_reason: why it may be deleted; empty where it may not.
        alarms: its alarms.
    """
    skip(instance, removal_reason, *UNPROTECTED)
    skip(instance, config.performance_insights_off_reason, *WITHOUT_INSIGHTS)
    skip(instance, alarms.off_reason, *UNWATCHED)


def export_logs(scope: Construct, *, identifier: str, config: DatabaseConfig, key: KeyBase) -> list[Any]:
    """Make the log groups before RDS does, with the key and a retention; returns what to depend on."""
    groups = [
        LogGroup(
            scope,
            f"logs-{kind}",
            name=f"/aws/rds/instance/{identifier}/{kind}",
            retention_days=config.log_retention_days,
            key=key,
        )
        for kind in config.exported_logs
    ]
    return [group.resource for group in groups]


def monitoring_role(scope: Construct, thing: str) -> MonitoringRole:
    """The role with which RDS writes enhanced monitoring."""
    return MonitoringRole(scope, "monitoring", name=target_of(scope).naming.name(f"{thing}-monitoring"))


def budget_of(scope: Construct, config: DatabaseConfig, instance_class: str) -> DatabaseBudget:
    """Counts the connections to one instance."""
    capacity = capacity_of(config.engine, instance_class=instance_class, told=config.max_connections)
    return DatabaseBudget(scope.node.path, capacity, warn=partial(warn, scope))


def watch(
    scope: Construct,
    identifier: str,
    watched: Watched,
    *,
    thing: str,
    alarms: AlarmsConfig,
    topic: AlarmTopic | None,
) -> tuple[str, ...]:
    """Make the recommended alarms, and say which of them cannot be made.

    Raises:
        ConfigError: alarms have no topic.
    """
    if alarms.enabled and watched.unwatched:
        warn(
            scope,
            f'instance_class is "{watched.instance_class}"',
            f"the table of instance classes has no memory and no processors of it, so {', '.join(watched.unwatched)} "
            "are watched by no alarm",
            "choose a class of the table, or add alarms of your own",
        )
    return create_alarms(scope, database_alarms(identifier, watched), thing=thing, config=alarms, topic=topic)
