"""What only several fields of a replication group together can show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.cache.engines import ENGINES, MAXMEMORY_POLICIES_WITH_DATA_TIERING, NODE_FAMILIES, node_family
from modules.cache.users_config import user_problems
from modules.core import limits
from modules.core.errors import Problem

if TYPE_CHECKING:
    from modules.cache.config import CacheConfig

IAM, TOKEN = "iam", "token"
_OWN_PARAMETERS = {"cluster-enabled": "cluster_mode", "maxmemory-policy": "maxmemory_policy"}
_BELONGS_TO = {
    "automatic_failover_off_reason": "automatic_failover: false",
    "multi_az_off_reason": "multi_az: false",
    "snapshots_off_reason": "snapshot_retention_days: 0",
    "token_reason": "authentication: token",
}


def reason_problems(field: str, reason: str, *, belongs: bool) -> Iterator[Problem]:
    """A reason for something that is not so."""
    if reason and not belongs:
        yield Problem("", f'{field} is "{reason}"', f"a reason belongs to {_BELONGS_TO[field]}", "remove it")


def snapshot_problems(retention_days: int, off_reason: str) -> Iterator[Problem]:
    """No snapshots without a reason, and a reason for no snapshots where there are some."""
    if retention_days == 0 and not off_reason:
        yield Problem(
            "",
            "snapshot_retention_days is 0 without a reason",
            "what the cache holds cannot be restored",
            "set snapshots_off_reason",
        )
    yield from reason_problems("snapshots_off_reason", off_reason, belongs=retention_days == 0)


def engine_problems(config: CacheConfig) -> Iterator[Problem]:
    """A version of another engine, nodes of another generation, and parameters that do not fit or that fields set."""
    offered = ENGINES[config.engine].families
    if config.version not in offered:
        yield Problem(
            "",
            f'engine_version is "{config.version}"',
            f"{config.engine} has {', '.join(offered)} (ElastiCache guide)",
            "choose one of them",
        )
    family = node_family(config.node_type)
    if family not in NODE_FAMILIES:
        yield Problem(
            "",
            f'node_type is "{config.node_type}"',
            f"families of nodes are {', '.join(NODE_FAMILIES)} (our choice of the ElastiCache guide's)",
            "choose one of them",
        )
    if config.has_data_tiering and config.maxmemory_policy not in MAXMEMORY_POLICIES_WITH_DATA_TIERING:
        yield Problem(
            "",
            f'maxmemory_policy is "{config.maxmemory_policy}" and node_type is "{config.node_type}"',
            f"nodes with data tiering take {', '.join(MAXMEMORY_POLICIES_WITH_DATA_TIERING)} (ElastiCache guide)",
            "choose one of them, or another node_type",
        )
    for name, field in _OWN_PARAMETERS.items():
        if name in config.parameters:
            yield Problem("", f"parameters holds {name}", f"{field} sets it", f"set {field} instead")


def shard_problems(config: CacheConfig) -> Iterator[Problem]:
    """Shards without cluster mode, and too many nodes."""
    if config.shards > 1 and not config.cluster_mode:
        yield Problem(
            "",
            f"shards is {config.shards}",
            "without cluster mode there is one (CreateReplicationGroup)",
            "set cluster_mode to true, or shards to 1",
        )
    if config.nodes > limits.CACHE_MAX_NODES:
        yield Problem(
            "",
            f"shards is {config.shards} and replicas_per_shard is {config.replicas_per_shard}, {config.nodes} nodes",
            f"a replication group has at most {limits.CACHE_MAX_NODES} (ElastiCache guide)",
            "lower one of them",
        )


def availability_problems(config: CacheConfig) -> Iterator[Problem]:
    """Failover and zones that do not go together, and reasons for going without."""
    replicas = "replicas_per_shard is 0"
    if not config.automatic_failover:
        if not config.automatic_failover_off_reason:
            yield Problem(
                "",
                "automatic_failover is False without a reason",
                "the cache takes no writes until a failed primary is back",
                "set automatic_failover_off_reason",
            )
        if config.cluster_mode:
            yield Problem(
                "",
                "automatic_failover is False",
                "cluster mode takes it on only (CreateReplicationGroup)",
                "remove it, or set cluster_mode to false",
            )
        if config.multi_az:
            yield Problem(
                "",
                "multi_az is True",
                "Multi-AZ takes automatic failover (CreateReplicationGroup)",
                "set multi_az to false with a reason, or automatic_failover to true",
            )
    elif config.replicas_per_shard == 0 and not config.cluster_mode:
        yield Problem(
            "",
            replicas,
            "automatic failover takes two nodes at least (CreateReplicationGroup)",
            "add a replica, or set automatic_failover and multi_az to false with reasons",
        )
    elif config.replicas_per_shard == 0 and config.multi_az:
        yield Problem(
            "",
            replicas,
            "Multi-AZ takes a replica for each shard (ElastiCache guide)",
            "add one, or set multi_az to false with a reason",
        )
    if not config.multi_az and not config.multi_az_off_reason:
        yield Problem(
            "", "multi_az is False without a reason", "the cache may stop with its zone", "set multi_az_off_reason"
        )
    yield from reason_problems(
        "automatic_failover_off_reason", config.automatic_failover_off_reason, belongs=not config.automatic_failover
    )
    yield from reason_problems("multi_az_off_reason", config.multi_az_off_reason, belongs=not config.multi_az)


def authentication_problems(config: CacheConfig) -> Iterator[Problem]:
    """A cache that nobody can sign in to, users beside a token, and a reason for the token."""
    if config.authentication == IAM:
        yield from user_problems(config.users)
        yield from reason_problems("token_reason", config.token_reason, belongs=False)
        return
    if config.users:
        yield Problem(
            "",
            f"users holds {', '.join(sorted(config.users))}",
            "a cache with a token has no users (CreateReplicationGroup)",
            "remove them, or set authentication to iam",
        )
    if not config.token_reason:
        yield Problem(
            "",
            'authentication is "token" without a reason',
            "whoever has the token may do everything",
            "set token_reason, or use iam",
        )
