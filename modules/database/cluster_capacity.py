"""How many connections a cluster's writer and its readers take."""

from __future__ import annotations

from dataclasses import dataclass, replace

from modules.database.cluster_config import DatabaseClusterConfig
from modules.database.cluster_types import MultiAz, ServerlessV2
from modules.database.cluster_versions import memory_bytes_of
from modules.database.connection_budgets import Capacity, capacity_of

_MULTI_AZ_READERS = 2


@dataclass(frozen=True)
class ClusterCapacity:
    """Connections of a cluster.

    Attributes:
        writer: of the smallest instance, as any of them may come to write.
        readers: of all readers that the configuration names.
        largest_class: class with the most memory; empty for Serverless v2.
    """

    writer: Capacity
    readers: Capacity
    largest_class: str


def capacities(config: DatabaseClusterConfig) -> ClusterCapacity:
    """The connections of a cluster as configured."""
    kind, told = config.cluster_type, config.max_connections
    if isinstance(kind, ServerlessV2):
        writer = capacity_of(config.engine, max_acu=kind.max_acu, min_acu=kind.min_acu, told=told)
        return ClusterCapacity(writer, _times(writer, len(kind.instances) - 1), "")
    classes = _classes(config)
    ordered = sorted(classes, key=memory_bytes_of)
    writer = capacity_of(config.engine, instance_class=ordered[0], told=told)
    readers = _MULTI_AZ_READERS if isinstance(kind, MultiAz) else len(classes) - 1
    return ClusterCapacity(writer, _times(writer, readers), ordered[-1])


def classes_of(config: DatabaseClusterConfig) -> tuple[str, ...]:
    """The instance classes of a cluster, each once; none for Serverless v2."""
    return () if isinstance(config.cluster_type, ServerlessV2) else tuple(sorted(set(_classes(config))))


def _classes(config: DatabaseClusterConfig) -> tuple[str, ...]:
    """The class of each instance."""
    kind = config.cluster_type
    return (kind.db_cluster_instance_class,) if isinstance(kind, MultiAz) else tuple(kind.classes().values())


def _times(one: Capacity, readers: int) -> Capacity:
    if readers <= 1:
        return one
    return replace(
        one,
        most=None if one.most is None else one.most * readers,
        source=f"{readers} readers, each of {one.source}",
        vcpus=None if one.vcpus is None else one.vcpus * readers,
    )
