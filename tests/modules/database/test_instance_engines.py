"""Instances by engine: versions, names, logs, classes, replicas."""

from __future__ import annotations

from typing import Any

import pytest

from modules.core.target import Target
from modules.database import DatabaseConfig
from modules.database.engines import ENGINES, INSTANCE_ENGINES
from tests.modules.core.samples import refusal, sentence

NAMES: dict[str, Any] = {"database_name": "stock", "master_username": "owner"}
OWN_PASSWORD = {"master_password_rotation_off_reason": "RDS makes no replica otherwise"}


def parsed(**fields: Any) -> DatabaseConfig:
    return DatabaseConfig.parse({**NAMES, **fields})


def refused(**fields: Any) -> str:
    return sentence(DatabaseConfig, {**NAMES, **fields})


@pytest.mark.parametrize(
    ("engine", "version", "family", "port"),
    [
        ("postgres", "17", "postgres17", 5432),
        ("mysql", "8.4", "mysql8.4", 3306),
        ("mariadb", "11.4", "mariadb11.4", 3306),
    ],
)
def test_an_engine_says_what_nobody_else_does(engine: str, version: str, family: str, port: int) -> None:
    config = parsed(engine=engine)
    found = config.engine_data
    assert (config.version, found.parameter_family_of(config.version), found.port) == (version, family, port)
    assert (config.engine_version, config.port) == (version, port)  # told, so that whoever reads the model knows them
    assert parsed(engine=engine, engine_version=None, port=None) == config


@pytest.mark.parametrize("engine", INSTANCE_ENGINES)
def test_every_version_in_standard_support_is_taken(engine: str) -> None:
    for version in ENGINES[engine].versions:
        assert parsed(engine=engine, engine_version=version).version == version


@pytest.mark.parametrize(
    ("engine", "version", "versions"),
    [
        ("postgres", "13", "14, 15, 16, 17, 18"),
        ("mysql", "5.7", "8.0, 8.4"),
        ("mysql", "17", "8.0, 8.4"),
        ("mariadb", "10.6", "10.11, 11.4, 11.8"),
    ],
)
def test_a_version_that_the_engine_has_not(engine: str, version: str, versions: str) -> None:
    assert refused(engine=engine, engine_version=version) == (
        f'engine_version is "{version}" and engine is "{engine}"; a major version is one of {versions}; '
        "choose one of them"
    )


def test_a_version_past_standard_support_takes_a_reason() -> None:
    assert refused(engine="mysql", engine_version="8.0") == (
        'engine_version is "8.0" without a reason; its standard support ended on 2026-07-31, and AWS charges for every '
        "processor and hour since (RDS guide); choose 8.4, or set extended_support_reason"
    )
    reason = {"extended_support_reason": "the upgrade is planned for January"}
    assert parsed(engine="mysql", engine_version="8.0", **reason).version == "8.0"
    assert refused(engine="mysql", **reason) == (
        'extended_support_reason is "the upgrade is planned for January"; RDS for MySQL 8.4 is in standard support; '
        "remove it"
    )


@pytest.mark.parametrize(
    ("engine", "name", "label"),
    [
        ("postgres", "admin", "PostgreSQL"),
        ("mysql", "rdsadmin", "MySQL"),
        ("mysql", "rds_x", "MySQL"),
        ("mariadb", "range", "MariaDB"),
    ],
)
def test_a_user_that_the_engine_reserves(engine: str, name: str, label: str) -> None:
    assert refused(engine=engine, master_username=name) == (
        f'master_username is "{name}"; RDS for {label} reserves it; choose another'
    )


@pytest.mark.parametrize(
    ("engine", "name", "label"),
    [
        ("postgres", "template1", "PostgreSQL"),
        ("mysql", "sys", "MySQL"),
        ("mariadb", "mysql", "MariaDB"),
        ("mysql", "groups", "MySQL"),
    ],
)
def test_a_database_that_the_engine_reserves(engine: str, name: str, label: str) -> None:
    assert refused(engine=engine, database_name=name) == (
        f'database_name is "{name}"; RDS for {label} reserves it; choose another'
    )


def test_what_one_engine_reserves_another_may_take() -> None:
    assert parsed(engine="mysql", master_username="admin").master_username == "admin"
    assert parsed(engine="mysql", database_name="postgres").database_name == "postgres"
    assert parsed(engine="postgres", database_name="mysql").database_name == "mysql"


@pytest.mark.parametrize(
    ("engine", "logs"),
    [
        ("postgres", ("postgresql", "upgrade")),
        ("mysql", ("error", "slowquery")),
        ("mariadb", ("error", "slowquery")),
    ],
)
def test_errors_and_slow_statements_are_exported(engine: str, logs: tuple[str, ...]) -> None:
    assert parsed(engine=engine).exported_logs == logs


