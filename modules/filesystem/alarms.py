"""Recommended alarms of a file system: CloudWatch "Recommended alarms" for EFS."""

from __future__ import annotations

from modules.filesystem.config import FileSystemConfig
from modules.observability import AlarmSpec

_NAMESPACE = "AWS/EFS"
_PERCENT_OF_LIMIT = 100


def file_system_alarms(file_system_id: str, config: FileSystemConfig) -> tuple[AlarmSpec, ...]:
    """Alarms of a file system: operations near their limit, and burst credits used up."""
    dimensions = {"FileSystemId": file_system_id}
    operations = AlarmSpec(
        id="io-limit",
        description="The file system does as many operations as its performance mode allows; clients wait.",
        namespace=_NAMESPACE, metric="PercentIOLimit", statistic="Average", dimensions=dimensions,
        comparison="GreaterThanOrEqualToThreshold", threshold=_PERCENT_OF_LIMIT, periods=15, datapoints=15,
    )  # fmt: skip
    credits_left = AlarmSpec(
        id="burst-credits",
        description="The file system has no burst credits left; throughput falls to that of its size.",
        namespace=_NAMESPACE, metric="BurstCreditBalance", statistic="Average", dimensions=dimensions,
        comparison="LessThanOrEqualToThreshold", threshold=0, periods=15, datapoints=15,
    )  # fmt: skip
    return (
        *((operations,) if config.performance_mode == "generalPurpose" else ()),  # maxIO has no such metric
        *((credits_left,) if config.throughput_mode == "bursting" else ()),
    )
