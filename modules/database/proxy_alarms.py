"""Alarms of an RDS Proxy.

AWS recommends none; those here watch the metrics that its guide names for sizing and troubleshooting. Each of the
servers behind a proxy reports connections of its own, so they are summed up (RDS guide, monitoring RDS Proxy metrics).
"""

from __future__ import annotations

from modules.observability import AlarmSpec, MetricTerm

_NAMESPACE = "AWS/RDS"
_ABOVE, _BELOW = "GreaterThanThreshold", "LessThanThreshold"
_POOL_PERCENT = 90
_BORROW_LATENCY_MICROSECONDS = 100_000
_PINNED_PERCENT = 50
_FAILED_LOGINS = 5


def proxy_alarms(proxy_name: str, *, has_readers: bool = False) -> tuple[AlarmSpec, ...]:
    """Alarms of a proxy: pool, waiting, pinning, failed logins, target.

    Args:
        proxy_name: the proxy's name.
        has_readers: whether an endpoint leads to the readers, which are a target of their own.
    """
    proxy = {"ProxyName": proxy_name}
    writer = {**proxy, "TargetGroup": "default", "TargetRole": "READ_WRITE"}
    readers = AlarmSpec(
        id="reader-availability",
        description="The proxy cannot reach any reader.",
        namespace=_NAMESPACE, metric="AvailabilityPercentage", statistic="Average",
        dimensions={**writer, "TargetRole": "READ_ONLY"}, comparison=_BELOW, threshold=100, periods=5, datapoints=3,
    )  # fmt: skip
    return (
        AlarmSpec(
            id="pool",
            description="The proxy has opened more than 90 percent of the connections it may open.",
            namespace=_NAMESPACE, dimensions=proxy,
            expression="100 * open / allowed",
            terms=(
                MetricTerm("open", "DatabaseConnections", "Sum"),
                MetricTerm("allowed", "MaxDatabaseConnectionsAllowed", "Sum"),
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
                MetricTerm("pinned", "DatabaseConnectionsCurrentlySessionPinned", "Sum"),
                MetricTerm("open", "DatabaseConnections", "Sum"),
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
        *((readers,) if has_readers else ()),
    )  # fmt: skip