def test_logs_are_chosen_in_any_order() -> None:
    assert parsed(log_exports=["iam-db-auth-error", "postgresql"]).exported_logs == ("postgresql", "iam-db-auth-error")
    assert parsed(log_exports=[]).exported_logs == ()


def test_logs_that_the_engine_has_not_or_twice() -> None:
    assert refusal(DatabaseConfig, {**NAMES, "log_exports": ["slowquery", "upgrade", "upgrade"]}) == [
        (
            'log_exports holds "slowquery"; RDS for PostgreSQL has postgresql, upgrade, iam-db-auth-error; '
            "choose among them"
        ),
        'log_exports holds "upgrade" twice; each log once; remove one',
    ]


@pytest.mark.parametrize("engine", ["mysql", "mariadb"])
@pytest.mark.parametrize("instance_class", ["db.t3.micro", "db.t4g.micro", "db.t4g.small"])
def test_a_class_without_performance_insights(engine: str, instance_class: str) -> None:
    label = ENGINES[engine].label
    assert refused(engine=engine, instance_class=instance_class) == (
        f'instance_class is "{instance_class}"; {label} has no Performance Insights there (RDS guide); '
        "choose db.t4g.medium or larger, or set performance_insights_off_reason"
    )
    off = {"performance_insights_off_reason": "a trial"}
    assert parsed(engine=engine, instance_class=instance_class, **off).instance_class == instance_class
    assert parsed(engine="postgres", instance_class=instance_class).instance_class == instance_class


def test_replicas_are_judged_by_name_and_all_at_once() -> None:
    data = {
        **NAMES,
        "engine": "mysql",
        **OWN_PASSWORD,
        "replicas": {
            "a": {"instance_class": "db.t4g.micro"},
            "b": {},
        },
    }
    assert refusal(DatabaseConfig, data) == [
        (
            'replicas.a: instance_class is "db.t4g.micro"; RDS for MySQL has no Performance Insights there '
            "(RDS guide); choose db.t4g.medium or larger, or set performance_insights_off_reason"
        )
    ]
    assert refusal(DatabaseConfig, {**NAMES, **OWN_PASSWORD, "replicas": {"a": {"removal": "destroy"}, "B": {}}}) == [
        'replicas.a: removal is "destroy" without a reason; what reads from the replica would stop; set removal_reason',
        (
            'replicas.B is "B"; a replica\'s name has 1 to 20 lowercase letters, digits and single inner hyphens, '
            "a letter first; shorten or correct it"
        ),
    ]


def test_a_replica_that_stays_has_no_reason_to_go() -> None:
    assert refused(**OWN_PASSWORD, replicas={"a": {"removal_reason": "a trial"}}) == (
        'replicas.a: removal_reason is "a trial"; a reason belongs to removal: destroy; remove it'
    )


def test_a_replica_with_a_standby_has_no_zone_of_its_own() -> None:
    replica = {"multi_az": True, "availability_zone": "eu-west-1a"}
    assert refused(**OWN_PASSWORD, replicas={"a": replica}) == (
        'replicas.a: availability_zone is "eu-west-1a" and multi_az is True; RDS chooses the zones of an instance with '
        "a standby (rds API model); remove one of the two"
    )


def test_at_most_fifteen_replicas() -> None:
    assert len(parsed(**OWN_PASSWORD, replicas={f"r{number}": {} for number in range(15)}).replicas) == 15
    assert refused(**OWN_PASSWORD, replicas={f"r{number}": {} for number in range(16)}) == (
        "replicas has 16 entries; an instance has at most 15 (RDS guide); remove some"
    )


def test_a_replica_in_another_region() -> None:
    target = Target(
        org="acme", env="dev", account="main", account_id="123456789012", region="eu-west-1", stack="s", owner="me"
    )
    config = parsed(
        **OWN_PASSWORD, replicas={"a": {"availability_zone": "eu-west-1b"}, "b": {"availability_zone": "us-east-1a"}}
    )
    assert [str(problem) for problem in config.target_checks(target)] == [
        "replicas.b: availability_zones holds us-east-1a; the target's region is eu-west-1; name zones of that region"
    ]


def test_a_password_that_rds_keeps_goes_without_replicas() -> None:
    assert refused(replicas={"b": {}, "a": {}}) == (
        "replicas has a, b; RDS makes none of an instance whose master password it keeps and rotates (RDS guide, "
        "limitations of password management); set master_password_rotation_off_reason, so that Terraform generates the "
        "password"
    )
    assert refused(master_password_version=2) == (
        "master_password_version is 2; RDS keeps the master user's password, and rotates it; remove it, or set "
        "master_password_rotation_off_reason"
    )
    assert refused(**OWN_PASSWORD, master_password_rotation_days=30) == (
        "master_password_rotation_days is 30, and master_password_rotation_off_reason is set; RDS rotates only a "
        "password that it keeps (RDS guide, password management); remove one of the two"
    )
    assert parsed(**OWN_PASSWORD, master_password_version=2).master_password_version == 2
