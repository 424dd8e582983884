"""Recommended alarms of a cluster: CloudWatch "Recommended alarms" for RDS and Aurora."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from modules.database.cluster_config import DatabaseClusterConfig
from modules.database.cluster_types import MultiAz, ServerlessV2
from modules.database.cluster_versions import memory_bytes_of, vcpus_of
from modules.database.connections import max_connections
from modules.database.engines import POSTGRESQL
from modules.observability import AlarmSpec

_NAMESPACE = "AWS/RDS"
_ABOVE, _BELOW, _AT_MOST = "GreaterThanThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold"
_GIB = 2**30
_BYTES_PER_ACU = 2 * _GIB
_PERCENT, _HIT_PERCENT = 90, 80
_CONNECTION_SHARE = 0.9
_MEMORY_SHARE_AURORA, _MEMORY_SHARE_RDS = 0.05, 0.25
_LAG_MILLISECONDS, _LAG_SECONDS = 1_000, 60
_TRANSACTION_IDS = 1_000_000_000

MULTI_AZ_INSTANCES = ("instance-1", "instance-2", "instance-3")
"""How AWS names the three instances of a Multi-AZ DB cluster, after the cluster's identifier (RDS guide)."""


def cluster_alarms(
    cluster_identifier: str, instances: Mapping[str, str], config: DatabaseClusterConfig
) -> tuple[AlarmSpec, ...]:
    """Alarms of a cluster and of each of its instances.

    Args:
        cluster_identifier: the cluster, as a token.
        instances: identifier of each instance, by name.
        config: the cluster's.
    """
    kind = config.cluster_type
    pauses = isinstance(kind, ServerlessV2) and kind.min_acu == 0
    specs: list[AlarmSpec] = []
    if not isinstance(kind, MultiAz) and not pauses:
        specs.append(_writer_runs(cluster_identifier))
    for name, identifier in sorted(instances.items()):
        watched = _Watched(name, identifier, pauses=pauses)
        if isinstance(kind, MultiAz):
            specs.extend(_multi_az(watched, config, kind))
        else:
            specs.extend(_aurora(watched, config, kind.classes()[name]))
    return tuple(specs)


class _Watched:
    """Makes alarms of one instance; one that pauses is silent without being down."""

    def __init__(self, name: str, identifier: str, *, pauses: bool) -> None:
        self._name, self._dimensions = name, {"DBInstanceIdentifier": identifier}
        self._missing_data = "notBreaching" if pauses else ""

    def spec(
        self, what: str, description: str, metric: str, comparison: str, threshold: float, periods: int, **other: str
    ) -> AlarmSpec:
        """An alarm on one metric of the instance."""
        return AlarmSpec(
            id=f"{self._name}-{what}",
            description=f"Instance {self._name}: {description}",
            namespace=_NAMESPACE, metric=metric, statistic=other.get("statistic", "Average"),
            dimensions=self._dimensions, comparison=comparison, threshold=threshold,
            periods=periods, datapoints=periods, missing_data=self._missing_data,
        )  # fmt: skip


def _writer_runs(cluster_identifier: str) -> AlarmSpec:
    return AlarmSpec(
        id="writer-uptime",
        description="The writer does not run.",
        namespace=_NAMESPACE, metric="EngineUptime", statistic="Average",
        dimensions={"DBClusterIdentifier": cluster_identifier, "Role": "WRITER"},
        comparison=_AT_MOST, threshold=0, periods=2, datapoints=2,
    )  # fmt: skip


def _common(
    watched: _Watched, config: DatabaseClusterConfig, *, most: int | None, memory: int, vcpus: int
) -> Iterator[AlarmSpec]:
    most = config.max_connections or most
    yield watched.spec("cpu", "its processor is above 90 percent.", "CPUUtilization", _ABOVE, _PERCENT, 5)
    if memory:
        yield watched.spec("memory", "little memory is free.", "FreeableMemory", _BELOW, memory, 15)
    if most:
        yield watched.spec(
            "connections", "more than 90 percent of its connections are in use.", "DatabaseConnections", _ABOVE,
            int(most * _CONNECTION_SHARE), 5,
        )  # fmt: skip
    if vcpus:
        yield watched.spec("load", "more sessions are active than it has processors.", "DBLoad", _ABOVE, vcpus, 15)
    if config.engine_data.family == POSTGRESQL:
        yield watched.spec(
            "transaction-ids", "more than a billion transaction ids are unvacuumed; PostgreSQL stops at two.",
            "MaximumUsedTransactionIDs", _ABOVE, _TRANSACTION_IDS, 1,
        )  # fmt: skip


def _aurora(watched: _Watched, config: DatabaseClusterConfig, instance_class: str) -> Iterator[AlarmSpec]:
    kind = config.cluster_type
    if isinstance(kind, ServerlessV2):
        most = max_connections(config.engine, max_acu=kind.max_acu, min_acu=kind.min_acu)
        memory, vcpus = kind.max_acu * _BYTES_PER_ACU, 0
        yield watched.spec(
            "capacity", "it uses more than 90 percent of max_acu.", "ACUUtilization", _ABOVE, _PERCENT, 15
        )
    else:
        most = max_connections(config.engine, instance_class=instance_class)
        memory, vcpus = memory_bytes_of(instance_class), vcpus_of(instance_class)
    yield from _common(watched, config, most=most, memory=int(memory * _MEMORY_SHARE_AURORA), vcpus=vcpus)
    yield watched.spec(
        "buffer-cache", "fewer than 80 percent of reads are served from memory.", "BufferCacheHitRatio", _BELOW,
        _HIT_PERCENT, 10,
    )  # fmt: skip
    yield watched.spec(
        "local-storage", "less than 1 GiB is free for temporary tables and logs.", "FreeLocalStorage", _BELOW, _GIB, 5
    )
    yield watched.spec(
        "replica-lag", "as a reader, it is more than a second behind the writer.", "AuroraReplicaLag", _ABOVE,
        _LAG_MILLISECONDS, 10, statistic="Maximum",
    )  # fmt: skip


def _multi_az(watched: _Watched, config: DatabaseClusterConfig, kind: MultiAz) -> Iterator[AlarmSpec]:
    instance_class = kind.db_cluster_instance_class
    most = max_connections(config.engine, instance_class=instance_class)
    memory = int(memory_bytes_of(instance_class) * _MEMORY_SHARE_RDS)
    yield from _common(watched, config, most=most, memory=memory, vcpus=vcpus_of(instance_class))
    yield watched.spec(
        "free-storage", "less than 10 percent of the storage is free.", "FreeStorageSpace", _BELOW,
        kind.allocated_storage_gb * _GIB // 10, 5, statistic="Minimum",
    )  # fmt: skip
    yield watched.spec(
        "replica-lag", "as a reader, it is more than a minute behind the writer.", "ReplicaLag", _ABOVE,
        _LAG_SECONDS, 10, statistic="Maximum",
    )  # fmt: skip
