"""Metrics of RDS instances, clusters and proxies, and of ElastiCache."""

from __future__ import annotations

from collections.abc import Iterator

from modules.observability.metric_types import COUNT, LEVEL, TIME, Metric, Missing, Source, dimension_sets

_RDS = Source("AWS/RDS", "RDS guide, CloudWatch metrics")
_AURORA = Source("AWS/RDS", "Aurora guide, CloudWatch metrics")
_PROXY = Source("AWS/RDS", "RDS guide, monitoring RDS Proxy metrics")
_CACHE = Source("AWS/ElastiCache", "ElastiCache guide, metrics")

_INSTANCE = dimension_sets("DBInstanceIdentifier")
_CLUSTER = dimension_sets("DBInstanceIdentifier", "DBClusterIdentifier", "DBClusterIdentifier, Role")
_OF_CLUSTER = dimension_sets("DBClusterIdentifier")
_PROXIES = dimension_sets(
    "ProxyName", "ProxyName, EndpointName", "ProxyName, TargetGroup, Target", "ProxyName, TargetGroup, TargetRole"
)
_BY_TARGET = dimension_sets("ProxyName, TargetGroup, Target", "ProxyName, TargetGroup, TargetRole")
_CLIENTS = dimension_sets("ProxyName", "ProxyName, EndpointName")
_NODE = dimension_sets("CacheClusterId", "CacheClusterId, CacheNodeId")
_SERVERLESS = dimension_sets("clusterId")

_SILENT = Missing("breaching", "An instance publishes it each minute as long as it runs; a silent one is down.")
_STORAGE = Missing("breaching", "An instance whose storage is full stops, and is silent from then on.")
_DOWN = Missing("breaching", "An engine that does not run publishes nothing.")
_TOLD_BY_CPU = Missing("notBreaching", "The alarm of the processor tells of a silent instance; one alarm is enough.")
_NOT_EVERY_CLASS = Missing("notBreaching", "Only classes whose throughput bursts publish it.")
_NO_REPLICA = Missing("notBreaching", "Only an instance that replicates publishes it.")
_NO_CLIENT = Missing("notBreaching", "A proxy publishes it once a client has connected; without clients none waits.")
_NODE_REPLACED = Missing(
    "notBreaching", "A node that is replaced is silent meanwhile, and ElastiCache reports that as an event."
)


def database_metrics() -> Iterator[Metric]:
    """Rows of AWS/RDS and AWS/ElastiCache."""
    rows = _RDS.rows
    yield from rows("CPUUtilization", "Percent", LEVEL, _CLUSTER, _SILENT)
    yield from rows("FreeStorageSpace", "Bytes", LEVEL, _INSTANCE, _STORAGE)
    yield from rows("FreeableMemory", "Bytes", LEVEL, _CLUSTER, _TOLD_BY_CPU)
    yield from rows("DatabaseConnections", "Count", LEVEL, _CLUSTER, _TOLD_BY_CPU)
    yield from rows("DBLoad DBLoadCPU DBLoadNonCPU", "Count", LEVEL, _CLUSTER, _TOLD_BY_CPU)
    yield from rows("MaximumUsedTransactionIDs", "Count", LEVEL, _CLUSTER, _TOLD_BY_CPU)
    yield from rows("ReadLatency WriteLatency", "Seconds", TIME, _CLUSTER, _TOLD_BY_CPU)
    yield from rows("ReadIOPS WriteIOPS", "Count/Second", LEVEL, _CLUSTER, _TOLD_BY_CPU)
    yield from rows("ReadThroughput WriteThroughput", "Bytes/Second", LEVEL, _CLUSTER, _TOLD_BY_CPU)
    yield from rows("NetworkReceiveThroughput NetworkTransmitThroughput", "Bytes/Second", LEVEL, _CLUSTER, _TOLD_BY_CPU)
    yield from rows("SwapUsage", "Bytes", LEVEL, _CLUSTER, _TOLD_BY_CPU)
    yield from rows("DiskQueueDepth", "Count", LEVEL, _INSTANCE, _TOLD_BY_CPU)
    yield from rows("CPUCreditBalance", "Count", LEVEL, _INSTANCE, _NOT_EVERY_CLASS)
    yield from rows("BurstBalance", "Percent", LEVEL, _INSTANCE, _NOT_EVERY_CLASS)
    yield from rows("EBSByteBalance% EBSIOBalance%", "Percent", LEVEL, _CLUSTER, _NOT_EVERY_CLASS)
    yield from rows("ReplicaLag", "Seconds", LEVEL, _INSTANCE, _NO_REPLICA)
    yield from _aurora()
    yield from _proxy()
    yield from _cache()


