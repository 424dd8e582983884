"""Leftovers of database clusters."""

from __future__ import annotations

from collections.abc import Iterator

from rollout.readback.check import Clients, pages
from rollout.readback.ownership import Owner

_LISTINGS = (
    ("database cluster", "describe_db_clusters", "DBClusters", "DBClusterIdentifier"),
    ("global cluster", "describe_global_clusters", "GlobalClusters", "GlobalClusterIdentifier"),
    ("cluster endpoint", "describe_db_cluster_endpoints", "DBClusterEndpoints", "DBClusterEndpointIdentifier"),
    (
        "cluster parameter group",
        "describe_db_cluster_parameter_groups",
        "DBClusterParameterGroups",
        "DBClusterParameterGroupName",
    ),
    ("cluster snapshot", "describe_db_cluster_snapshots", "DBClusterSnapshots", "DBClusterSnapshotIdentifier"),
)


def clusters(clients: Clients, owner: Owner) -> Iterator[str]:
    """Clusters, global clusters, custom endpoints, parameter groups and snapshots by name."""
    for kind, operation, key, name in _LISTINGS:
        for item in pages(clients("rds"), operation, key):
            # automatic snapshots are named rds:<cluster>-<date>; AWS knows endpoints without a name, too
            if owner.names(item.get(name, "").removeprefix("rds:")):
                yield f"{kind} {item[name]}"
