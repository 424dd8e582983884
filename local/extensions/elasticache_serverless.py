"""ElastiCache serverless caches: moto 5.2.5 has none."""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends
from moto.elasticache.responses import ElastiCacheResponse

from local.extensions import elasticache_users
from local.extensions.elasticache_errors import refused
from local.extensions.patching import add_action, state

_PORT, _READER_PORT = 6379, 6380
_ZONES = (2, 3)
_VERSIONS = {("valkey", "7"): "7.2", ("valkey", "8"): "8.1", ("valkey", "9"): "9.0", ("redis", "7"): "7.1"}
_KEPT = (
    "CacheUsageLimits",
    "DailySnapshotTime",
    "Description",
    "SecurityGroupIds",
    "SnapshotRetentionLimit",
    "UserGroupId",
)


def install() -> None:
    """Extend moto."""
    for action in (
        create_serverless_cache,
        describe_serverless_caches,
        modify_serverless_cache,
        delete_serverless_cache,
    ):
        add_action(ElastiCacheResponse, action)


def create_serverless_cache(response: Any) -> Any:
    """Make a cache in two or three zones."""
    backend, given = response.elasticache_backend, response.params
    name, engine = given["ServerlessCacheName"].lower(), given["Engine"].lower()
    if name in _caches(backend):
        raise refused("ServerlessCacheAlreadyExistsFault", f"Serverless cache {name} already exists.")
    version = given.get("MajorEngineVersion") or max(major for known, major in _VERSIONS if known == engine)
    if (engine, version) not in _VERSIONS:
        raise refused("InvalidParameterValue", f"Invalid engine version {version} for {engine}.")
    _require_zones(backend, given.get("SubnetIds") or [])
    address = f"{name}-{backend.account_id[:6]}.serverless.{backend.region_name}.cache.amazonaws.com"
    cache = {
        "ServerlessCacheName": name,
        "ARN": f"arn:aws:elasticache:{backend.region_name}:{backend.account_id}:serverlesscache:{name}",
        "CreateTime": utcnow(),
        "Status": "available",
        "Engine": engine,
        "MajorEngineVersion": version,
        "FullEngineVersion": _VERSIONS[engine, version],
        "Endpoint": {"Address": address, "Port": _PORT},
        "ReaderEndpoint": {"Address": address, "Port": _READER_PORT},
        "SubnetIds": given.get("SubnetIds"),
        "KmsKeyId": given.get("KmsKeyId"),
        "SnapshotRetentionLimit": 0,
    }
    _change(backend, cache, given)
    backend.tagging_service.tag_resource(cache["ARN"], given.get("Tags") or [])
    _caches(backend)[name] = cache
    return ActionResult({"ServerlessCache": cache})


def describe_serverless_caches(response: Any) -> Any:
    """One cache, or all."""
    backend, name = response.elasticache_backend, response.params.get("ServerlessCacheName")
    found = [_cache(backend, name)] if name else list(_caches(backend).values())
    return ActionResult({"ServerlessCaches": found})


def modify_serverless_cache(response: Any) -> Any:
    """Change what is given."""
    backend, given = response.elasticache_backend, response.params
    cache = _cache(backend, given["ServerlessCacheName"])
    _change(backend, cache, given)
    if given.get("RemoveUserGroup"):
        cache.pop("UserGroupId", None)
    return ActionResult({"ServerlessCache": cache})


def delete_serverless_cache(response: Any) -> Any:
    """Forget a cache."""
    backend, name = response.elasticache_backend, response.params["ServerlessCacheName"]
    cache = _cache(backend, name)
    del _caches(backend)[name]
    return ActionResult({"ServerlessCache": {**cache, "Status": "deleting"}})


def _caches(backend: Any) -> dict[str, dict[str, Any]]:
    return state(backend, "serverless_caches")


def _cache(backend: Any, name: str) -> dict[str, Any]:
    if name not in _caches(backend):
        raise refused("ServerlessCacheNotFoundFault", f"Serverless cache {name} not found.")
    return _caches(backend)[name]


def _change(backend: Any, cache: dict[str, Any], given: Any) -> None:
    if given.get("UserGroupId"):
        elasticache_users.group_of(backend, given["UserGroupId"])
    cache |= {field: given[field] for field in _KEPT if given.get(field) is not None}


def _require_zones(backend: Any, subnet_ids: list[str]) -> None:
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    zones = {subnet.availability_zone for subnet in ec2.describe_subnets(subnet_ids=subnet_ids)}
    if subnet_ids and len(zones) not in _ZONES:
        raise refused(
            "InvalidParameterValue", f"A serverless cache takes subnets of 2 or 3 zones, not of {len(zones)}."
        )
