"""Recommended alarms of a database instance: CloudWatch "Recommended alarms" for RDS."""

from __future__ import annotations

from modules.database.config import DatabaseConfig
from modules.observability import AlarmSpec

_NAMESPACE = "AWS/RDS"
_ABOVE, _BELOW = "GreaterThanThreshold", "LessThanThreshold"
_BYTES_PER_GIB = 2**30
_FREE_STORAGE_SHARE = 0.1
_CPU_PERCENT = 90
_TRANSACTION_IDS = 1_000_000_000


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
