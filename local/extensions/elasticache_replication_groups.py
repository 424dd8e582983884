"""ElastiCache replication groups: their nodes are cache clusters, they change, and they go.

moto 5.2.5 makes one node whatever `NumCacheClusters` says, keeps no cache clusters for the nodes, answers no
`ReaderEndpoint`, changes six attributes of a group only, keeps a deleted group for ever, and knows neither user groups
nor parameter groups.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.responses import ActionResult
from moto.elasticache.models import ElastiCacheBackend, ReplicationGroup
from moto.elasticache.responses import ElastiCacheResponse

from local.extensions import elasticache_parameter_groups, elasticache_users
from local.extensions.elasticache_errors import refused
from local.extensions.patching import replace_action, wrap

_NODES = (
    "self member_clusters replication_group_id replication_group_domain node_group preferred_cache_cluster_azs "
    "num_cache_clusters replicas_per_node_group"
)
_PATCHES = {"valkey7": ".6", "valkey8": ".0", "valkey9": ".0", "redis7": ".0"}
_CHANGEABLE = {
    "ReplicationGroupDescription": "description",
    "CacheNodeType": "cache_node_type",
    "Engine": "engine",
    "EngineVersion": "engine_version",
    "CacheParameterGroupName": "cache_parameter_group_name",
    "SecurityGroupIds": "security_group_ids",
    "PreferredMaintenanceWindow": "preferred_maintenance_window",
    "SnapshotWindow": "snapshot_window",
    "SnapshotRetentionLimit": "snapshot_retention_limit",
    "AutoMinorVersionUpgrade": "auto_minor_version_upgrade",
    "TransitEncryptionMode": "transit_encryption_mode",
}
_FLAGS = {"AutomaticFailoverEnabled": "automatic_failover", "MultiAZEnabled": "multi_az"}


def install() -> None:
    """Extend moto."""
    wrap(ReplicationGroup, "_set_node_members_clusters_disabled", _NODES, _set_nodes)
    wrap(ElastiCacheBackend, "describe_cache_clusters", "self cache_cluster_id", _describe_nodes)
    wrap(ElastiCacheBackend, "delete_replication_group", "self replication_group_id retain_primary_cluster", _delete)
    wrap(ElastiCacheResponse, "create_replication_group", "self", _create)
    replace_action(ElastiCacheResponse, modify_replication_group)


def modify_replication_group(response: Any) -> Any:
    """Change what is given, at once."""
    backend, given = response.elasticache_backend, response.params
    (group,) = backend.describe_replication_groups(given["ReplicationGroupId"])
    _require_known(backend, given, engine_version=given.get("EngineVersion") or group.engine_version, group=group)
    for parameter, attribute in _CHANGEABLE.items():
        if given.get(parameter) is not None:
            setattr(group, attribute, given[parameter])
    for parameter, attribute in _FLAGS.items():
        if given.get(parameter) is not None:
            setattr(group, attribute, "enabled" if given[parameter] else "disabled")
    gone = given.get("UserGroupIdsToRemove") or []
    group.user_group_ids = [name for name in group.user_group_ids if name not in gone]
    group.user_group_ids += given.get("UserGroupIdsToAdd") or []
    for delivery in given.get("LogDeliveryConfigurations") or []:
        kept = [each for each in group.log_delivery_configurations if each["LogType"] != delivery["LogType"]]
        added = [] if delivery.get("Enabled") is False else [{**delivery, "Status": "active"}]
        group.log_delivery_configurations = kept + added
    return ActionResult({"ReplicationGroup": group})


def _create(original: Any, response: Any) -> Any:
    given = response.params
    backend, version = response.elasticache_backend, given.get("EngineVersion")
    _require_known(backend, given, engine_version=version)
    nodes = int(given.get("NumCacheClusters") or 0)
    if given.get("AutomaticFailoverEnabled") and given.get("ClusterMode") != "enabled" and nodes == 1:
        raise refused("InvalidParameterValue", "Automatic failover takes two cache clusters at least.")
    return original(response)


def _require_known(backend: Any, given: Any, *, engine_version: str | None, group: Any = None) -> None:
    for identity in (*(given.get("UserGroupIds") or []), *(given.get("UserGroupIdsToAdd") or [])):
        elasticache_users.group_of(backend, identity)
    named = given.get("CacheParameterGroupName")
    if group is None and given.get("CacheSubnetGroupName"):
        backend.describe_cache_subnet_groups(given["CacheSubnetGroupName"])
    if not named or named.startswith("default."):
        return
    family = elasticache_parameter_groups.group_of(backend, named)["CacheParameterGroupFamily"]
    engine = given.get("Engine") or (group.engine if group else "redis")
    expected = f"{engine}{(engine_version or '').partition('.')[0]}"
    if family != expected:
        message = f"Expected a parameter group of family {expected} but found one of family {family}"
        raise refused("InvalidParameterCombination", message)


def _set_nodes(original: Any, group: Any, **given: Any) -> None:
    """Nodes of either number: of replicas, which alone moto counts, or of all nodes."""
    replicas = given["replicas_per_node_group"] or (given["num_cache_clusters"] or 1) - 1
    original(group, **{**given, "replicas_per_node_group": replicas})
    node_group = given["node_group"]
    if replicas:
        node_group["reader_endpoint"] = {"address": node_group["reader_endpoint_address"], "port": group.port}


def _delete(original: Any, backend: Any, replication_group_id: str, retain_primary_cluster: Any) -> Any:
    group = original(backend, replication_group_id, retain_primary_cluster)
    del backend.replication_groups[replication_group_id]
    return group


def _describe_nodes(original: Any, backend: Any, cache_cluster_id: str | None = None) -> Any:
    nodes = {
        member: _node(backend, group, member)
        for group in backend.replication_groups.values()
        for member in group.member_clusters
    }
    if cache_cluster_id in nodes:
        return [nodes[cache_cluster_id]]
    return [*original(backend, cache_cluster_id), *(() if cache_cluster_id else nodes.values())]


def _node(backend: Any, group: Any, name: str) -> dict[str, Any]:
    """A node as a cache cluster; what AWS keeps with the group is the group's."""
    name_of_parameters = group.cache_parameter_group_name or ""
    family = (
        elasticache_parameter_groups.groups_of(backend).get(name_of_parameters, {}).get("CacheParameterGroupFamily")
    )
    return {
        "CacheClusterId": name,
        "ARN": f"arn:aws:elasticache:{backend.region_name}:{backend.account_id}:cluster:{name}",
        "ReplicationGroupId": group.replication_group_id,
        "CacheClusterStatus": "available",
        "CacheNodeType": group.cache_node_type,
        "NumCacheNodes": 1,
        "Engine": group.engine,
        "EngineVersion": f"{group.engine_version}{_PATCHES.get(family or '', '.0')}",
        "CacheParameterGroup": {"CacheParameterGroupName": name_of_parameters, "ParameterApplyStatus": "in-sync"},
        "CacheSubnetGroupName": group.cache_subnet_group_name,
        "SecurityGroups": [{"SecurityGroupId": each, "Status": "active"} for each in group.security_group_ids or []],
        "PreferredMaintenanceWindow": group.preferred_maintenance_window,
        "SnapshotRetentionLimit": group.snapshot_retention_limit,
        "SnapshotWindow": group.snapshot_window,
        "AutoMinorVersionUpgrade": str(group.auto_minor_version_upgrade).lower() == "true",
        "AtRestEncryptionEnabled": group.at_rest_encryption_enabled,
        "TransitEncryptionEnabled": group.transit_encryption_enabled,
        "TransitEncryptionMode": group.transit_encryption_mode,
        "AuthTokenEnabled": group.auth_token_enabled,
        "ReplicationGroupLogDeliveryEnabled": bool(group.log_delivery_configurations),
        "NetworkType": group.network_type,
        "IpDiscovery": group.ip_discovery,
    }
