"""Alarms of a database instance and of its replicas."""

from __future__ import annotations

from typing import Any

import pytest

from modules.database.alarms import Watched, database_alarms
from modules.database.engines import ENGINES
from modules.observability import AlarmSpec
from tests.modules.core.samples import STRING_TOKEN
from tests.modules.observability.alarms import assert_sound

GIB = 2**30


def watched(engine: str = "postgres", **fields: Any) -> Watched:
    given = {"instance_class": "db.t4g.medium", "allocated_storage_gb": 20, "max_connections": 450}
    return Watched(engine=ENGINES[engine], **{**given, **fields})


def alarms(engine: str = "postgres", **fields: Any) -> dict[str, AlarmSpec]:
    return {alarm.id: alarm for alarm in database_alarms("acme-db", watched(engine, **fields))}


def test_an_instance_is_watched_as_cloudwatch_recommends() -> None:
    found = alarms()
    for alarm in found.values():
        assert_sound(alarm, namespace="AWS/RDS", dimensions={"DBInstanceIdentifier": "acme-db"})
    above, below = "GreaterThanThreshold", "LessThanThreshold"
    assert {
        alarm.id: (alarm.metric, alarm.statistic, alarm.comparison, alarm.threshold, alarm.periods)
        for alarm in found.values()
    } == {
        "cpu": ("CPUUtilization", "Average", above, 90, 5),
        "free-storage": ("FreeStorageSpace", "Minimum", below, 2 * GIB, 5),
        "transaction-ids": ("MaximumUsedTransactionIDs", "Average", above, 1_000_000_000, 1),
        "read-latency": ("ReadLatency", "p90", above, 0.02, 5),
        "write-latency": ("WriteLatency", "p90", above, 0.02, 5),
        "connections": ("DatabaseConnections", "Average", above, 405, 5),
        "free-memory": ("FreeableMemory", "Average", below, GIB, 15),
        "db-load": ("DBLoad", "Average", above, 2, 15),
        "ebs-byte-balance": ("EBSByteBalance%", "Average", below, 10, 3),
        "ebs-io-balance": ("EBSIOBalance%", "Average", below, 10, 3),
    }
    assert all(alarm.datapoints == alarm.periods for alarm in found.values())


def test_only_a_replica_lags_and_only_a_writer_of_postgresql_counts_transactions() -> None:
    replica = alarms(is_replica=True)
    assert (replica["replica-lag"].metric, replica["replica-lag"].statistic) == ("ReplicaLag", "Maximum")
    assert (replica["replica-lag"].threshold, replica["replica-lag"].periods) == (60, 10)
    assert "transaction-ids" not in replica
    assert "replica-lag" not in alarms()
    assert "transaction-ids" not in alarms("mysql")
    assert set(alarms("mysql")) == set(alarms("mariadb")) == set(alarms()) - {"transaction-ids"}


@pytest.mark.parametrize(("gigabytes", "bytes_free"), [(20, 2_147_483_648), (50_000, 5_368_709_120_000)])
def test_a_tenth_of_the_storage_stays_free_in_bytes(gigabytes: int, bytes_free: int) -> None:
    assert alarms(allocated_storage_gb=gigabytes)["free-storage"].threshold == bytes_free


@pytest.mark.parametrize(
    ("instance_class", "memory_gib", "vcpus"),
    [("db.t4g.micro", 1, 2), ("db.m7g.large", 8, 2), ("db.r7g.xlarge", 32, 4)],
)
def test_thresholds_follow_the_class(instance_class: str, memory_gib: int, vcpus: int) -> None:
    found = alarms(instance_class=instance_class)
    assert found["free-memory"].threshold == memory_gib * GIB / 4
    assert found["db-load"].threshold == vcpus


@pytest.mark.parametrize("instance_class", ["db.m7g.8xlarge", "db.r7g.16xlarge"])
def test_a_large_class_has_no_burst_to_run_out_of(instance_class: str) -> None:
    assert not {"ebs-byte-balance", "ebs-io-balance"} & set(alarms(instance_class=instance_class))


@pytest.mark.parametrize("instance_class", ["db.z9.large", STRING_TOKEN])
def test_what_is_not_known_is_not_guessed(instance_class: str) -> None:
    fields: dict[str, Any] = {"instance_class": instance_class, "max_connections": None}
    assert not {"connections", "free-memory", "db-load"} & set(alarms(**fields))
    assert watched(**fields).unwatched == ("DBLoad", "DatabaseConnections", "FreeableMemory")
    assert watched(**{**fields, "max_connections": 100}).unwatched == ("DBLoad", "FreeableMemory")
    assert watched(**fields, has_insights=False).unwatched == ("DatabaseConnections", "FreeableMemory")
    assert watched().unwatched == ()


def test_without_performance_insights_no_load_is_reported() -> None:
    assert "db-load" not in alarms(has_insights=False)


def test_an_instance_that_sends_nothing_is_down() -> None:
    assert {alarm.id for alarm in alarms().values() if alarm.missing_data == "breaching"} == {"cpu", "free-storage"}
