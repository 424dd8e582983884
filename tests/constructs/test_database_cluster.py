"""Clusters: what is synthesized, and what is refused on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modules.database import (
    DatabaseCluster,
    DatabaseClusterConfig,
    GlobalDatabaseCluster,
)
from modules.observability import AlarmTopic
from tests.constructs.functions import OFF, Made, refusal

pytestmark = pytest.mark.synth
WHERE = "dev-main-eu-west-1-orders/sales"
NAMES = {"database_name": "orders", "master_username": "owner"}
GONE: dict[str, Any] = {"removal": "destroy", "removal_reason": "a trial"}
ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]


@pytest.fixture
def made(source: Path) -> Made:
    return Made(source, availability_zones=ZONES, egress="endpoints_only")


def cluster(made: Made, *, joined: GlobalDatabaseCluster | None = None, **fields: Any) -> DatabaseCluster:
    given = {"alarms": OFF, **({} if "secondary" in fields else NAMES), **fields}
    return DatabaseCluster(
        made.stack,
        "sales",
        config=DatabaseClusterConfig.parse(given),
        network=made.network,
        key=made.key,
        global_cluster=joined,
    )


def test_what_is_always_on(made: Made) -> None:
    made_cluster = cluster(made)
    found = made.only("aws_rds_cluster")
    always = {
        "storage_encrypted": True,
        "iam_database_authentication_enabled": True,
        "manage_master_user_password": True,
        "copy_tags_to_snapshot": True,
        "backup_retention_period": 7,
        "enabled_cloudwatch_logs_exports": ["postgresql"],
        "enable_http_endpoint": False,
        "serverlessv2_scaling_configuration": {"min_capacity": 0.5, "max_capacity": 4},
    }
    assert always.items() <= found.items()
    assert not {"master_password", "master_password_wo"} & found.keys()
    for each in made.resources("aws_rds_cluster_instance").values():
        assert each["performance_insights_enabled"]
        assert not each["publicly_accessible"]
        assert each["monitoring_interval"] == 60
    rotation = made.only("aws_secretsmanager_secret_rotation")
    assert rotation["rotation_rules"] == {"automatically_after_days": 7}
    assert rotation["rotate_immediately"] is False
    assert (made_cluster.port, made_cluster.instance_identifier, made_cluster.is_paused_when_idle) == (5432, "", False)
    assert (made_cluster.max_acu, made_cluster.max_connections, made_cluster.instance_class) == (4, 823, "")


def test_the_data_is_kept_unless_it_is_said_to_go(made: Made) -> None:
    cluster(made)
    kept = made.only("aws_rds_cluster")
    assert (kept["deletion_protection"], kept["skip_final_snapshot"], kept["delete_automated_backups"]) == (
        True, False, False,
    )  # fmt: skip
    assert kept["final_snapshot_identifier"] == "acme-dev-orders-sales-final"
    assert kept["lifecycle"] == {"prevent_destroy": True}


def test_a_cluster_that_goes_leaves_nothing(made: Made) -> None:
    cluster(made, **GONE)
    gone = made.only("aws_rds_cluster")
    assert (gone["deletion_protection"], gone["skip_final_snapshot"], gone["delete_automated_backups"]) == (
        False, True, True,
    )  # fmt: skip
    assert not {"lifecycle", "final_snapshot_identifier"} & gone.keys()


@pytest.mark.parametrize(
    ("engine", "kind", "tls"),
    [
        ("aurora-postgresql", "serverless_v2", ("rds.force_ssl", "1")),
        ("aurora-mysql", "provisioned", ("require_secure_transport", "ON")),
        ("postgres", "multi_az", ("rds.force_ssl", "1")),
        ("mysql", "multi_az", ("require_secure_transport", "1")),
    ],
)
def test_tls_is_forced_by_the_clusters_parameters(made: Made, engine: str, kind: str, tls: tuple[str, str]) -> None:
    cluster(
        made, engine=engine, cluster_type={"kind": kind}, pending_reboot_parameters={"max_prepared_transactions": "9"}
    )
    found = made.only("aws_rds_cluster_parameter_group")
    assert {each["name"]: each["value"] for each in found["parameter"]}[tls[0]] == tls[1]
    (static,) = [each for each in found["parameter"] if each.get("apply_method")]
    assert static == {"name": "max_prepared_transactions", "value": "9", "apply_method": "pending-reboot"}
    assert found["lifecycle"] == {"create_before_destroy": True}
    assert len(made.resources("aws_db_parameter_group")) == (0 if kind == "multi_az" else 1)


def test_the_group_of_postgresql_instances_leaves_to_the_cluster_what_the_cluster_sets(made: Made) -> None:
    added = {"work_mem": "65536"}
    cluster(made, max_connections=500, parameters={"log_statement": "all"}, instance_parameters=added)
    of_cluster = made.only("aws_rds_cluster_parameter_group")["parameter"]
    assert {"name": "log_statement", "value": "all"} in of_cluster
    assert made.only("aws_db_parameter_group")["parameter"] == [
        {"name": "max_connections", "value": "500", "apply_method": "pending-reboot"},
        {"name": "work_mem", "value": "65536"},
    ]


def test_a_multi_az_cluster_has_no_instances_of_its_own(made: Made) -> None:
    found = cluster(made, engine="mysql", cluster_type={"kind": "multi_az"}, ca_certificate="rds-ca-ecc384-g1")
    assert not made.resources("aws_rds_cluster_instance")
    resource = made.only("aws_rds_cluster")
    wanted = {
        "db_cluster_instance_class": "db.m6gd.large",
        "storage_type": "io2",
        "allocated_storage": 100,
        "iops": 1_000,
        "performance_insights_enabled": True,
        "monitoring_interval": 60,
        "ca_certificate_identifier": "rds-ca-ecc384-g1",
    }
    assert wanted.items() <= resource.items()
    assert "enable_http_endpoint" not in resource
    assert [each.friendly_unique_id for each in found.dependencies] == ["sales_cluster_0C8D54C4"]
    assert found.reader_host
    assert (found.max_connections, found.reader_max_connections) == (682, 1_364)


def test_what_may_be_chosen_reaches_the_resources(made: Made) -> None:
    cluster(
        made,
        engine="aurora-mysql",
        cluster_type={
            "kind": "provisioned",
            "storage_type": "aurora-iopt1",
            "instances": {"a": {"availability_zone": ZONES[2], "promotion_tier": 0}},
        },
        backtrack_window_seconds=3_600,
        backup_window="02:00-02:30",
        maintenance_window="sun:03:00-sun:03:30",
        ca_certificate="rds-ca-rsa4096-g1",
        port=3_307,
        max_connections=500,
        instance_parameters={"sql_mode": "TRADITIONAL"},
    )
    resource, instance = made.only("aws_rds_cluster"), made.only("aws_rds_cluster_instance")
    assert (resource["storage_type"], resource["backtrack_window"], resource["port"]) == ("aurora-iopt1", 3_600, 3_307)
    assert resource["preferred_backup_window"] == "02:00-02:30"
    assert resource["preferred_maintenance_window"] == instance["preferred_maintenance_window"] == "sun:03:00-sun:03:30"
    assert (instance["availability_zone"], instance["promotion_tier"]) == (ZONES[2], 0)
    assert (instance["ca_cert_identifier"], instance["instance_class"]) == ("rds-ca-rsa4096-g1", "db.r7g.large")
    parameters = made.only("aws_db_parameter_group")["parameter"]
    assert {"name": "max_connections", "value": "500"} in parameters
    assert {"name": "sql_mode", "value": "TRADITIONAL"} in parameters
    assert [each["name"] for each in made.only("aws_rds_cluster_parameter_group")["parameter"]] == [
        "require_secure_transport"
    ]


@pytest.mark.usefixtures("source")
def test_another_instance_changes_no_other_resource(tmp_path: Path) -> None:
    def synthesized(folder: Path, instances: dict[str, Any]) -> dict[str, Any]:
        folder.mkdir()
        made = Made(folder, availability_zones=ZONES, egress="none")
        cluster(made, cluster_type={"instances": instances})
        return {**made.resources("aws_rds_cluster_instance"), **made.resources("aws_rds_cluster")}

    one, two = synthesized(tmp_path / "one", {"b": {}}), synthesized(tmp_path / "two", {"a": {}, "b": {}})
    assert one.items() <= two.items()
    assert len(two) == len(one) + 1


def test_readers_follow_the_load(made: Made) -> None:
    night = {"schedule": "cron(0 20 * * ? *)", "timezone": "Europe/Berlin", "min_readers": 1, "max_readers": 2}
    scaling = {
        "max_readers": 5,
        "metric": "RDSReaderAverageDatabaseConnections",
        "target_value": 200,
        "scale_in": False,
    }
    cluster(made, reader_scaling={**scaling, "schedules": {"night": night}})
    target = made.only("aws_appautoscaling_target")
    assert target["resource_id"] == "cluster:${aws_rds_cluster.sales_cluster_0C8D54C4.id}"
    assert (target["min_capacity"], target["max_capacity"]) == (1, 5)
    assert set(target["depends_on"]) == {
        f"aws_rds_cluster_instance.{name}" for name in made.resources("aws_rds_cluster_instance")
    }
    policy = made.only("aws_appautoscaling_policy")["target_tracking_scaling_policy_configuration"]
    assert policy == {
        "predefined_metric_specification": {"predefined_metric_type": "RDSReaderAverageDatabaseConnections"},
        "target_value": 200,
        "scale_in_cooldown": 300,
        "scale_out_cooldown": 300,
        "disable_scale_in": True,
    }
    assert target["lifecycle"] == {"ignore_changes": ["min_capacity", "max_capacity"]}
    action = made.only("aws_appautoscaling_scheduled_action")
    assert (action["schedule"], action["timezone"]) == ("cron(0 20 * * ? *)", "Europe/Berlin")


def test_a_network_with_too_few_zones(source: Path) -> None:
    small = Made(source)
    assert refusal(lambda: cluster(small, engine="mysql", cluster_type={"kind": "multi_az"})) == (
        f"{WHERE}: the network has 2 availability zones; a Multi-AZ DB cluster needs subnets in 3 (RDS guide, DB "
        "subnet "
        "groups); add a zone to the network"
    )


def test_alarms_that_tell_nobody(made: Made) -> None:
    assert refusal(lambda: cluster(made, alarms={})) == (
        f"{WHERE}: alarm_topic is missing; alarms are on, and an alarm that tells nobody is none; pass "
        "alarm_topic=AlarmTopic(...), or set alarms to AlarmsConfig.off(reason=...)"
    )


def test_alarms_have_the_names_of_their_instances(made: Made) -> None:
    topic = AlarmTopic(made.stack, "topic", key=made.key)
    config = DatabaseClusterConfig.parse(NAMES)
    found = DatabaseCluster(made.stack, "sales", config=config, network=made.network, key=made.key, alarm_topic=topic)
    assert "acme-dev-orders-sales-a-cpu" in found.alarm_names
    assert "acme-dev-orders-sales-writer-uptime" in found.alarm_names


@pytest.mark.parametrize(
    ("fields", "unwatched"),
    [({}, "DBLoad, DatabaseConnections, FreeableMemory"), ({"max_connections": 500}, "DBLoad, FreeableMemory")],
)
def test_a_class_that_is_not_known_is_warned_of(made: Made, fields: dict[str, Any], unwatched: str) -> None:
    kind = {"kind": "provisioned", "instance_class": "db.r9z.large"}
    topic = AlarmTopic(made.stack, "topic", key=made.key)
    config = DatabaseClusterConfig.parse({**NAMES, "cluster_type": kind, **fields})
    found = DatabaseCluster(made.stack, "sales", config=config, network=made.network, key=made.key, alarm_topic=topic)
    told = [entry.data for entry in found.node.metadata]
    assert told == [
        (
            f"{WHERE}: the instance class is db.r9z.large; the table of instance classes has no memory and no "
            f"processors of it, so {unwatched} are watched by no alarm; choose a class of the table, or add alarms of "
            "your own"
        )
    ]
