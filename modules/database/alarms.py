"""Recommended alarms of an instance and of a read replica: CloudWatch "Recommended alarms" for RDS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from modules.database.connections import instance_class_of
from modules.database.engines import POSTGRESQL, Engine
from modules.observability import AlarmSpec

_NAMESPACE = "AWS/RDS"
_ABOVE, _BELOW = "GreaterThanThreshold", "LessThanThreshold"
_BYTES_PER_GIB = 2**30
_FREE_STORAGE_SHARE = 0.1
_FREE_MEMORY_SHARE = 0.25
_CONNECTIONS_SHARE = 0.9
_CPU_PERCENT = 90
_BALANCE_PERCENT = 10
_LATENCY_SECONDS = 0.02
_REPLICA_LAG_SECONDS = 60
_TRANSACTION_IDS = 1_000_000_000
_BURSTING_SIZES = ("micro", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge")
"""Sizes of instance classes whose throughput to EBS bursts: only these report how much of it is left (EC2 guide,
EBS-optimized by default)."""


@dataclass(frozen=True)
class Watched:
    """What the thresholds of an instance's alarms are computed from.

    Attributes:
        engine: its engine.
        instance_class: its class, maybe a token.
        allocated_storage_gb: storage first allocated, in GiB.
        max_connections: most connections at once; None when not known.
        has_insights: whether there are Performance Insights, which report the load.
        is_replica: whether it is a read replica.
    """

    engine: Engine
    instance_class: str
    allocated_storage_gb: int
    max_connections: int | None
    has_insights: bool = True
    is_replica: bool = False

    @property
    def unwatched(self) -> tuple[str, ...]:
        """Metrics without an alarm, as the instance class is not known to the table of classes, sorted."""
        if instance_class_of(self.instance_class) is not None:
            return ()
        load = ("DBLoad",) if self.has_insights else ()
        connections = ("DatabaseConnections",) if self.max_connections is None else ()
        return (*load, *connections, "FreeableMemory")


def database_alarms(identifier: str, watched: Watched) -> tuple[AlarmSpec, ...]:
    """Alarms of an instance or a replica; those whose threshold is not known are left out, see `unwatched`."""
    dimensions = {"DBInstanceIdentifier": identifier}
    return (*_always(dimensions, watched), *_by_class(dimensions, watched))


def _always(dimensions: Mapping[str, str], watched: Watched) -> Iterator[AlarmSpec]:
    yield AlarmSpec(
        id="cpu",
        description="The database's processor is above 90 percent.",
        namespace=_NAMESPACE, metric="CPUUtilization", statistic="Average", dimensions=dimensions,
        comparison=_ABOVE, threshold=_CPU_PERCENT, periods=5, datapoints=5,
    )  # fmt: skip
    yield AlarmSpec(
        id="free-storage",
        description="Less than 10 percent of the storage first allocated is free.",
        namespace=_NAMESPACE, metric="FreeStorageSpace", statistic="Minimum", dimensions=dimensions,
        comparison=_BELOW, threshold=watched.allocated_storage_gb * _BYTES_PER_GIB * _FREE_STORAGE_SHARE,
        periods=5, datapoints=5,
    )  # fmt: skip
    if watched.engine.family == POSTGRESQL and not watched.is_replica:
        yield AlarmSpec(
            id="transaction-ids",
            description="More than a billion transaction ids are unvacuumed; PostgreSQL stops at two.",
            namespace=_NAMESPACE, metric="MaximumUsedTransactionIDs", statistic="Average", dimensions=dimensions,
            comparison=_ABOVE, threshold=_TRANSACTION_IDS, periods=1, datapoints=1,
        )  # fmt: skip
    for kind in ("Read", "Write"):
        yield AlarmSpec(
            id=f"{kind.lower()}-latency",
            description=f"One {kind.lower()} in ten takes the storage more than 20 ms.",
            namespace=_NAMESPACE, metric=f"{kind}Latency", statistic="p90", dimensions=dimensions,
            comparison=_ABOVE, threshold=_LATENCY_SECONDS, periods=5, datapoints=5,
        )  # fmt: skip
    if watched.is_replica:
        yield AlarmSpec(
            id="replica-lag",
            description="The replica is more than 60 seconds behind.",
            namespace=_NAMESPACE, metric="ReplicaLag", statistic="Maximum", dimensions=dimensions,
            comparison=_ABOVE, threshold=_REPLICA_LAG_SECONDS, periods=10, datapoints=10,
        )  # fmt: skip


def _by_class(dimensions: Mapping[str, str], watched: Watched) -> Iterator[AlarmSpec]:
    if watched.max_connections is not None:
        yield AlarmSpec(
            id="connections",
            description="More than 90 percent of the connections that the database takes are open.",
            namespace=_NAMESPACE, metric="DatabaseConnections", statistic="Average", dimensions=dimensions,
            comparison=_ABOVE, threshold=int(watched.max_connections * _CONNECTIONS_SHARE), periods=5, datapoints=5,
        )  # fmt: skip
    found = instance_class_of(watched.instance_class)
    if found is not None:
        yield AlarmSpec(
            id="free-memory",
            description="Less than a quarter of the instance's memory is free.",
            namespace=_NAMESPACE, metric="FreeableMemory", statistic="Average", dimensions=dimensions,
            comparison=_BELOW, threshold=found.memory_bytes * _FREE_MEMORY_SHARE, periods=15, datapoints=15,
        )  # fmt: skip
    if found is not None and watched.has_insights:
        yield AlarmSpec(
            id="db-load",
            description="More sessions are active than the instance has processors.",
            namespace=_NAMESPACE, metric="DBLoad", statistic="Average", dimensions=dimensions,
            comparison=_ABOVE, threshold=found.vcpus, periods=15, datapoints=15,
        )  # fmt: skip
    if watched.instance_class.rpartition(".")[2] in _BURSTING_SIZES:
        for alarm_id, metric, what in (
            ("ebs-byte-balance", "EBSByteBalance%", "throughput"),
            ("ebs-io-balance", "EBSIOBalance%", "IOPS"),
        ):
            yield AlarmSpec(
                id=alarm_id,
                description=f"Less than 10 percent of the {what} that the instance may burst to its storage is left.",
                namespace=_NAMESPACE, metric=metric, statistic="Average", dimensions=dimensions,
                comparison=_BELOW, threshold=_BALANCE_PERCENT, periods=3, datapoints=3,
            )  # fmt: skip
