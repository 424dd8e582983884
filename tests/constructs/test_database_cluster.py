"""Clusters: what is synthesized, how functions connect, and what is refused on the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modules.database import (
    DatabaseCluster,
    DatabaseClusterConfig,
    GlobalDatabaseCluster,
    GlobalDatabaseClusterConfig,
)
from modules.observability import AlarmTopic
from modules.secret import Secret, SecretConfig
from tests.constructs.functions import OFF, Made, refusal

pytestmark = pytest.mark.synth
WHERE = "dev-main-eu-west-1-orders/sales"
NAMES = {"database_name": "orders", "master_username": "owner"}
GONE: dict[str, Any] = {"removal": "destroy", "removal_reason": "a trial"}
ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
REASON = "it sets up the users"


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


def statements(made: Made) -> dict[str, dict[str, Any]]:
    (policy,) = [each for name, each in made.resources("aws_iam_role_policy").items() if name.startswith("api_role")]
    return {each["Sid"]: each for each in json.loads(policy["policy"])["Statement"]}


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
    )
    resource, instance = made.only("aws_rds_cluster"), made.only("aws_rds_cluster_instance")
    assert (resource["storage_type"], resource["backtrack_window"], resource["port"]) == ("aurora-iopt1", 3_600, 3_307)
    assert resource["preferred_backup_window"] == "02:00-02:30"
    assert resource["preferred_maintenance_window"] == instance["preferred_maintenance_window"] == "sun:03:00-sun:03:30"
    assert (instance["availability_zone"], instance["promotion_tier"]) == (ZONES[2], 0)
    assert (instance["ca_cert_identifier"], instance["instance_class"]) == ("rds-ca-rsa4096-g1", "db.r7g.large")
    parameters = made.only("aws_rds_cluster_parameter_group")["parameter"]
    assert {"name": "max_connections", "value": "500"} in parameters


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


def test_one_instance_has_no_reader(made: Made) -> None:
    found = cluster(made, cluster_type={"instances": 1})
    assert found.reader_host == ""
    assert refusal(lambda: found.connection(user="api", reader=True)) == (
        f"{WHERE}: reader is True; the database has no reader; add a replica, or use the writer"
    )


def test_a_function_signs_in_with_a_token(made: Made) -> None:
    found = cluster(made)
    made.function().connect_to(found, user="api")
    sign_in = next(each for each in statements(made).values() if each["Action"] == ["rds-db:connect"])
    assert sign_in["Resource"] == [
        "arn:aws:rds-db:eu-west-1:123456789012:dbuser:${aws_rds_cluster.sales_cluster_0C8D54C4.cluster_resource_id}/api"
    ]
    function = made.only("aws_lambda_function")
    assert function["environment"]["variables"]["DB_HOST"] == "${aws_rds_cluster.sales_cluster_0C8D54C4.endpoint}"
    assert {each for each in function["depends_on"] if "cluster_instance" in each} == {
        f"aws_rds_cluster_instance.{name}" for name in made.resources("aws_rds_cluster_instance")
    }


def test_too_many_functions_for_the_capacity(made: Made) -> None:
    found = cluster(made, cluster_type={"max_acu": 1})
    assert refusal(lambda: made.function(reserved_concurrency=200).connect_to(found, user="api")) == (
        f"{WHERE}: 200 direct connections may be open at once (dev-main-eu-west-1-orders/api 200 x 1); the "
        "database has "
        "max_connections 189 (aurora-postgresql, 1 ACU), of which 5 are kept for administrators; set the "
        "reserved_concurrency of dev-main-eu-west-1-orders/api to at most 184, or connect through a DatabaseProxy"
    )


def test_the_data_api_needs_no_connection(made: Made) -> None:
    found = cluster(made, data_api=True)
    connection = found.connection(data_api=True, master_password_reason=REASON, environment_prefix="SQL")
    assert (connection.port, connection.security_group, connection.services) == (443, None, ("rds-data",))
    assert connection.demand is None
    assert connection.environment == {
        "SQL_CLUSTER_ARN": found.arn, "SQL_NAME": "orders", "SQL_SECRET_ARN": found.master_secret_arn,
    }  # fmt: skip
    run, read, decrypt = connection.statements
    assert (run.sid, run.resources) == ("RunSqlOnSales", (found.arn,))
    assert run.actions == (
        "rds-data:BatchExecuteStatement", "rds-data:BeginTransaction", "rds-data:CommitTransaction",
        "rds-data:ExecuteStatement", "rds-data:RollbackTransaction",
    )  # fmt: skip
    assert (read.sid, read.resources) == ("ReadSalesMasterSecret", (found.master_secret_arn,))
    assert (decrypt.actions, decrypt.resources) == (("kms:Decrypt",), (made.key.arn,))


def test_the_data_api_with_the_secret_of_a_user(made: Made) -> None:
    config = SecretConfig.parse({"value": {"username": "api"}, "rotation_off_reason": "a trial"})
    found, secret = cluster(made, data_api=True), Secret(made.stack, "sales-user", config=config, key=made.key)
    made.function().connect_to(found, data_api=True, secret=secret)
    (name,) = made.resources("aws_secretsmanager_secret")
    variables = made.only("aws_lambda_function")["environment"]["variables"]
    assert variables["DB_SECRET_ARN"].startswith(f"${{aws_secretsmanager_secret.{name}.")
    granted = statements(made)
    assert "RunSqlOnSales" in granted
    assert not [sid for sid in granted if "Master" in sid]
    services = [each["service_name"] for each in made.resources("aws_vpc_endpoint").values()]
    assert "com.amazonaws.eu-west-1.rds-data" in services


class Granted:
    """A role that remembers."""

    def __init__(self) -> None:
        self.sids: list[str] = []

    def grant(self, *given: Any) -> None:
        self.sids.extend(statement.sid for statement in given)


def test_a_role_is_granted_the_data_api(made: Made) -> None:
    role = Granted()
    cluster(made, data_api=True).grant_data_api(role, master_password_reason=REASON)
    assert role.sids == ["RunSqlOnSales", "ReadSalesMasterSecret", "DecryptSalesMasterSecret"]


def test_the_data_api_is_refused(made: Made) -> None:
    found = cluster(made)
    assert refusal(lambda: found.connection(data_api=True)) == (
        f"{WHERE}: data_api is True; the cluster's Data API is off; set data_api of the cluster\n"
        f'{WHERE}: secret is missing and master_password_reason is ""; the Data API signs in with the secret of a '
        "user, "
        "or with that of the master user; set one of the two"
    )


def test_a_custom_endpoint(made: Made) -> None:
    found = cluster(made, custom_endpoint_instances=["b"])
    endpoint = made.only("aws_rds_cluster_endpoint")
    (b,) = [name for name in made.resources("aws_rds_cluster_instance") if "instance-b" in name]
    assert endpoint["static_members"] == [f"${{aws_rds_cluster_instance.{b}.identifier}}"]
    assert endpoint["custom_endpoint_type"] == "ANY"
    assert found.connection(user="api", custom_endpoint=True).environment["DB_HOST"] == found.custom_host
    assert refusal(lambda: found.connection(user="api", custom_endpoint=True, reader=True)) == (
        f"{WHERE}: custom_endpoint is True; a connection leads to one endpoint; set one of reader and custom_endpoint"
    )


def test_a_custom_endpoint_that_there_is_not(made: Made) -> None:
    found = cluster(made)
    assert refusal(lambda: found.connection(user="api", custom_endpoint=True)) == (
        f"{WHERE}: custom_endpoint is True; the cluster has no custom endpoint; set custom_endpoint_instances of the "
        "cluster"
    )


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
    action = made.only("aws_appautoscaling_scheduled_action")
    assert (action["schedule"], action["timezone"]) == ("cron(0 20 * * ? *)", "Europe/Berlin")


def test_a_primary_joins_its_global_cluster(made: Made) -> None:
    joined = GlobalDatabaseCluster(made.stack, "everywhere")
    cluster(made, joined=joined)
    everywhere, member = made.only("aws_rds_global_cluster"), made.only("aws_rds_cluster")
    assert (everywhere["storage_encrypted"], everywhere["deletion_protection"]) == (True, True)
    assert everywhere["lifecycle"] == {"prevent_destroy": True}
    (name,) = made.resources("aws_rds_global_cluster")
    assert member["global_cluster_identifier"] == f"${{aws_rds_global_cluster.{name}.id}}"
    assert member["lifecycle"] == {"prevent_destroy": True, "ignore_changes": ["engine_version"]}
    assert joined.identifier == "acme-dev-orders-everywhere"
    assert joined.endpoint


def test_a_secondary_has_no_master_user_of_its_own(made: Made) -> None:
    secondary = {
        "global_cluster_identifier": "acme-dev-orders-everywhere",
        "database_name": "orders",
        "source_region": "us-east-1",
        "write_forwarding": True,
    }
    found = cluster(made, secondary=secondary)
    resource = made.only("aws_rds_cluster")
    own = {"database_name", "master_username", "manage_master_user_password", "master_user_secret_kms_key_id"}
    assert not own & resource.keys()
    wanted = {
        "global_cluster_identifier": "acme-dev-orders-everywhere",
        "source_region": "us-east-1",
        "enable_global_write_forwarding": True,
        "storage_encrypted": True,
    }
    assert wanted.items() <= resource.items()
    assert resource["lifecycle"]["ignore_changes"] == ["engine_version", "replication_source_identifier"]
    assert not made.resources("aws_secretsmanager_secret_rotation")
    assert found.connection(user="api").environment["DB_NAME"] == "orders"
    assert refusal(lambda: found.connection(master_password_reason=REASON)) == (
        f"{WHERE}: the master user's password is asked for; the database has no secret of it; name the secret, or "
        "connect as a user with an IAM token"
    )


def test_a_primary_that_does_not_fit(made: Made) -> None:
    joined = GlobalDatabaseCluster(
        made.stack, "everywhere", config=GlobalDatabaseClusterConfig.parse({"engine": "aurora-mysql"})
    )
    assert refusal(lambda: cluster(made, joined=joined)) == (
        f"{WHERE}: the cluster is aurora-postgresql 17, the global cluster aurora-mysql 8.0; members have one "
        "engine and "
        "one version (Aurora guide, global databases); write the same engine and engine_version in both"
    )


def test_a_secondary_in_the_region_of_its_primary(made: Made) -> None:
    secondary = {"global_cluster_identifier": "all", "database_name": "orders", "source_region": "eu-west-1"}
    assert refusal(lambda: cluster(made, secondary=secondary)) == (
        f'{WHERE}: secondary.source_region is "eu-west-1"; a global cluster has one cluster in each region, and '
        "this is "
        "the target's (Aurora guide); name the primary's region"
    )


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


def test_a_class_that_is_not_known_is_warned_of(made: Made) -> None:
    kind = {"kind": "provisioned", "instance_class": "db.r9z.large"}
    topic = AlarmTopic(made.stack, "topic", key=made.key)
    config = DatabaseClusterConfig.parse({**NAMES, "cluster_type": kind})
    found = DatabaseCluster(made.stack, "sales", config=config, network=made.network, key=made.key, alarm_topic=topic)
    told = [entry.data for entry in found.node.metadata]
    assert told == [
        (
            f"{WHERE}: the instance class is db.r9z.large; the table of instance classes has no memory and no "
            "processors of "
            "it, so DBLoad, DatabaseConnections, FreeableMemory are watched by no alarm; choose a class of the "
            "table, or "
            "add alarms of your own"
        )
    ]
