"""Recommended alarms of a bucket: CloudWatch "Recommended alarms" for S3; they watch request metrics."""

from __future__ import annotations

from modules.observability import AlarmSpec

WHOLE_BUCKET = "EntireBucket"
"""Name of the metrics configuration that counts the requests of all objects."""

_SHARE_OF_REQUESTS = 0.05
_PERIODS = 15


def bucket_alarms(bucket_name: str) -> tuple[AlarmSpec, ...]:
    """Alarms of a bucket: refused and failed requests."""
    return (
        _errors(bucket_name, "client-errors", "4xxErrors", "S3 refuses more than 5 percent of the bucket's requests."),
        _errors(bucket_name, "server-errors", "5xxErrors", "S3 fails more than 5 percent of the bucket's requests."),
    )


def _errors(bucket_name: str, alarm_id: str, metric: str, description: str) -> AlarmSpec:
    return AlarmSpec(
        id=alarm_id,
        description=description,
        namespace="AWS/S3", metric=metric, statistic="Average",
        dimensions={"BucketName": bucket_name, "FilterId": WHOLE_BUCKET},
        comparison="GreaterThanThreshold", threshold=_SHARE_OF_REQUESTS, periods=_PERIODS, datapoints=_PERIODS,
    )  # fmt: skip
