"""Metrics of tables, buckets and file systems."""

from __future__ import annotations

from collections.abc import Iterator

from modules.observability.metric_types import COUNT, LEVEL, TIME, Metric, Missing, Source, dimension_sets

_DYNAMODB = Source("AWS/DynamoDB", "DynamoDB guide, metrics and dimensions")
_S3 = Source("AWS/S3", "S3 guide, metrics and dimensions")
_EFS = Source("AWS/EFS", "EFS guide, CloudWatch metrics")

_TABLE = dimension_sets("TableName", "TableName, GlobalSecondaryIndexName")
_OPERATION = dimension_sets("TableName, Operation")
_REPLICA = dimension_sets("TableName, ReceivingRegion")
_ACCOUNT = dimension_sets("")
_FILTER = dimension_sets("BucketName, FilterId")
_FILE_SYSTEM = dimension_sets("FileSystemId")

_NO_REQUESTS = Missing("notBreaching", "It is published with requests; without requests none fails.")
_NO_CLIENTS = Missing("notBreaching", "A file system that publishes nothing has no clients that would wait.")


def storage_metrics() -> Iterator[Metric]:
    """Rows of AWS/DynamoDB, AWS/S3 and AWS/EFS."""
    rows = _DYNAMODB.rows
    yield from rows("ReadThrottleEvents WriteThrottleEvents", "Count", COUNT, _TABLE, _NO_REQUESTS)
    yield from rows(
        "ConsumedReadCapacityUnits ConsumedWriteCapacityUnits", "Count", (*COUNT, *LEVEL), _TABLE, _NO_REQUESTS
    )
    yield from rows("ProvisionedReadCapacityUnits ProvisionedWriteCapacityUnits", "Count", LEVEL, _TABLE, _NO_REQUESTS)
    yield from rows("ThrottledRequests SystemErrors", "Count", COUNT, _OPERATION, _NO_REQUESTS)
    yield from rows("SuccessfulRequestLatency", "Milliseconds", TIME, _OPERATION, _NO_REQUESTS)
    yield from rows("ReplicationLatency", "Milliseconds", TIME, _REPLICA, _NO_REQUESTS)
    yield from rows("UserErrors", "Count", COUNT, _ACCOUNT, _NO_REQUESTS)

    rows = _S3.rows
    yield from rows("4xxErrors 5xxErrors", "Count", ("Average", *COUNT), _FILTER, _NO_REQUESTS)
    yield from rows("AllRequests GetRequests PutRequests", "Count", COUNT, _FILTER, _NO_REQUESTS)
    yield from rows("FirstByteLatency TotalRequestLatency", "Milliseconds", TIME, _FILTER, _NO_REQUESTS)

    rows = _EFS.rows
    yield from rows("PercentIOLimit", "Percent", LEVEL, _FILE_SYSTEM, _NO_CLIENTS)
    yield from rows("BurstCreditBalance", "Bytes", LEVEL, _FILE_SYSTEM, _NO_CLIENTS)
    yield from rows("PermittedThroughput", "Bytes/Second", LEVEL, _FILE_SYSTEM, _NO_CLIENTS)
    yield from rows("ClientConnections", "Count", COUNT, _FILE_SYSTEM, _NO_CLIENTS)
    yield from rows(
        "DataReadIOBytes DataWriteIOBytes MetadataIOBytes TotalIOBytes MeteredIOBytes",
        "Bytes", (*COUNT, *LEVEL), _FILE_SYSTEM, _NO_CLIENTS,
    )  # fmt: skip
