"""Recommended alarms of a stream: CloudWatch "Recommended alarms" for Kinesis, and Kinesis guide, monitoring."""

from __future__ import annotations

from modules.observability import AlarmSpec, MetricTerm
from modules.stream.config import StreamAlarmsConfig

_NAMESPACE, _ABOVE = "AWS/Kinesis", "GreaterThanThreshold"
_MILLISECONDS, _PERIODS, _AGE_PERIODS = 1_000, 5, 15


def stream_alarms(stream_name: str, config: StreamAlarmsConfig) -> tuple[AlarmSpec, ...]:
    """Alarms of a stream: readers that fall behind, and reads and writes beyond its capacity."""
    dimensions = {"StreamName": stream_name}
    return (
        AlarmSpec(
            id="iterator-age", description="Readers fall behind: records will be gone before they are read.",
            namespace=_NAMESPACE, metric="GetRecords.IteratorAgeMilliseconds", statistic="Maximum",
            dimensions=dimensions, comparison=_ABOVE, threshold=config.iterator_age_seconds * _MILLISECONDS,
            periods=_AGE_PERIODS, datapoints=_AGE_PERIODS,
        ),
        _exceeded(dimensions, "write-throughput", "WriteProvisionedThroughputExceeded",
                  "Writes are refused: the stream's capacity, or that of one shard, is used up."),
        _exceeded(dimensions, "read-throughput", "ReadProvisionedThroughputExceeded",
                  "Reads are refused: readers share too little; enhanced fan-out gives each its own."),
        AlarmSpec(
            id="failed-records", description="Records of PutRecords fail; writers that do not retry lose them.",
            namespace=_NAMESPACE, dimensions=dimensions,
            expression="IF(total > 0, 100 * failed / total, 0)",
            terms=(
                MetricTerm("failed", "PutRecords.FailedRecords", "Sum"),
                MetricTerm("total", "PutRecords.TotalRecords", "Sum"),
            ),
            comparison=_ABOVE, threshold=config.failed_records_percent, periods=_PERIODS, datapoints=_PERIODS,
        ),
    )  # fmt: skip


def _exceeded(dimensions: dict[str, str], alarm_id: str, metric: str, description: str) -> AlarmSpec:
    return AlarmSpec(
        id=alarm_id, description=description, namespace=_NAMESPACE, metric=metric, statistic="Sum",
        dimensions=dimensions, comparison=_ABOVE, threshold=0, periods=_PERIODS, datapoints=_PERIODS,
    )  # fmt: skip
