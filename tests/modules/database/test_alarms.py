"""Alarms of a database instance."""

from __future__ import annotations

from typing import Any

import pytest

from modules.database import DatabaseConfig
from modules.database.alarms import database_alarms
from modules.observability import AlarmSpec
from tests.modules.observability.alarms import assert_sound


def alarms(**fields: Any) -> dict[str, AlarmSpec]:
    config = DatabaseConfig.parse({"database_name": "orders", "master_username": "orders", **fields})
    return {alarm.id: alarm for alarm in database_alarms("acme-db", config)}


def test_an_instance_is_watched_for_processor_storage_and_transaction_ids() -> None:
    watched = alarms()
    for alarm in watched.values():
        assert_sound(alarm, namespace="AWS/RDS", dimensions={"DBInstanceIdentifier": "acme-db"})
    assert {alarm.id: (alarm.metric, alarm.comparison) for alarm in watched.values()} == {
        "cpu": ("CPUUtilization", "GreaterThanThreshold"),
        "free-storage": ("FreeStorageSpace", "LessThanThreshold"),
        "transaction-ids": ("MaximumUsedTransactionIDs", "GreaterThanThreshold"),
    }
    assert watched["transaction-ids"].threshold < 2**31 - 3_000_000  # PostgreSQL stops there


@pytest.mark.parametrize(("gigabytes", "bytes_free"), [(20, 2_147_483_648), (50_000, 5_368_709_120_000)])
def test_a_tenth_of_the_storage_stays_free_in_bytes(gigabytes: int, bytes_free: int) -> None:
    watched = alarms(allocated_storage_gb=gigabytes, max_allocated_storage_gb=65_536)
    assert watched["free-storage"].threshold == bytes_free


def test_an_instance_that_sends_nothing_is_down() -> None:
    assert {alarm.id for alarm in alarms().values() if alarm.missing_data == "breaching"} == {"cpu", "free-storage"}
