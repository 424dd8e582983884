"""Databases that functions reach, directly or through RDS Proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.core.lazy import on_first_use
from modules.database.config import DatabaseConfig
from modules.database.existing_config import ExistingDatabaseConfig
from modules.database.proxy_config import DatabaseProxyConfig, ProxyEndpointConfig
from modules.database.proxy_existing_config import ExistingProxyConfig
from modules.database.replica_config import ReplicaConfig

if TYPE_CHECKING:
    from modules.database.base import DatabaseBase
    from modules.database.cluster import DatabaseCluster
    from modules.database.cluster_config import DatabaseClusterConfig
    from modules.database.cluster_scaling_config import ReaderScalingConfig
    from modules.database.cluster_types import ClusterInstance, MultiAz, Provisioned, ServerlessV2
    from modules.database.construct import Database
    from modules.database.existing import ExistingDatabase
    from modules.database.existing_cluster import ExistingDatabaseCluster
    from modules.database.existing_cluster_config import ExistingDatabaseClusterConfig
    from modules.database.global_cluster import GlobalDatabaseCluster
    from modules.database.global_cluster_config import GlobalDatabaseClusterConfig, SecondaryMember
    from modules.database.proxy import DatabaseProxy
    from modules.database.proxy_existing import ExistingProxy
    from modules.database.replica import DatabaseReplica

__all__ = [
    "ClusterInstance",
    "Database",
    "DatabaseBase",
    "DatabaseCluster",
    "DatabaseClusterConfig",
    "DatabaseConfig",
    "DatabaseProxy",
    "DatabaseProxyConfig",
    "DatabaseReplica",
    "ExistingDatabase",
    "ExistingDatabaseCluster",
    "ExistingDatabaseClusterConfig",
    "ExistingDatabaseConfig",
    "ExistingProxy",
    "ExistingProxyConfig",
    "GlobalDatabaseCluster",
    "GlobalDatabaseClusterConfig",
    "MultiAz",
    "Provisioned",
    "ProxyEndpointConfig",
    "ReaderScalingConfig",
    "ReplicaConfig",
    "SecondaryMember",
    "ServerlessV2",
]

__getattr__ = on_first_use(
    __name__,
    {
        "ClusterInstance": "cluster_types",
        "Database": "construct",
        "DatabaseBase": "base",
        "DatabaseCluster": "cluster",
        "DatabaseClusterConfig": "cluster_config",
        "DatabaseProxy": "proxy",
        "DatabaseReplica": "replica",
        "ExistingDatabase": "existing",
        "ExistingDatabaseCluster": "existing_cluster",
        "ExistingDatabaseClusterConfig": "existing_cluster_config",
        "ExistingProxy": "proxy_existing",
        "GlobalDatabaseCluster": "global_cluster",
        "GlobalDatabaseClusterConfig": "global_cluster_config",
        "MultiAz": "cluster_types",
        "Provisioned": "cluster_types",
        "ReaderScalingConfig": "cluster_scaling_config",
        "SecondaryMember": "global_cluster_config",
        "ServerlessV2": "cluster_types",
    },
)
