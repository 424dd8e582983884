"""Recommended alarms of a database instance and of an RDS Proxy.

Instance: CloudWatch "Recommended alarms" for RDS. AWS recommends none for RDS Proxy; those here watch the metrics that
its guide names for sizing and troubleshooting.
"""

from __future__ import annotations

from modules.database.config import DatabaseConfig
from modules.observability import AlarmSpec, MetricTerm

_NAMESPACE = "AWS/RDS"
_ABOVE, _BELOW = "GreaterThanThreshold", "LessThanThreshold"
_BYTES_PER_GIB = 2**30
_FREE_STORAGE_SHARE = 0.1
_CPU_PERCENT = 90
_TRANSACTION_IDS = 1_000_000_000
_POOL_PERCENT = 90
_BORROW_LATENCY_MICROSECONDS = 100_000
_PINNED_PERCENT = 50
_FAILED_LOGINS = 5


def database_alarms(identifier: str, config: DatabaseConfig) -> tuple[AlarmSpec, ...]:
    """Alarms of an instance: processor, free storage, transaction ids."""
    dimensions = {"DBInstanceIdentifier": identifier}
    return (
        AlarmSpec(
            id="cpu",
            description="The database's processor is above 90 percent.",
            namespace=_NAMESPACE, metric="CPUUtilization", statistic="Average", dimensions=dimensions,
            comparison=_ABOVE, threshold=_CPU_PERCENT, periods=5, datapoints=5, missing_data="breaching",
        ),
        AlarmSpec(
            id="free-storage",
            description="Less than 10 percent of the storage first allocated is free.",
            namespace=_NAMESPACE, metric="FreeStorageSpace", statistic="Minimum", dimensions=dimensions,
            comparison=_BELOW, threshold=config.allocated_storage_gb * _BYTES_PER_GIB * _FREE_STORAGE_SHARE,
            periods=5, datapoints=5, missing_data="breaching",
        ),
        AlarmSpec(
            id="transaction-ids",
            description="More than a billion transaction ids are unvacuumed; PostgreSQL stops at two.",
            namespace=_NAMESPACE, metric="MaximumUsedTransactionIDs", statistic="Average", dimensions=dimensions,
            comparison=_ABOVE, threshold=_TRANSACTION_IDS, periods=1, datapoints=1,
        ),
    )  # fmt: skip


def proxy_alarms(proxy_name: str) -> tuple[AlarmSpec, ...]:
    """Alarms of a proxy: pool, waiting, pinning, failed logins, target."""
    proxy = {"ProxyName": proxy_name}
    writer = {**proxy, "TargetGroup": "default", "TargetRole": "READ_WRITE"}
    return (
        AlarmSpec(
            id="pool",
            description="The proxy has opened more than 90 percent of the connections it may open.",
            namespace=_NAMESPACE, dimensions=proxy,
            expression="100 * open / allowed",
            terms=(
                MetricTerm("open", "DatabaseConnections", "Maximum"),
                MetricTerm("allowed", "MaxDatabaseConnectionsAllowed", "Minimum"),
            ),
            comparison=_ABOVE, threshold=_POOL_PERCENT, periods=5, datapoints=5,
        ),
        AlarmSpec(
            id="borrow-latency",
            description="Functions wait more than 100 ms for a connection of the pool.",
            namespace=_NAMESPACE, metric="DatabaseConnectionsBorrowLatency", statistic="Average", dimensions=proxy,
            comparison=_ABOVE, threshold=_BORROW_LATENCY_MICROSECONDS, periods=5, datapoints=5,
        ),
        AlarmSpec(
            id="pinned",
            description="More than half of the open connections are pinned to one session each.",
            namespace=_NAMESPACE, dimensions=proxy,
            expression="IF(open > 0, 100 * pinned / open, 0)",
            terms=(
                MetricTerm("pinned", "DatabaseConnectionsCurrentlySessionPinned", "Maximum"),
                MetricTerm("open", "DatabaseConnections", "Maximum"),
            ),
            comparison=_ABOVE, threshold=_PINNED_PERCENT, periods=15, datapoints=15,
        ),
        AlarmSpec(
            id="failed-logins",
            description="Clients fail to authenticate: wrong user, or the IAM token is refused.",
            namespace=_NAMESPACE, metric="ClientConnectionsSetupFailedAuth", statistic="Sum", dimensions=proxy,
            comparison=_ABOVE, threshold=_FAILED_LOGINS, periods=5, datapoints=3,
        ),
        AlarmSpec(
            id="target-availability",
            description="The proxy cannot reach its database.",
            namespace=_NAMESPACE, metric="AvailabilityPercentage", statistic="Average", dimensions=writer,
            comparison=_BELOW, threshold=100, periods=5, datapoints=3,
        ),
    )  # fmt: skip
