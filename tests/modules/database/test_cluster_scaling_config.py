"""Readers that follow the load: what Application Auto Scaling or Aurora would refuse."""

from __future__ import annotations

from typing import Any

import pytest

from modules.database import DatabaseClusterConfig
from tests.modules.core.samples import sentence

CONNECTIONS = "RDSReaderAverageDatabaseConnections"


def cluster(scaling: dict[str, Any], instances: int = 2) -> dict[str, Any]:
    return {
        "database_name": "orders",
        "master_username": "owner",
        "cluster_type": {"instances": instances},
        "reader_scaling": scaling,
    }


def test_readers_follow_the_processor_unless_it_says_otherwise() -> None:
    scaling = DatabaseClusterConfig.parse(cluster({"max_readers": 15})).reader_scaling
    assert scaling is not None
    assert (scaling.metric, scaling.target_value) == ("RDSReaderAverageCPUUtilization", 60)
    assert (scaling.min_readers, scaling.max_readers, scaling.scale_in) == (1, 15, True)
    DatabaseClusterConfig.parse(cluster({"max_readers": 4, "metric": CONNECTIONS, "target_value": 500}))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (cluster({}), "reader_scaling.max_readers is missing; it has no default; set it"),
        (
            cluster({"max_readers": 16}),
            (
                "reader_scaling.max_readers is 16; an Aurora cluster takes 1 to 15 readers (Aurora guide: at "
                "most 15); set "
                "a value from 1 to 15"
            ),
        ),
        (
            cluster({"min_readers": 0, "max_readers": 2}),
            (
                "reader_scaling.min_readers is 0; an Aurora cluster takes 1 to 15 readers (Aurora guide: at most "
                "15); set "
                "a value from 1 to 15"
            ),
        ),
        (
            cluster({"min_readers": 3, "max_readers": 2}),
            "reader_scaling: max_readers is 2; it is at least min_readers (3); raise it, or lower min_readers",
        ),
        (
            cluster({"max_readers": 2, "target_value": 101}),
            (
                "reader_scaling: target_value is 101; RDSReaderAverageCPUUtilization is at most 100 percent; set "
                "100 or "
                f"less, or choose {CONNECTIONS}"
            ),
        ),
        (
            cluster({"max_readers": 2, "metric": "CPUUtilization"}),
            (
                'reader_scaling.metric is "CPUUtilization"; the metric is one of RDSReaderAverageCPUUtilization, '
                f"{CONNECTIONS}; choose one of them"
            ),
        ),
        (
            cluster({"max_readers": 2}, instances=1),
            (
                "reader_scaling is set, and instances holds 1; the metrics are those of readers, so there must "
                "be one at "
                "first (Aurora guide, Aurora Auto Scaling); name a second instance"
            ),
        ),
        (
            cluster({"max_readers": 2}, instances=4),
            (
                "reader_scaling.max_readers is 2; instances holds 3 readers besides the writer, and those stay; "
                "set 3 or "
                "more"
            ),
        ),
    ],
)
def test_what_is_refused(data: dict[str, Any], expected: str) -> None:
    assert sentence(DatabaseClusterConfig, data) == expected


@pytest.mark.parametrize("schedule", ["cron(0 7 ? * MON-FRI *)", "rate(1 day)", "at(2027-01-04T07:00:00)"])
@pytest.mark.parametrize("timezone", ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+3"])
def test_schedules(schedule: str, timezone: str) -> None:
    morning = {"schedule": schedule, "timezone": timezone, "min_readers": 2, "max_readers": 6}
    DatabaseClusterConfig.parse(cluster({"max_readers": 4, "schedules": {"morning": morning}}))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"schedule": "0 7 * * *"},
            (
                'reader_scaling.schedules.morning.schedule is "0 7 * * *"; a schedule reads like cron(0 7 ? * '
                "MON-FRI *), "
                "rate(1 day) or at(2027-01-04T07:00:00) (Application Auto Scaling API); correct it"
            ),
        ),
        (
            {"timezone": "Berlin 1"},
            'reader_scaling.schedules.morning.timezone is "Berlin 1"; a time zone reads like Europe/Berlin; correct it',
        ),
        (
            {"min_readers": 6, "max_readers": 2},
            (
                "reader_scaling.schedules.morning: max_readers is 2; it is at least min_readers (6); raise it, "
                "or lower "
                "min_readers"
            ),
        ),
    ],
)
def test_schedules_that_are_refused(fields: dict[str, Any], expected: str) -> None:
    morning = {"schedule": "rate(1 day)", "min_readers": 1, "max_readers": 3, **fields}
    given = cluster({"max_readers": 4, "schedules": {"morning": morning}})
    assert sentence(DatabaseClusterConfig, given) == expected


def test_a_schedule_keeps_the_named_readers_too() -> None:
    night = {"schedule": "rate(1 day)", "min_readers": 1, "max_readers": 1}
    given = cluster({"max_readers": 4, "schedules": {"night": night}}, instances=3)
    assert sentence(DatabaseClusterConfig, given) == (
        "reader_scaling.schedules.night.max_readers is 1; instances holds 2 readers besides the writer, and "
        "those stay; "
        "set 2 or more"
    )
