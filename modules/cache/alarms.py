"""Recommended alarms of a cache (CloudWatch "Recommended alarms" for ElastiCache, ElastiCache guide on metrics)."""

from __future__ import annotations

from collections.abc import Iterator

from modules.cache.config import CacheConfig
from modules.cache.serverless_config import ServerlessCacheConfig
from modules.observability import AlarmSpec

_NAMESPACE = "AWS/ElastiCache"
_ABOVE = "GreaterThanThreshold"
_MAX_CONNECTIONS, _MAX_CONNECTIONS_OF_SMALL_NODES = 65_000, 20_000  # ElastiCache guide, maxclients
_SMALL_NODES = (".micro", ".small")
_PERCENT = 90
_LAG_SECONDS = 30  # ours; CloudWatch leaves it to the use
_BYTES_OF_A_GB = 10**9
_SECONDS = 60


def cache_alarms(name: str, config: CacheConfig) -> tuple[AlarmSpec, ...]:
    """Alarms of every node of a replication group; their ids derive from the node's place, not from its role.

    Args:
        name: id of the replication group.
        config: how many nodes there are.
    """
    return tuple(spec for place in node_places(config) for spec in _of_node(f"{name}-{place}", place, config))


def node_places(config: CacheConfig) -> Iterator[str]:
    """What follows the group's id in a node's, such as `002`, or `0003-002` in cluster mode."""
    for shard in range(1, config.shards + 1):
        for node in range(1, config.replicas_per_shard + 2):
            yield f"{shard:04}-{node:03}" if config.cluster_mode else f"{node:03}"


def _of_node(node: str, place: str, config: CacheConfig) -> Iterator[AlarmSpec]:
    def alarm(kind: str, metric: str, description: str, threshold: float, *, periods: int = 5) -> AlarmSpec:
        return AlarmSpec(
            id=f"{kind}-{place}", description=f"Node {place}: {description}",
            namespace=_NAMESPACE, metric=metric, statistic="Average", dimensions={"CacheClusterId": node},
            comparison=_ABOVE, threshold=threshold, periods=periods, datapoints=periods,
        )  # fmt: skip

    yield alarm("cpu", "CPUUtilization", "the processor is nearly used up.", _PERCENT)
    yield alarm("engine-cpu", "EngineCPUUtilization", "the engine's own thread is nearly used up.", _PERCENT)
    memory = "memory is nearly full; keys are evicted next, or writes refused."
    yield alarm("memory", "DatabaseMemoryUsagePercentage", memory, _PERCENT, periods=15)
    is_small = config.node_type.endswith(_SMALL_NODES)
    connections = (_MAX_CONNECTIONS_OF_SMALL_NODES if is_small else _MAX_CONNECTIONS) * _PERCENT / 100
    yield alarm("connections", "CurrConnections", "nearly all connections are taken.", connections, periods=10)
    yield alarm("authentication", "AuthenticationFailures", "clients fail to sign in.", 0, periods=3)
    if config.replicas_per_shard:
        lag = f"it is more than {_LAG_SECONDS} seconds behind its primary."
        yield alarm("replication-lag", "ReplicationLag", lag, _LAG_SECONDS, periods=15)
    if config.maxmemory_policy == "noeviction":
        return
    yield alarm("evictions", "Evictions", "keys are evicted, as memory is full.", 0, periods=15)


def serverless_alarms(name: str, config: ServerlessCacheConfig) -> tuple[AlarmSpec, ...]:
    """Alarms of a serverless cache: its limits, and what happens beyond them.

    Args:
        name: name of the cache.
        config: its limits.
    """

    def alarm(kind: str, metric: str, description: str, threshold: float, *, of: str, periods: int) -> AlarmSpec:
        return AlarmSpec(
            id=kind, description=description,
            namespace=_NAMESPACE, metric=metric, statistic=of, dimensions={"clusterId": name},
            comparison=_ABOVE, threshold=threshold, periods=periods, datapoints=periods,
        )  # fmt: skip

    storage = config.max_storage_gb * _BYTES_OF_A_GB * _PERCENT / 100
    units = config.max_ecpu_per_second * _SECONDS * _PERCENT / 100
    return (
        alarm("storage", "BytesUsedForCache", "The data comes near max_storage_gb.", storage, of="Maximum", periods=5),
        alarm(
            "ecpu",
            "ElastiCacheProcessingUnits",
            "Commands come near max_ecpu_per_second.",
            units,
            of="Sum",
            periods=5,
        ),
        alarm("throttles", "ThrottledCmds", "Commands are throttled.", 0, of="Sum", periods=3),
        alarm("authentication", "AuthenticationFailures", "Clients fail to sign in.", 0, of="Sum", periods=3),
    )
