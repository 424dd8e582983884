"""Alarms of an RDS Proxy."""

from __future__ import annotations

from modules.database.proxy_alarms import proxy_alarms
from tests.modules.observability.alarms import assert_sound


def test_a_proxy_is_watched_for_pool_waiting_pinning_logins_and_target() -> None:
    watched = {alarm.id: alarm for alarm in proxy_alarms("acme-proxy")}
    assert list(watched) == ["pool", "borrow-latency", "pinned", "failed-logins", "target-availability"]
    for alarm in watched.values():
        writer = {"TargetGroup": "default", "TargetRole": "READ_WRITE"} if alarm.id == "target-availability" else {}
        assert_sound(alarm, namespace="AWS/RDS", dimensions={"ProxyName": "acme-proxy", **writer})
    assert watched["borrow-latency"].threshold == 100_000  # microseconds
    assert watched["target-availability"].comparison == "LessThanThreshold"


def test_pinned_connections_are_not_divided_by_none() -> None:
    [pinned] = [alarm for alarm in proxy_alarms("acme-proxy") if alarm.id == "pinned"]
    assert pinned.expression == "IF(open > 0, 100 * pinned / open, 0)"


def test_connections_of_every_server_behind_the_proxy_are_summed_up() -> None:
    terms = {alarm.id: [(term.metric, term.statistic) for term in alarm.terms] for alarm in proxy_alarms("acme-proxy")}
    assert terms["pool"] == [("DatabaseConnections", "Sum"), ("MaxDatabaseConnectionsAllowed", "Sum")]
    assert terms["pinned"] == [("DatabaseConnectionsCurrentlySessionPinned", "Sum"), ("DatabaseConnections", "Sum")]


def test_readers_are_watched_as_a_target_of_their_own() -> None:
    readers = proxy_alarms("acme-proxy", has_readers=True)[-1]
    dimensions = {"ProxyName": "acme-proxy", "TargetGroup": "default", "TargetRole": "READ_ONLY"}
    assert_sound(readers, namespace="AWS/RDS", dimensions=dimensions)
    assert (readers.id, readers.metric, readers.comparison, readers.threshold) == (
        "reader-availability", "AvailabilityPercentage", "LessThanThreshold", 100,
    )  # fmt: skip
