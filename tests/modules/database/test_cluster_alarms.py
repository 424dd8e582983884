"""Alarms and connections of clusters."""

from __future__ import annotations

from typing import Any

import pytest

from modules.database import DatabaseClusterConfig
from modules.database.cluster_alarms import MULTI_AZ_INSTANCES, cluster_alarms
from modules.database.cluster_capacity import capacities
from modules.observability import AlarmSpec
from tests.modules.observability.alarms import assert_sound

GIB = 2**30
NAMES = {"database_name": "orders", "master_username": "owner"}
ABOVE, BELOW = "GreaterThanThreshold", "LessThanThreshold"


def config(**fields: Any) -> DatabaseClusterConfig:
    return DatabaseClusterConfig.parse({**NAMES, **fields})


def alarms(given: DatabaseClusterConfig, *names: str) -> dict[str, AlarmSpec]:
    instances = {name: f"acme-{name}" for name in names}
    return {alarm.id: alarm for alarm in cluster_alarms("acme", instances, given)}


def of(found: dict[str, AlarmSpec], name: str) -> dict[str, tuple[str, str, str, float, int]]:
    own = {key.removeprefix(f"{name}-"): alarm for key, alarm in found.items() if key.startswith(f"{name}-")}
    for alarm in own.values():
        assert_sound(alarm, namespace="AWS/RDS", dimensions={"DBInstanceIdentifier": f"acme-{name}"})
    return {
        key: (alarm.metric, alarm.statistic, alarm.comparison, alarm.threshold, alarm.periods)
        for key, alarm in own.items()
    }


AURORA = {
    "cpu": ("CPUUtilization", "Average", ABOVE, 90, 5),
    "buffer-cache": ("BufferCacheHitRatio", "Average", BELOW, 80, 10),
    "local-storage": ("FreeLocalStorage", "Average", BELOW, GIB, 5),
    "replica-lag": ("AuroraReplicaLag", "Maximum", ABOVE, 1_000, 10),
}
TRANSACTIONS = {"transaction-ids": ("MaximumUsedTransactionIDs", "Average", ABOVE, 1_000_000_000, 1)}


def test_an_aurora_instance_is_watched_as_cloudwatch_recommends() -> None:
    found = alarms(config(cluster_type={"kind": "provisioned"}), "a", "b")
    assert (
        of(found, "a")
        == of(found, "b")
        == {
            **AURORA,
            **TRANSACTIONS,
            "memory": ("FreeableMemory", "Average", BELOW, 858_993_459, 15),
            "connections": ("DatabaseConnections", "Average", ABOVE, 1_621, 5),
            "load": ("DBLoad", "Average", ABOVE, 2, 15),
        }
    )
    writer = found["writer-uptime"]
    assert_sound(writer, namespace="AWS/RDS", dimensions={"DBClusterIdentifier": "acme", "Role": "WRITER"})
    assert (writer.metric, writer.comparison, writer.threshold, writer.periods) == (
        "EngineUptime", "LessThanOrEqualToThreshold", 0, 2,
    )  # fmt: skip


def test_a_serverless_instance_is_watched_by_its_capacity() -> None:
    found = of(alarms(config(cluster_type={"max_acu": 16, "min_acu": 2}), "a"), "a")
    assert found == {
        **AURORA,
        **TRANSACTIONS,
        "capacity": ("ACUUtilization", "Average", ABOVE, 90, 15),
        "memory": ("FreeableMemory", "Average", BELOW, int(32 * GIB * 0.05), 15),
        "connections": ("DatabaseConnections", "Average", ABOVE, 3_024, 5),
    }


def test_a_cluster_that_pauses_may_have_no_writer_that_runs() -> None:
    assert "writer-uptime" in alarms(config(), "a")
    assert "writer-uptime" not in alarms(config(cluster_type={"min_acu": 0}), "a")


@pytest.mark.parametrize(("engine", "most"), [("postgres", 901), ("mysql", 682)])
def test_the_three_instances_of_a_multi_az_cluster(engine: str, most: int) -> None:
    found = alarms(config(engine=engine, cluster_type={"kind": "multi_az"}), *MULTI_AZ_INSTANCES)
    assert "writer-uptime" not in found
    for name in MULTI_AZ_INSTANCES:
        assert of(found, name) == {
            "cpu": ("CPUUtilization", "Average", ABOVE, 90, 5),
            "memory": ("FreeableMemory", "Average", BELOW, 2 * GIB, 15),
            "connections": ("DatabaseConnections", "Average", ABOVE, int(most * 0.9), 5),
            "load": ("DBLoad", "Average", ABOVE, 2, 15),
            "free-storage": ("FreeStorageSpace", "Minimum", BELOW, 10 * GIB, 5),
            "replica-lag": ("ReplicaLag", "Maximum", ABOVE, 60, 10),
            **(TRANSACTIONS if engine == "postgres" else {}),
        }


def test_what_no_table_has_is_not_watched() -> None:
    found = of(alarms(config(cluster_type={"kind": "provisioned", "instance_class": "db.r9z.large"}), "a"), "a")
    assert set(found) == {*AURORA, *TRANSACTIONS}


def test_max_connections_of_the_configuration_count() -> None:
    found = of(alarms(config(max_connections=1_000), "a"), "a")
    assert found["connections"][3] == 900


@pytest.mark.parametrize(
    ("fields", "writer", "readers", "largest"),
    [
        ({"cluster_type": {"min_acu": 0, "max_acu": 16}}, 2_000, 2_000, ""),
        ({"cluster_type": {"min_acu": 0.5, "max_acu": 16}}, 2_000, 2_000, ""),
        ({"cluster_type": {"min_acu": 1, "max_acu": 16, "instances": 3}}, 3_360, 6_720, ""),
        ({"engine": "aurora-mysql", "cluster_type": {"min_acu": 1, "max_acu": 16}}, 2_000, 2_000, ""),
        (
            {
                "engine": "aurora-mysql",
                "cluster_type": {
                    "kind": "provisioned",
                    "instances": {"a": {"instance_class": "db.r7g.xlarge"}, "b": {}, "c": {}},
                },
            },
            1_000,
            2_000,
            "db.r7g.xlarge",
        ),
        ({"engine": "mysql", "cluster_type": {"kind": "multi_az"}}, 682, 1_364, "db.m6gd.large"),
        ({"max_connections": 700}, 700, 700, ""),
        ({"cluster_type": {"kind": "provisioned", "instance_class": "db.r9z.large"}}, None, None, "db.r9z.large"),
        (
            {"cluster_type": {"kind": "provisioned", "instance_class": "db.r9z.large", "instances": 3}},
            None,
            None,
            "db.r9z.large",
        ),
    ],
)
def test_connections_of_a_cluster(
    fields: dict[str, Any], writer: int | None, readers: int | None, largest: str
) -> None:
    found = capacities(config(**fields))
    assert (found.writer.most, found.readers.most, found.largest_class) == (writer, readers, largest)


def test_a_silent_instance_is_down_unless_it_pauses() -> None:
    running = alarms(config(cluster_type={"kind": "provisioned"}), "a")
    assert {name for name, alarm in running.items() if alarm.missing_data == "breaching"} == {"writer-uptime", "a-cpu"}
    pausing = alarms(config(cluster_type={"kind": "serverless_v2", "min_acu": 0, "max_acu": 4}), "a")
    assert {alarm.missing_data for alarm in pausing.values()} == {"notBreaching"}
