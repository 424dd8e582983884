"""What the nodes of a replication group stand on: subnets, parameters, and groups for their logs."""

from __future__ import annotations

import modules.core.engine

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.elasticache_parameter_group import (
    ElasticacheParameterGroup,
    ElasticacheParameterGroupParameter,
)
from cdktf_cdktf_provider_aws.elasticache_replication_group import ElasticacheReplicationGroupLogDeliveryConfiguration
from cdktf_cdktf_provider_aws.elasticache_subnet_group import ElasticacheSubnetGroup
from constructs import Construct

from modules.cache.config import CacheConfig
from modules.cache.engines import DEFAULT_MAXMEMORY_POLICY
from modules.core import limits
from modules.core.context import target_of
from modules.key import KeyBase
from modules.network import NetworkBase
from modules.observability import LogGroup

LOG_TYPES = ("engine-log", "slow-log")
_LOGS = "/aws/vendedlogs/elasticache"
"""Path of log groups; those below /aws/vendedlogs/ do not count for CloudWatch Logs' resource policy (Logs guide)."""


def subnet_group(scope: Construct, *, thing: str, network: NetworkBase) -> str:
    """Name of a subnet group over the isolated subnets: the network's own, or one that is made here."""
    shared = getattr(network, "cache_subnet_group_name", "")
    if shared:
        return str(shared)
    name = target_of(scope).naming.name(thing, max_length=limits.CACHE_MAX_GROUP_NAME_LENGTH)
    group = ElasticacheSubnetGroup(
        scope,
        "subnets",
        name=name,
        description=f"Isolated subnets, for {thing}",
        subnet_ids=list(network.isolated_subnet_ids),
    )
    return str(group.name)


def parameter_group(scope: Construct, *, thing: str, config: CacheConfig) -> str:
    """Name of a parameter group of the version's family; that of another family is made before the old one goes."""
    values = dict(config.parameters)
    if config.cluster_mode:
        values["cluster-enabled"] = "yes"
    if config.maxmemory_policy != DEFAULT_MAXMEMORY_POLICY:
        values["maxmemory-policy"] = config.maxmemory_policy
    group = ElasticacheParameterGroup(
        scope,
        "parameters",
        name=target_of(scope).naming.name(f"{thing}-{config.family}", max_length=limits.CACHE_MAX_GROUP_NAME_LENGTH),
        family=config.family,
        description=f"Parameters of {thing}",
        parameter=[ElasticacheParameterGroupParameter(name=name, value=value) for name, value in sorted(values.items())]
        or None,
        lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
    )
    return str(group.name)


def log_deliveries(
    scope: Construct, *, name: str, config: CacheConfig, key: KeyBase
) -> list[ElasticacheReplicationGroupLogDeliveryConfiguration]:
    """Slow log and engine log, as JSON, each to an encrypted group."""
    groups = {
        kind: LogGroup(
            scope,
            f"logs-{kind}",
            name=f"{_LOGS}/{name}/{kind}",
            retention_days=config.log_retention_days,
            key=key,
        )
        for kind in LOG_TYPES
    }
    return [
        ElasticacheReplicationGroupLogDeliveryConfiguration(
            destination=group.name, destination_type="cloudwatch-logs", log_format="json", log_type=kind
        )
        for kind, group in groups.items()
    ]
