"""The cluster itself, with its subnets, logs, parameters and monitoring."""

from __future__ import annotations

import modules.core.engine

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.db_subnet_group import DbSubnetGroup
from cdktf_cdktf_provider_aws.rds_cluster import RdsCluster

from modules.core.context import target_of
from modules.core.skips import skip
from modules.database.base import DatabaseBase
from modules.database.cluster_config import DatabaseClusterConfig
from modules.database.cluster_instances import ClusterParts
from modules.database.cluster_parameters import cluster_parameter_group
from modules.database.cluster_types import MultiAz, ServerlessV2
from modules.database.global_cluster import GlobalDatabaseCluster
from modules.database.monitoring import MonitoringRole
from modules.key import KeyBase
from modules.observability import LogGroup

LONGEST_IDENTIFIER = 63 - 1 - 12
"""Characters of a cluster's identifier: with a hyphen and an instance's name there are 63 (rds API model)."""

UNPROTECTED, UNWATCHED = ("CKV_AWS_139",), ("CKV2_LNET_605",)
"""Checks that a cluster skips which may be deleted, and those that one without alarms does."""


def create_cluster(
    scope: DatabaseBase, *, config: DatabaseClusterConfig, global_cluster: GlobalDatabaseCluster | None
) -> ClusterParts:
    """Make the cluster.

    Args:
        scope: the cluster's construct, which has names, network, key and group by now.
        config: the cluster's.
        global_cluster: what it joins as the primary.
    """
    naming, key = target_of(scope).naming, scope.key
    kept = config.removal == "keep"
    subnets = DbSubnetGroup(
        scope,
        "subnets",
        name=scope.identifier,
        subnet_ids=list(scope.network.isolated_subnet_ids),
        description="Isolated",
    )
    logs = [
        LogGroup(
            scope,
            f"logs-{kind}",
            name=f"/aws/rds/cluster/{scope.identifier}/{kind}",
            retention_days=config.log_retention_days,
            key=key,
        )
        for kind in config.exported_logs
    ]
    monitoring = MonitoringRole(scope, "monitoring", name=naming.name(f"{scope.node.id}-monitoring"))
    cluster = RdsCluster(
        scope,
        "cluster",
        cluster_identifier=scope.identifier,
        engine=config.engine,
        engine_version=config.version,
        allow_major_version_upgrade=config.allow_major_version_upgrade or None,
        port=scope.port,
        iam_database_authentication_enabled=True,
        storage_encrypted=True,
        kms_key_id=key.arn,
        db_subnet_group_name=subnets.name,
        vpc_security_group_ids=[scope.security_group.id],
        db_cluster_parameter_group_name=cluster_parameter_group(
            scope, "parameters", name=scope.identifier, config=config
        ),
        enabled_cloudwatch_logs_exports=list(config.exported_logs),
        backup_retention_period=config.backup_retention_days,
        preferred_backup_window=config.backup_window,
        preferred_maintenance_window=config.maintenance_window,
        copy_tags_to_snapshot=True,
        delete_automated_backups=not kept,
        deletion_protection=kept,
        skip_final_snapshot=not kept,
        final_snapshot_identifier=naming.name(f"{scope.node.id}-final", max_length=255) if kept else None,
        apply_immediately=config.apply_immediately,
        depends_on=[*(group.resource for group in logs), monitoring.ready],
    )
    skip(cluster, config.removal_reason, *UNPROTECTED)
    skip(cluster, config.alarms.off_reason, *UNWATCHED)
    _sign_in(cluster, config, key)
    _kind(cluster, config, key, monitoring)
    ignored = _membership(cluster, config, global_cluster)
    if kept or ignored:
        cluster.lifecycle = TerraformResourceLifecycle(prevent_destroy=kept or None, ignore_changes=ignored or None)
    return ClusterParts(scope.identifier, cluster, subnets.name, monitoring, key)


def _sign_in(cluster: RdsCluster, config: DatabaseClusterConfig, key: KeyBase) -> None:
    """The database and the master user, which a secondary has from its primary."""
    if config.secondary is None:
        cluster.database_name = config.database_name
        cluster.master_username = config.master_username
        if not config.master_password_rotation_off_reason:
            cluster.manage_master_user_password = True
            cluster.master_user_secret_kms_key_id = key.arn


def _kind(cluster: RdsCluster, config: DatabaseClusterConfig, key: KeyBase, monitoring: MonitoringRole) -> None:
    kind = config.cluster_type
    if isinstance(kind, MultiAz):
        cluster.db_cluster_instance_class = kind.db_cluster_instance_class
        cluster.storage_type = kind.storage_type
        cluster.allocated_storage = kind.allocated_storage_gb
        cluster.iops = kind.iops
        cluster.monitoring_interval = config.monitoring_interval_seconds
        cluster.monitoring_role_arn = monitoring.arn
        cluster.performance_insights_enabled = True
        cluster.performance_insights_kms_key_id = key.arn
        cluster.performance_insights_retention_period = config.performance_insights_retention_days
        if config.ca_certificate is not None:
            cluster.ca_certificate_identifier = config.ca_certificate
        return
    cluster.storage_type = kind.storage_type
    cluster.enable_http_endpoint = config.data_api
    if config.backtrack_window_seconds:
        cluster.backtrack_window = config.backtrack_window_seconds
    if isinstance(kind, ServerlessV2):
        cluster.put_serverlessv2_scaling_configuration(
            min_capacity=kind.min_acu,
            max_capacity=kind.max_acu,
            seconds_until_auto_pause=kind.seconds_until_auto_pause,
        )


def _membership(
    cluster: RdsCluster, config: DatabaseClusterConfig, global_cluster: GlobalDatabaseCluster | None
) -> list[str]:
    """Join a global cluster; returns what changes without Terraform from then on.

    A member is upgraded through its global cluster, and which cluster a secondary follows changes with a switchover.
    """
    if global_cluster is not None:
        cluster.global_cluster_identifier = global_cluster.id
        return ["engine_version"]
    if config.secondary is None:
        return []
    cluster.global_cluster_identifier = config.secondary.global_cluster_identifier
    cluster.source_region = config.secondary.source_region
    cluster.enable_global_write_forwarding = config.secondary.write_forwarding
    return ["engine_version", "replication_source_identifier"]