def _aurora() -> Iterator[Metric]:
    rows = _AURORA.rows
    yield from rows("EngineUptime", "Seconds", LEVEL, _CLUSTER, _DOWN)
    yield from rows("BufferCacheHitRatio", "Percent", LEVEL, _CLUSTER, _TOLD_BY_CPU)
    yield from rows("FreeLocalStorage", "Bytes", LEVEL, _CLUSTER, _TOLD_BY_CPU)
    yield from rows("AuroraReplicaLag AuroraReplicaLagMaximum", "Milliseconds", LEVEL, _CLUSTER, _NO_REPLICA)
    yield from rows("AuroraGlobalDBReplicationLag", "Milliseconds", LEVEL, _OF_CLUSTER, _NO_REPLICA)
    yield from rows("ServerlessDatabaseCapacity", "Count", LEVEL, _CLUSTER, _TOLD_BY_CPU)
    yield from rows("ACUUtilization", "Percent", LEVEL, _CLUSTER, _TOLD_BY_CPU)
    yield from rows("VolumeBytesUsed", "Bytes", LEVEL, _OF_CLUSTER, _TOLD_BY_CPU)
    yield from rows("CommitLatency SelectLatency", "Milliseconds", TIME, _CLUSTER, _TOLD_BY_CPU)
    yield from rows("Deadlocks", "Count/Second", LEVEL, _CLUSTER, _TOLD_BY_CPU)


def _proxy() -> Iterator[Metric]:
    rows = _PROXY.rows
    summed = (*COUNT, *LEVEL)  # each of the servers behind a proxy publishes a share
    yield from rows("AvailabilityPercentage", "Percent", LEVEL, _BY_TARGET, _NO_CLIENT)
    yield from rows(
        "ClientConnections ClientConnectionsNoTLS ClientConnectionsTLS", "Count", summed, _CLIENTS, _NO_CLIENT
    )
    yield from rows(
        "ClientConnectionsClosed ClientConnectionsReceived ClientConnectionsSetupFailedAuth "
        "ClientConnectionsSetupSucceeded",
        "Count", COUNT, _CLIENTS, _NO_CLIENT,
    )  # fmt: skip
    yield from rows(
        "DatabaseConnectionRequests DatabaseConnectionRequestsWithTLS", "Count", COUNT, _PROXIES, _NO_CLIENT
    )
    yield from rows(
        "DatabaseConnectionsSetupFailed DatabaseConnectionsSetupSucceeded", "Count", COUNT, _PROXIES, _NO_CLIENT
    )
    yield from rows(
        "DatabaseConnectionsCurrentlyBorrowed DatabaseConnectionsCurrentlyInTransaction "
        "DatabaseConnectionsCurrentlySessionPinned DatabaseConnectionsWithTLS DatabaseConnections "
        "MaxDatabaseConnectionsAllowed",
        "Count", summed, _PROXIES, _NO_CLIENT,
    )  # fmt: skip
    yield from rows(
        "DatabaseConnectionsBorrowLatency QueryDatabaseResponseLatency QueryResponseLatency",
        "Microseconds", TIME, _PROXIES, _NO_CLIENT,
    )  # fmt: skip
    yield from rows("QueryRequests QueryRequestsNoTLS QueryRequestsTLS", "Count", COUNT, _CLIENTS, _NO_CLIENT)


def _cache() -> Iterator[Metric]:
    rows, both = _CACHE.rows, (*_NODE, *_SERVERLESS)
    yield from rows("CPUUtilization EngineCPUUtilization", "Percent", LEVEL, _NODE, _NODE_REPLACED)
    yield from rows("DatabaseMemoryUsagePercentage", "Percent", LEVEL, _NODE, _NODE_REPLACED)
    yield from rows("FreeableMemory", "Bytes", LEVEL, _NODE, _NODE_REPLACED)
    yield from rows("CurrConnections", "Count", LEVEL, both, _NODE_REPLACED)
    yield from rows("AuthenticationFailures NewConnections Evictions", "Count", (*COUNT, *LEVEL), both, _NODE_REPLACED)
    yield from rows("CacheHits CacheMisses", "Count", COUNT, both, _NODE_REPLACED)
    yield from rows("CacheHitRate", "Percent", LEVEL, both, _NODE_REPLACED)
    yield from rows("ReplicationLag", "Seconds", LEVEL, _NODE, _NO_REPLICA)
    yield from rows(
        "SuccessfulReadRequestLatency SuccessfulWriteRequestLatency", "Microseconds", TIME, both, _NODE_REPLACED
    )
    yield from rows("BytesUsedForCache", "Bytes", LEVEL, both, _NODE_REPLACED)
    yield from rows(
        "ElastiCacheProcessingUnits ThrottledCmds TotalCmdsCount", "Count", COUNT, _SERVERLESS, _NODE_REPLACED
    )
