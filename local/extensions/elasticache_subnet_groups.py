"""ElastiCache subnet groups: they can be changed and deleted.

moto 5.2.5 answers neither `ModifyCacheSubnetGroup` nor `DeleteCacheSubnetGroup`.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache.models import CacheSubnetGroup
from moto.elasticache.responses import ElastiCacheResponse

from local.extensions.patching import add_action


def install() -> None:
    """Extend moto."""
    add_action(ElastiCacheResponse, modify_cache_subnet_group)
    add_action(ElastiCacheResponse, delete_cache_subnet_group)


def modify_cache_subnet_group(response: Any) -> Any:
    """Another description, or other subnets."""
    backend = response.elasticache_backend
    (group,) = backend.describe_cache_subnet_groups(response.params["CacheSubnetGroupName"])
    changed = CacheSubnetGroup(
        account_id=backend.account_id,
        region_name=backend.region_name,
        cache_subnet_group_name=group.cache_subnet_group_name,
        cache_subnet_group_description=response.params.get("CacheSubnetGroupDescription")
        or group.cache_subnet_group_description,
        subnet_ids=response.params.get("SubnetIds") or group.subnet_ids,
        tags=group.tags,
    )
    backend.cache_subnet_groups[group.cache_subnet_group_name] = changed
    return ActionResult({"CacheSubnetGroup": changed})


def delete_cache_subnet_group(response: Any) -> Any:
    """Forget the group; one that does not exist is refused."""
    backend = response.elasticache_backend
    (group,) = backend.describe_cache_subnet_groups(response.params["CacheSubnetGroupName"])
    del backend.cache_subnet_groups[group.cache_subnet_group_name]
    return EmptyResult()
