"""Engines of ElastiCache that sign users in with IAM, and their versions (ElastiCache guide, read in November 2026)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class CacheEngine:
    """One engine.

    Attributes:
        name: as ElastiCache calls it.
        families: version of nodes to the family of its parameter group.
        default_version: version of nodes unless another is chosen.
        serverless_versions: major versions of serverless caches.
        default_serverless_version: the one unless another is chosen.
    """

    name: str
    families: Mapping[str, str]
    default_version: str
    serverless_versions: tuple[str, ...]
    default_serverless_version: str


ENGINES = {
    engine.name: engine
    for engine in (
        CacheEngine(
            name="valkey",
            families={
                "7.2": "valkey7",
                "8.0": "valkey8",
                "8.1": "valkey8",
                "8.2": "valkey8",
                "9.0": "valkey9",
                "9.1": "valkey9",
            },
            default_version="8.2",
            serverless_versions=("7", "8", "9"),
            default_serverless_version="8",
        ),
        CacheEngine(
            name="redis",
            families={"7.0": "redis7", "7.1": "redis7"},
            default_version="7.1",
            serverless_versions=("7",),
            default_serverless_version="7",
        ),
    )
}
"""Engine by name. Older versions of Redis OSS know no IAM (ElastiCache guide, authenticating with IAM)."""

NODE_FAMILIES = ("c7gn", "m5", "m6g", "m7g", "r5", "r6g", "r6gd", "r7g", "t3", "t4g")
"""Families of nodes: those of the ElastiCache guide's supported node types without the oldest, which is our choice."""

DATA_TIERING_FAMILY = "r6gd"
"""The family with data tiering, which is always on there (elasticache API model, DataTieringEnabled)."""

MAXMEMORY_POLICIES = (
    "volatile-lru",
    "allkeys-lru",
    "volatile-lfu",
    "allkeys-lfu",
    "volatile-random",
    "allkeys-random",
    "volatile-ttl",
    "noeviction",
)
"""What happens when memory is full (ElastiCache guide, parameters)."""

MAXMEMORY_POLICIES_WITH_DATA_TIERING = ("volatile-lru", "allkeys-lru", "volatile-lfu", "allkeys-lfu", "noeviction")
"""Those that nodes with data tiering take (ElastiCache guide, data tiering)."""

DEFAULT_MAXMEMORY_POLICY = "volatile-lru"
"""The engine's own; a parameter that is set to its default reads as not set, so it is never written."""


def node_family(node_type: str) -> str:
    """Family of a node type: `t4g` of `cache.t4g.small`."""
    return node_type.split(".")[1]
