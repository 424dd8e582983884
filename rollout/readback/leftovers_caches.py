"""Leftovers of ElastiCache."""

from __future__ import annotations

from collections.abc import Iterator

from rollout.readback.check import Clients, pages
from rollout.readback.ownership import Owner

_LISTINGS = (
    ("cache", "describe_replication_groups", "ReplicationGroups", "ReplicationGroupId"),
    ("cache node", "describe_cache_clusters", "CacheClusters", "CacheClusterId"),
    ("serverless cache", "describe_serverless_caches", "ServerlessCaches", "ServerlessCacheName"),
    ("cache user", "describe_users", "Users", "UserId"),
    ("cache user group", "describe_user_groups", "UserGroups", "UserGroupId"),
    ("cache parameter group", "describe_cache_parameter_groups", "CacheParameterGroups", "CacheParameterGroupName"),
    ("cache subnet group", "describe_cache_subnet_groups", "CacheSubnetGroups", "CacheSubnetGroupName"),
    ("cache snapshot", "describe_snapshots", "Snapshots", "SnapshotName"),
)


def caches(clients: Clients, owner: Owner) -> Iterator[str]:
    """Replication groups and their nodes, serverless caches, users, groups and snapshots by name."""
    for kind, operation, key, name in _LISTINGS:
        for item in pages(clients("elasticache"), operation, key):
            # automatic snapshots are named automatic.<node>-<date>
            if owner.names(item[name].removeprefix("automatic.")):
                yield f"{kind} {item[name]}"
