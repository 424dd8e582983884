"""The instances of an Aurora cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import modules.core.engine

from cdktf_cdktf_provider_aws.rds_cluster import RdsCluster
from cdktf_cdktf_provider_aws.rds_cluster_instance import RdsClusterInstance
from constructs import Construct

from modules.core.context import target_of
from modules.database.cluster_config import DatabaseClusterConfig
from modules.database.cluster_parameters import instance_parameter_group
from modules.database.cluster_types import Provisioned, ServerlessV2
from modules.database.monitoring import MonitoringRole
from modules.key import KeyBase


@dataclass(frozen=True)
class ClusterParts:
    """What every instance shares.

    Attributes:
        identifier: the cluster's name.
        cluster: the cluster.
        subnet_group: name of its subnets.
        monitoring: role that writes enhanced monitoring.
        key: encrypts Performance Insights.
    """

    identifier: str
    cluster: RdsCluster
    subnet_group: str
    monitoring: MonitoringRole
    key: KeyBase


def instance_identifier(scope: Construct, name: str) -> str:
    """Identifier of an instance of a cluster."""
    return target_of(scope).naming.name(f"{scope.node.id}-{name}", max_length=63)


def create_instances(
    scope: Construct, *, kind: Provisioned | ServerlessV2, config: DatabaseClusterConfig, parts: ClusterParts
) -> Mapping[str, RdsClusterInstance]:
    """Make the instances, by name; none depends on another, so one that is added changes no other.

    Args:
        scope: the cluster's construct.
        kind: the kind of cluster.
        config: the cluster's.
        parts: what every instance shares.
    """
    group = instance_parameter_group(scope, "instance-parameters", name=parts.identifier, config=config)
    made = {}
    for name, instance_class in sorted(kind.classes().items()):
        instance = kind.instances[name]
        made[name] = RdsClusterInstance(
            scope,
            f"instance-{name}",
            identifier=instance_identifier(scope, name),
            cluster_identifier=parts.cluster.id,
            engine=parts.cluster.engine,
            instance_class=instance_class,
            availability_zone=instance.availability_zone,
            promotion_tier=instance.promotion_tier,
            db_subnet_group_name=parts.subnet_group,
            db_parameter_group_name=group,
            publicly_accessible=False,
            auto_minor_version_upgrade=True,
            ca_cert_identifier=config.ca_certificate,
            preferred_maintenance_window=config.maintenance_window,
            monitoring_interval=config.monitoring_interval_seconds,
            monitoring_role_arn=parts.monitoring.arn,
            performance_insights_enabled=True,
            performance_insights_kms_key_id=parts.key.arn,
            performance_insights_retention_period=config.performance_insights_retention_days,
            copy_tags_to_snapshot=True,
            apply_immediately=config.apply_immediately,
            depends_on=[parts.monitoring.ready],
        )
    return made
