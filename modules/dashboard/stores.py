"""Rows of what functions keep data in: proxies, databases, caches, tables and file systems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from modules.dashboard.layout import Row
from modules.dashboard.widgets import Graph, Line, Metric

_RDS, _CACHE, _TABLE, _FILES = "AWS/RDS", "AWS/ElastiCache", "AWS/DynamoDB", "AWS/EFS"
_FULL_PERCENT, _ALL_PERCENT = 90, 100


def proxy_row(key: str, title: str, proxy_name: str) -> Row:
    """The row of a proxy: clients, the pool against what it may open, the wait for a connection, and pinning."""
    of = {"ProxyName": proxy_name}
    clients = (
        Metric(_RDS, "ClientConnections", "Sum", of, "Clients"),
        Metric(_RDS, "ClientConnectionsSetupFailedAuth", "Sum", of, "Failed sign-ins", is_right=True),
    )
    pool = (
        Metric(_RDS, "DatabaseConnections", "Sum", of, "Open"),
        Metric(_RDS, "MaxDatabaseConnectionsAllowed", "Sum", of, "Allowed"),
    )
    borrow = (Metric(_RDS, "DatabaseConnectionsBorrowLatency", "Average", of, "Wait (µs)"),)
    pinned = (Metric(_RDS, "DatabaseConnectionsCurrentlySessionPinned", "Sum", of, "Pinned"),)
    return Row(
        key,
        (
            Graph(f"{title} clients", clients),
            Graph(f"{title} pool", pool),
            Graph(f"{title} wait for a connection", borrow),
            Graph(f"{title} pinned connections", pinned),
        ),
    )


def database_row(
    key: str, title: str, instances: Sequence[Mapping[str, str]], *, max_connections: int | None, has_storage: bool
) -> Row:
    """The row of an instance with its replicas, or of a cluster's instances.

    Args:
        key: construct path.
        title: what its graphs are called.
        instances: dimensions of each instance's metrics.
        max_connections: most connections of one instance; None when not known.
        has_storage: whether the instances report free storage of their own, which Aurora's do not.
    """

    def metrics(name: str, statistic: str) -> tuple[Metric, ...]:
        return tuple(Metric(_RDS, name, statistic, instance) for instance in instances)

    most = (Line("max_connections", max_connections),) if max_connections else ()
    free = "FreeStorageSpace" if has_storage else "FreeableMemory"
    what = "free storage" if has_storage else "free memory"
    latency = (*metrics("ReadLatency", "p90"), *metrics("WriteLatency", "p90"))
    return Row(
        key,
        (
            Graph(f"{title} connections", metrics("DatabaseConnections", "Maximum"), most),
            Graph(f"{title} processor (%)", metrics("CPUUtilization", "Average"), (Line("90 %", _FULL_PERCENT),)),
            Graph(f"{title} latency p90 (s)", latency),
            Graph(f"{title} {what}", metrics(free, "Minimum")),
        ),
    )


def cache_row(key: str, title: str, nodes: Sequence[str]) -> Row:
    """The row of a cache's nodes."""

    def graph(what: str, name: str, statistic: str, line: int = 0) -> Graph:
        metrics = tuple(Metric(_CACHE, name, statistic, {"CacheClusterId": node}) for node in nodes)
        return Graph(f"{title} {what}", metrics, (Line(f"{line} %", line),) if line else ())

    return Row(
        key,
        (
            graph("connections", "CurrConnections", "Maximum"),
            graph("engine processor (%)", "EngineCPUUtilization", "Average", _FULL_PERCENT),
            graph("memory (%)", "DatabaseMemoryUsagePercentage", "Maximum", _FULL_PERCENT),
            graph("evictions", "Evictions", "Sum"),
        ),
    )


def serverless_cache_row(key: str, title: str, cache_name: str) -> Row:
    """The row of a serverless cache."""

    def graph(what: str, name: str, statistic: str) -> Graph:
        return Graph(f"{title} {what}", (Metric(_CACHE, name, statistic, {"clusterId": cache_name}),))

    return Row(
        key,
        (
            graph("storage", "BytesUsedForCache", "Maximum"),
            graph("processing units", "ElastiCacheProcessingUnits", "Sum"),
            graph("throttled commands", "ThrottledCmds", "Sum"),
        ),
    )


def table_row(key: str, title: str, table_name: str) -> Row:
    """The row of a table: capacity that is used, and requests that were throttled."""
    of = {"TableName": table_name}
    used = tuple(
        Metric(_TABLE, f"Consumed{kind}CapacityUnits", "Sum", of, f"{kind} units") for kind in ("Read", "Write")
    )
    throttled = tuple(
        Metric(_TABLE, f"{kind}ThrottleEvents", "Sum", of, f"{kind}s throttled") for kind in ("Read", "Write")
    )
    return Row(key, (Graph(f"{title} capacity", used), Graph(f"{title} throttles", throttled)))


def file_system_row(key: str, title: str, file_system_id: str) -> Row:
    """The row of a file system."""
    of = {"FileSystemId": file_system_id}
    limit = (Metric(_FILES, "PercentIOLimit", "Average", of, "Share (%)"),)
    return Row(
        key,
        (
            Graph(f"{title} clients", (Metric(_FILES, "ClientConnections", "Sum", of, "Clients"),)),
            Graph(f"{title} operations against the limit", limit, (Line("the limit", _ALL_PERCENT),)),
            Graph(f"{title} bytes", (Metric(_FILES, "MeteredIOBytes", "Sum", of, "Bytes"),)),
        ),
    )
