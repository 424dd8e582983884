"""Instances and replicas: what is synthesized, and what only the construct can refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modules.core.errors import ConfigError
from tests.constructs.databases import INSTANCE, WHERE, instance, variables, warnings
from tests.constructs.functions import Made, refusal

pytestmark = pytest.mark.synth
GONE = {"removal": "destroy", "removal_reason": "a trial"}


@pytest.fixture
def made(source: Path) -> Made:
    return Made(source)


@pytest.mark.parametrize(
    ("engine", "version", "group", "family", "port", "logs"),
    [
        ("postgres", "17", "acme-dev-orders-orders-db-postgres17", "postgres17", 5432, ["postgresql", "upgrade"]),
        ("mysql", "8.4", "acme-dev-orders-orders-db-mysql8-4", "mysql8.4", 3306, ["error", "slowquery"]),
        ("mariadb", "11.4", "acme-dev-orders-orders-db-mariadb11-4", "mariadb11.4", 3306, ["error", "slowquery"]),
    ],
)
def test_an_instance_by_engine(
    made: Made, engine: str, version: str, group: str, family: str, port: int, logs: list[str]
) -> None:
    instance(made, engine=engine)
    found = made.only("aws_db_instance")
    assert (found["engine"], found["engine_version"], found["port"]) == (engine, version, port)
    assert found["enabled_cloudwatch_logs_exports"] == logs
    parameters = made.only("aws_db_parameter_group")
    assert (parameters["name"], parameters["family"]) == (group, family)
    assert {log["name"].rpartition("/")[2] for log in made.resources("aws_cloudwatch_log_group").values()} == set(logs)


def test_what_is_always_on(made: Made) -> None:
    instance(made)
    found = made.only("aws_db_instance")
    always = {
        "auto_minor_version_upgrade": True,
        "iam_database_authentication_enabled": True,
        "manage_master_user_password": True,
        "storage_encrypted": True,
        "publicly_accessible": False,
        "performance_insights_enabled": True,
        "copy_tags_to_snapshot": True,
        "multi_az": True,
        "monitoring_interval": 60,
    }
    assert always.items() <= found.items()
    assert not {"password", "password_wo"} & found.keys()
    rotation = made.only("aws_secretsmanager_secret_rotation")
    assert rotation["rotation_rules"] == {"automatically_after_days": 7}
    assert rotation["rotate_immediately"] is False
    assert "rotation_lambda_arn" not in rotation
    assert rotation["secret_id"] == f"${{{INSTANCE}.master_user_secret[0].secret_arn}}"


def test_the_password_of_an_instance_with_replicas_passes_by_plan_and_state(source: Path) -> None:
    made = Made(source, endpoints={"interface": ["secretsmanager"]})
    database = instance(made, replicas={"a": {}}, master_password_version=2)
    made.function().connect_to(database, master_password_reason="makes the users")
    (secret,), (value,) = (made.resources(f"aws_secretsmanager_secret{kind}") for kind in ("", "_version"))
    found = made.resources("aws_db_instance")[INSTANCE.partition(".")[2]]
    arn = f"${{aws_secretsmanager_secret.{secret}.arn}}"
    assert variables(made)["DB_SECRET_ARN"] == arn
    assert not {"manage_master_user_password", "master_user_secret_kms_key_id", "password"} & found.keys()
    assert not made.resources("aws_secretsmanager_secret_rotation")
    [(name, read)] = made.resources("aws_secretsmanager_secret_version", block="ephemeral").items()
    assert read["secret_id"] == arn
    assert f"aws_secretsmanager_secret_version.{value}" in read["depends_on"]
    password = f"${{jsondecode(ephemeral.aws_secretsmanager_secret_version.{name}.secret_string).password}}"
    assert (found["password_wo"], found["password_wo_version"]) == (password, 2)
    assert made.only("aws_secretsmanager_secret_version")["secret_string_wo_version"] == 2
    assert made.only("aws_secretsmanager_secret")["recovery_window_in_days"] == 0


def test_the_data_is_kept_unless_it_is_said_to_go(made: Made) -> None:
    instance(made, replicas={"a": {}, "b": GONE})
    kept, a, b = (made.resources("aws_db_instance")[name] for name in sorted(made.resources("aws_db_instance")))
    assert (kept["deletion_protection"], kept["skip_final_snapshot"], kept["delete_automated_backups"]) == (
        True, False, False,
    )  # fmt: skip
    assert kept["final_snapshot_identifier"] == "acme-dev-orders-orders-db-final"
    assert kept["lifecycle"] == {"prevent_destroy": True}
    assert (a["deletion_protection"], b["deletion_protection"]) == (True, False)
    assert all(replica["skip_final_snapshot"] is True and "lifecycle" not in replica for replica in (a, b))


def test_an_instance_that_goes_takes_its_replicas_along(made: Made) -> None:
    instance(made, replicas={"a": {}}, **GONE)
    for found in made.resources("aws_db_instance").values():
        assert (found["deletion_protection"], found["skip_final_snapshot"]) == (False, True)
        assert "lifecycle" not in found


def test_a_replica_is_what_its_source_is_and_says_what_differs(made: Made) -> None:
    database = instance(
        made,
        engine="mysql",
        replicas={"b": {"instance_class": "db.r7g.large", "multi_az": True, "backup_retention_days": 3}, "a": {}},
        backup_window="02:00-02:30",
        maintenance_window="sun:03:00-sun:03:30",
    )
    assert list(database.replicas) == ["a", "b"]
    source, a, b = (found for _, found in sorted(made.resources("aws_db_instance").items()))
    assert a["identifier"] == "acme-dev-orders-orders-db-a"
    shared = (
        "enabled_cloudwatch_logs_exports", "iam_database_authentication_enabled", "maintenance_window",
        "max_allocated_storage", "parameter_group_name", "performance_insights_kms_key_id", "port", "storage_encrypted",
        "vpc_security_group_ids",
    )  # fmt: skip
    assert {name: a[name] for name in shared} == {name: source[name] for name in shared}
    own = {"engine", "username", "manage_master_user_password", "kms_key_id", "db_subnet_group_name"}
    assert not own & (a.keys() | b.keys())
    assert a["replicate_source_db"] == b["replicate_source_db"] == f"${{{INSTANCE}.identifier}}"
    assert (a["instance_class"], a["multi_az"]) == ("db.t4g.medium", False)
    assert not {"backup_retention_period", "backup_window"} & a.keys()
    assert (b["instance_class"], b["multi_az"], b["backup_retention_period"]) == ("db.r7g.large", True, 3)
    assert b["backup_window"] == "02:00-02:30"
    assert (database.replicas["a"].max_connections, database.replicas["b"].max_connections) == (341, 1_365)


def test_another_replica_changes_no_other_resource(source: Path, tmp_path: Path) -> None:
    def synthesized(folder: Path, *names: str) -> dict[str, Any]:
        folder.mkdir()
        (folder / "handler.py").write_text((source / "handler.py").read_text(encoding="utf-8"), encoding="utf-8")
        made = Made(folder)
        instance(made, replicas={name: {} for name in names})
        return made.resources("aws_db_instance")

    one, two = synthesized(tmp_path / "one", "b"), synthesized(tmp_path / "two", "a", "b")
    assert one.items() <= two.items()
    assert len(two) == len(one) + 1


def test_alarms_that_tell_nobody(made: Made) -> None:
    assert refusal(lambda: instance(made, alarms={})) == (
        f"{WHERE}: alarm_topic is missing; alarms are on, and an alarm that tells nobody is none; pass "
        "alarm_topic=AlarmTopic(...), or set alarms to AlarmsConfig.off(reason=...)"
    )


def test_a_class_that_is_not_known_is_warned_of(made: Made) -> None:
    with pytest.raises(ConfigError):
        instance(made, instance_class="db.z9.large", alarms={})
    assert warnings(made) == [
        (
            f'{WHERE}: instance_class is "db.z9.large"; the table of instance classes has no memory and no processors '
            "of it, so DBLoad, DatabaseConnections, FreeableMemory are watched by no alarm; choose a class of the "
            "table, or add alarms of your own"
        )
    ]


def test_a_replica_in_a_zone_without_subnets_is_refused(made: Made) -> None:
    assert refusal(lambda: instance(made, replicas={"a": {"availability_zone": "eu-west-1c"}})) == (
        f'{WHERE}: replicas.a.availability_zone is "eu-west-1c"; the network has eu-west-1a, eu-west-1b; '
        "choose one of them"
    )


def test_a_replica_in_another_region_is_refused(made: Made) -> None:
    assert refusal(lambda: instance(made, replicas={"a": {"availability_zone": "us-east-1a"}})) == (
        f"{WHERE} replicas.a: availability_zones holds us-east-1a; the target's region is eu-west-1; name zones of "
        "that region"
    )
