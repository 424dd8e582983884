"""Databases: what RDS, the provider or the synth would refuse."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.database import DatabaseConfig
from modules.database.reserved_words import MYSQL_WORDS, POSTGRESQL_WORDS
from tests.modules.core.samples import (
    CI,
    KNOWN_LATER,
    NUMBER_TOKEN,
    STRING_TOKEN,
    around,
    fields_of,
    refusal,
    refuses_or_keeps,
    sentence,
)

VALID: dict[str, Any] = {"database_name": "orders", "master_username": "orders"}
STORAGE = "an instance's storage takes 20 to 65536 GiB (rds API model); set a value from 20 to 65536"
PORT = "a database port takes 1150 to 65535 (rds API model); set a value from 1150 to 65535"
INTERVALS = "an enhanced monitoring interval in seconds is one of 1, 5, 10, 15, 30, 60"
BACKUPS = "automated backups takes 1 to 35 days (rds API model; 0 would switch them off); set a value from 1 to 35"
VERSION = "a major version reads like 17, 8.4 or 11.4; correct it"
AUTHORITY = (
    "a certificate authority of RDS is one of rds-ca-rsa2048-g1, rds-ca-rsa4096-g1, rds-ca-ecc384-g1; "
    "choose one of them"
)
BACKUP_WINDOW = "a backup window reads like 02:00-02:30, in UTC (rds API model); write begin and end"
MAINTENANCE = (
    "a maintenance window reads like sun:03:00-sun:03:30, in UTC (rds API model); write begin and end, "
    "days in lowercase"
)
CONNECTIONS = (
    "a database's max_connections takes 10 to 100000 connections (MySQL and MariaDB manuals); set a value from 10 to "
    "100000"
)
ROTATION = "a secret's rotation takes 1 to 1000 days (secretsmanager API model); set a value from 1 to 1000"


def name_rule(longest: int) -> str:
    return (
        f"a name here has 1 to {longest} lowercase letters, digits and underscores, a letter first (RDS API); "
        "shorten or correct it"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("database_name", "a"), ("database_name", "d" * 63), ("database_name", "order_2"),
        ("database_name", STRING_TOKEN),
        ("master_username", "u"), ("master_username", "u" * 16), ("master_username", "postgres"),
        ("master_username", STRING_TOKEN),
        ("engine_version", "14"), ("engine_version", "18"),
        ("instance_class", "db.t4g.micro"), ("instance_class", "db.x2iedn.32xlarge"), ("instance_class", STRING_TOKEN),
        ("allocated_storage_gb", 20), ("max_allocated_storage_gb", 65_536), ("max_allocated_storage_gb", NUMBER_TOKEN),
        ("port", 1_150), ("port", 65_535), ("port", NUMBER_TOKEN),
        ("backup_retention_days", 1), ("backup_retention_days", 35), ("backup_retention_days", NUMBER_TOKEN),
        ("monitoring_interval_seconds", 1), ("monitoring_interval_seconds", 60),
        ("performance_insights_retention_days", 7), ("performance_insights_retention_days", 731),
        ("performance_insights_retention_days", 31), ("log_retention_days", 3_653),
        ("slow_query_milliseconds", 1), ("slow_query_milliseconds", 2_147_483_647),
    ],
)  # fmt: skip
def test_what_rds_takes_is_taken(field: str, value: Any) -> None:
    assert getattr(DatabaseConfig.parse({**VALID, field: value}), field) == value


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("database_name", "", name_rule(63)), ("database_name", "1a", name_rule(63)),
        ("database_name", "Orders", name_rule(63)), ("database_name", "order-s", name_rule(63)),
        ("database_name", "_a", name_rule(63)),
        ("master_username", "u" * 17, name_rule(16)), ("master_username", "or ders", name_rule(16)),
        ("engine_version", "17.2.1", VERSION), ("engine_version", "latest", VERSION),
        ("engine_version", STRING_TOKEN, KNOWN_LATER),
        ("engine", "oracle-ee", "an engine is one of postgres, mysql, mariadb; choose one of them"),
        ("engine", "aurora-mysql", "an engine is one of postgres, mysql, mariadb; choose one of them"),
        ("storage_type", "gp2", "a storage type is one of gp3, io2; choose one of them"),
        ("ca_certificate", "rds-ca-2019", AUTHORITY), ("backup_window", "2:00-2:30", BACKUP_WINDOW),
        ("backup_window", "24:00-24:30", BACKUP_WINDOW), ("maintenance_window", "Sun:03:00-Sun:03:30", MAINTENANCE),
        ("instance_class", "t4g.micro", "an instance class reads like db.t4g.medium; correct it"),
        ("instance_class", "db.t4g", "an instance class reads like db.t4g.medium; correct it"),
        ("instance_class", "db.T4g.micro", "an instance class reads like db.t4g.medium; correct it"),
        ("removal", "retain", "removal is one of keep, destroy; choose one of them"),
        ("removal", STRING_TOKEN, KNOWN_LATER),
    ],
)  # fmt: skip
def test_text_that_rds_refuses_is_refused(field: str, value: str, rule: str) -> None:
    assert sentence(DatabaseConfig, {**VALID, field: value}) == f'{field} is "{value}"; {rule}'


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("engine_version", 17, "a major version reads like 17, 8.4 or 11.4; write it in quotes"),
        ("engine_version", 8.4, "a major version reads like 17, 8.4 or 11.4; write it in quotes"),
        ("max_connections", 9, CONNECTIONS), ("max_connections", 100_001, CONNECTIONS),
        ("master_password_rotation_days", 0, ROTATION), ("master_password_rotation_days", 1_001, ROTATION),
        ("allocated_storage_gb", 19, STORAGE), ("allocated_storage_gb", 65_537, STORAGE),
        ("allocated_storage_gb", NUMBER_TOKEN, KNOWN_LATER), ("slow_query_milliseconds", NUMBER_TOKEN, KNOWN_LATER),
        ("max_allocated_storage_gb", 65_537, STORAGE),
        ("port", 1_149, PORT), ("port", 65_536, PORT), ("port", 0, PORT),
        ("backup_retention_days", 0, BACKUPS), ("backup_retention_days", 36, BACKUPS),
        ("monitoring_interval_seconds", 0, f"{INTERVALS}; choose one of them"),
        ("slow_query_milliseconds", 0, ("a slow statement's duration takes 1 to 2147483647 ms (PostgreSQL "
         "manual); set a value from 1 to 2147483647")),
    ],
)  # fmt: skip
def test_numbers_that_rds_refuses_are_refused(field: str, value: float, rule: str) -> None:
    assert sentence(DatabaseConfig, {**VALID, field: value}) == f"{field} is {value}; {rule}"


@pytest.mark.parametrize("days", [0, 6, 8, 30, 732, 744])
def test_performance_insights_keep_a_week_whole_months_or_two_years(days: int) -> None:
    problem = sentence(DatabaseConfig, {**VALID, "performance_insights_retention_days": days})
    assert problem.startswith(
        f"performance_insights_retention_days is {days}; Performance Insights retention in days is one of 7, 31, 62, "
    )


@pytest.mark.parametrize(
    "name", ["admin", "rdsadmin", "rdsproxyadmin", "rds_superuser", "rds_x", "pg_dba", "user", "order", "select"]
)
def test_a_user_that_rds_or_sql_reserves_is_refused(name: str) -> None:
    expected = f'master_username is "{name}"; RDS for PostgreSQL reserves it; choose another'
    assert sentence(DatabaseConfig, {**VALID, "master_username": name}) == expected


@pytest.mark.parametrize("name", ["postgres", "rdsadmin", "template0", "template1", "user", "order", "table"])
def test_a_database_that_rds_or_sql_reserves_is_refused(name: str) -> None:
    expected = f'database_name is "{name}"; RDS for PostgreSQL reserves it; choose another'
    assert sentence(DatabaseConfig, {**VALID, "database_name": name}) == expected


def test_reserved_words_are_single_lowercase_words_and_not_everyday_names() -> None:
    assert {"order", "select", "table"} < POSTGRESQL_WORDS & MYSQL_WORDS
    for words in (POSTGRESQL_WORDS, MYSQL_WORDS):
        assert all(word.replace("_", "").isalnum() and word == word.lower() for word in words)
        assert not words & {"orders", "users", "app", "service", "api", "payments", "stock", "owner"}


@pytest.mark.parametrize(
    ("first", "most", "fix"),
    [(20, 21, "set it to at least 22"), (100, 109, "set it to at least 110"), (105, 115, "set it to at least 116"),
     (101, 20, "set it to at least 112"), (60_000, 65_536, "allocate less at first")],
)  # fmt: skip
def test_autoscaling_that_rds_refuses_is_refused_with_what_can_be_done(first: int, most: int, fix: str) -> None:
    data = {**VALID, "allocated_storage_gb": first, "max_allocated_storage_gb": most}
    assert sentence(DatabaseConfig, data) == (
        f"max_allocated_storage_gb is {most}; it is at least 10 percent above allocated_storage_gb ({first}) "
        f"(RDS guide); {fix}"
    )


@pytest.mark.parametrize(("first", "most"), [(20, 22), (100, 110), (101, 112), (59_578, 65_536)])
def test_autoscaling_is_taken_at_exactly_ten_percent(first: int, most: int) -> None:
    data = {**VALID, "allocated_storage_gb": first, "max_allocated_storage_gb": most}
    assert DatabaseConfig.parse(data).max_allocated_storage_gb == most


@CI
@given(st.integers(20, 65_536), st.integers(20, 65_536))
def test_autoscaling_is_taken_from_ten_percent_up(first: int, most: int) -> None:
    config = refuses_or_keeps(
        DatabaseConfig, {**VALID, "allocated_storage_gb": first, "max_allocated_storage_gb": most}
    )
    assert (config is not None) is (most >= first * 1.1 - 1e-9)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"multi_az": False}, ("multi_az is False without a reason; a single instance stops with its zone; "
         "set multi_az_off_reason")),
        ({"multi_az_off_reason": "a demo"}, ('multi_az_off_reason is "a demo"; a reason belongs to multi_az: false; '
         "remove it")),
        ({"removal": "destroy"}, ('removal is "destroy" without a reason; the data would be lost for good; '
         "set removal_reason")),
        ({"removal": "destroy", "removal_reason": " "}, ('removal_reason is " "; a reason is a sentence; '
         "write why, or remove the field")),
    ],
)  # fmt: skip
def test_what_is_less_safe_takes_a_reason(fields: dict[str, Any], expected: str) -> None:
    assert sentence(DatabaseConfig, {**VALID, **fields}) == expected


def test_with_reasons_a_database_may_stand_alone_and_be_lost() -> None:
    reasons = {"multi_az_off_reason": "a demo", "removal_reason": "a demo"}
    config = DatabaseConfig.parse({**VALID, "multi_az": False, "removal": "destroy", **reasons})
    assert (config.multi_az, config.removal) == (False, "destroy")


def test_by_default_nothing_is_lost() -> None:
    config = DatabaseConfig.parse(VALID)
    assert (config.multi_az, config.removal, config.alarms.enabled) == (True, "keep", True)


def test_all_cross_checks_of_a_database_speak_at_once() -> None:
    data = {"database_name": "postgres", "master_username": "admin", "multi_az": False, "removal": "destroy",
            "allocated_storage_gb": 100}  # fmt: skip
    assert len(refusal(DatabaseConfig, data)) == 5


@CI
@given(
    fields_of(
        DatabaseConfig,
        {
            "database_name": st.sampled_from(["orders", "user", "a" * 64]),
            "master_username": st.sampled_from(["orders", "pg_x", "a" * 17]),
            "allocated_storage_gb": around(20, 65_536),
            "max_allocated_storage_gb": around(20, 65_536),
            "port": around(1_150, 65_535),
            "removal": st.sampled_from(["keep", "destroy"]),
            "multi_az": st.booleans(),
        },
    )
)
def test_a_database_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(DatabaseConfig, data)
