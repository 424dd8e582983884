"""ElastiCache parameter groups: moto 5.2.5 has none. A group keeps what its user sets, and knows no defaults."""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.responses import ActionResult, EmptyResult
from moto.elasticache.responses import ElastiCacheResponse

from local.extensions.elasticache_errors import refused
from local.extensions.patching import add_action, state

FAMILIES = ("redis6.x", "redis7", "valkey7", "valkey8", "valkey9")
"""Families whose engines know users."""


def install() -> None:
    """Extend moto."""
    for action in (
        create_cache_parameter_group,
        describe_cache_parameter_groups,
        describe_cache_parameters,
        modify_cache_parameter_group,
        reset_cache_parameter_group,
        delete_cache_parameter_group,
    ):
        add_action(ElastiCacheResponse, action)


def groups_of(backend: Any) -> dict[str, dict[str, Any]]:
    """Name to group."""
    return state(backend, "cache_parameter_groups")


def group_of(backend: Any, name: str) -> dict[str, Any]:
    """A group by name; one that does not exist is refused."""
    if name not in groups_of(backend):
        raise refused("CacheParameterGroupNotFound", f"CacheParameterGroup {name} not found.")
    return groups_of(backend)[name]


def create_cache_parameter_group(response: Any) -> Any:
    """Make a group without parameters of its own."""
    backend, given = response.elasticache_backend, response.params
    name, family = given["CacheParameterGroupName"].lower(), given["CacheParameterGroupFamily"]
    if name in groups_of(backend):
        raise refused("CacheParameterGroupAlreadyExists", f"Cache parameter group {name} already exists.")
    if family not in FAMILIES:
        raise refused(
            "InvalidParameterValue", f"CacheParameterGroupFamily {family} is not a valid parameter group family."
        )
    group = {
        "CacheParameterGroupName": name,
        "CacheParameterGroupFamily": family,
        "Description": given["Description"],
        "IsGlobal": False,
        "ARN": f"arn:aws:elasticache:{backend.region_name}:{backend.account_id}:parametergroup:{name}",
        "parameters": {},
    }
    backend.tagging_service.tag_resource(group["ARN"], given.get("Tags") or [])
    groups_of(backend)[name] = group
    return ActionResult({"CacheParameterGroup": group})


def describe_cache_parameter_groups(response: Any) -> Any:
    """One group, or all."""
    backend, name = response.elasticache_backend, response.params.get("CacheParameterGroupName")
    found = [group_of(backend, name)] if name else list(groups_of(backend).values())
    return ActionResult({"CacheParameterGroups": found})


def describe_cache_parameters(response: Any) -> Any:
    """The parameters that the user has set; none of the engine's."""
    group = group_of(response.elasticache_backend, response.params["CacheParameterGroupName"])
    set_by_user = response.params.get("Source") in (None, "user")
    parameters = group["parameters"] if set_by_user else {}
    found = [
        {"ParameterName": name, "ParameterValue": value, "Source": "user", "IsModifiable": True}
        for name, value in sorted(parameters.items())
    ]
    return ActionResult({"Parameters": found, "CacheNodeTypeSpecificParameters": []})


def modify_cache_parameter_group(response: Any) -> Any:
    """Set parameters."""
    name = response.params["CacheParameterGroupName"]
    group = group_of(response.elasticache_backend, name)
    group["parameters"] |= {
        parameter["ParameterName"]: parameter["ParameterValue"] for parameter in response.params["ParameterNameValues"]
    }
    return ActionResult({"CacheParameterGroupName": name})


def reset_cache_parameter_group(response: Any) -> Any:
    """Give some or all parameters the value of the engine's defaults again."""
    name = response.params["CacheParameterGroupName"]
    group = group_of(response.elasticache_backend, name)
    if response.params.get("ResetAllParameters"):
        group["parameters"].clear()
    for parameter in response.params.get("ParameterNameValues") or []:
        group["parameters"].pop(parameter["ParameterName"], None)
    return ActionResult({"CacheParameterGroupName": name})


def delete_cache_parameter_group(response: Any) -> Any:
    """Forget a group; one that nodes use is refused."""
    backend, name = response.elasticache_backend, response.params["CacheParameterGroupName"]
    group_of(backend, name)
    if any(group.cache_parameter_group_name == name for group in backend.replication_groups.values()):
        raise refused("InvalidCacheParameterGroupState", f"Cache parameter group {name} is in use.")
    del groups_of(backend)[name]
    return EmptyResult()
