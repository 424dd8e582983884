"""Alarms of caches: one set for each node, with ids that derive from its place."""

from __future__ import annotations

from typing import Any

from modules.cache import CacheConfig, ServerlessCacheConfig
from modules.cache.alarms import cache_alarms, node_places, serverless_alarms

USERS: dict[str, Any] = {"users": {"orders": {}}}
KINDS = ("authentication", "connections", "cpu", "engine-cpu", "evictions", "memory", "replication-lag")


def test_every_node_has_its_alarms() -> None:
    specs = {spec.id: spec for spec in cache_alarms("orders", CacheConfig.parse(USERS))}
    assert sorted(specs) == sorted(f"{kind}-{place}" for kind in KINDS for place in ("001", "002"))
    memory = specs["memory-002"]
    assert (memory.metric, memory.statistic, memory.threshold) == ("DatabaseMemoryUsagePercentage", "Average", 90)
    assert (memory.periods, memory.datapoints, memory.dimensions) == (15, 15, {"CacheClusterId": "orders-002"})
    assert {spec.namespace for spec in specs.values()} == {"AWS/ElastiCache"}


def test_a_further_replica_adds_alarms_and_changes_none() -> None:
    two, three = (
        cache_alarms("orders", CacheConfig.parse({**USERS, "replicas_per_shard": replicas})) for replicas in (1, 2)
    )
    assert len(three) == 3 * len(KINDS)
    assert [spec for spec in three if spec in two] == list(two)


def test_nodes_of_cluster_mode() -> None:
    config = CacheConfig.parse({**USERS, "cluster_mode": True, "shards": 2})
    assert list(node_places(config)) == ["0001-001", "0001-002", "0002-001", "0002-002"]


def test_a_single_node_has_no_lag_and_one_that_refuses_writes_no_evictions() -> None:
    config = CacheConfig.parse(
        {
            **USERS,
            "replicas_per_shard": 0,
            "automatic_failover": False,
            "automatic_failover_off_reason": "a trial",
            "multi_az": False,
            "multi_az_off_reason": "a trial",
            "maxmemory_policy": "noeviction",
        }
    )
    found = {spec.id for spec in cache_alarms("orders", config)}
    assert found == {f"{kind}-001" for kind in KINDS} - {"replication-lag-001", "evictions-001"}


def test_small_nodes_take_fewer_connections() -> None:
    def threshold(node_type: str) -> float:
        specs = cache_alarms("orders", CacheConfig.parse({**USERS, "node_type": node_type}))
        return next(spec.threshold for spec in specs if spec.id == "connections-001")

    assert (threshold("cache.t4g.small"), threshold("cache.m7g.large")) == (18_000, 58_500)


def test_a_serverless_cache_is_watched_against_its_limits() -> None:
    config = ServerlessCacheConfig.parse({**USERS, "max_storage_gb": 5, "max_ecpu_per_second": 5_000})
    specs = {spec.id: spec for spec in serverless_alarms("orders", config)}
    assert {name: (spec.metric, spec.statistic, spec.threshold) for name, spec in specs.items()} == {
        "storage": ("BytesUsedForCache", "Maximum", 4_500_000_000),
        "ecpu": ("ElastiCacheProcessingUnits", "Sum", 270_000),
        "throttles": ("ThrottledCmds", "Sum", 0),
        "authentication": ("AuthenticationFailures", "Sum", 0),
    }
    assert {tuple(spec.dimensions.items()) for spec in specs.values()} == {(("clusterId", "orders"),)}
