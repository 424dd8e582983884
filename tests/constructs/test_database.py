"""Instances: what is synthesized, how functions connect directly, and what is refused on the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.core.statements import Statement
from modules.database import Database, DatabaseConfig, ExistingDatabase, ExistingDatabaseConfig
from modules.database.base import DatabaseBase
from modules.function import Function
from tests.constructs.functions import OFF, Made, refusal

pytestmark = pytest.mark.synth
WHERE = "dev-main-eu-west-1-orders/orders-db"
KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/11111111-1111-1111-1111-111111111111"
INSTANCE = "aws_db_instance.orders-db_instance_E0529D63"
SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-1111-AbCdEf"
GONE = {"removal": "destroy", "removal_reason": "a trial"}
EXISTING: dict[str, Any] = {
    "identifier": "old-orders",
    "engine": "mysql",
    "host": "old-orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
    "resource_id": "db-ABCDEFGHIJKL0123456789MNOP",
    "security_group_id": "sg-0123456789abcdef0",
    "database_name": "orders",
    "master_username": "admin",
}


@pytest.fixture
def made(source: Path) -> Made:
    return Made(source)


def instance(made: Made, **fields: Any) -> Database:
    names = {"database_name": "orders", "master_username": "owner", "alarms": OFF}
    config = DatabaseConfig.parse({**names, **fields})
    return Database(made.stack, "orders-db", config=config, network=made.network, key=made.key)


def existing(made: Made, **fields: Any) -> ExistingDatabase:
    config = ExistingDatabaseConfig.parse({**EXISTING, **fields})
    return Database.from_existing(made.stack, "old-orders", config=config, network=made.network, key=made.key)


def warnings(made: Made) -> list[str]:
    entries = (entry for node in made.stack.node.find_all() for entry in node.node.metadata)
    return [str(entry.data) for entry in entries if "warn" in entry.type]


def granted(made: Made) -> dict[str, dict[str, Any]]:
    """Statements of the function's role, by Sid."""
    policies = made.resources("aws_iam_role_policy")
    [policy] = [each["policy"] for name, each in policies.items() if name.startswith("api_")]
    return {each["Sid"]: each for each in json.loads(policy)["Statement"]}


def variables(made: Made) -> dict[str, str]:
    found: dict[str, str] = made.only("aws_lambda_function")["environment"]["variables"]
    return found


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


def test_a_function_connects_directly(made: Made) -> None:
    database = instance(made)
    made.function().connect_to(database, user="orders_api")
    assert variables(made) == {
        "DB_HOST": f"${{{INSTANCE}.address}}",
        "DB_PORT": "5432",
        "DB_NAME": "orders",
        "DB_USER": "orders_api",
    }
    [sid] = [name for name in granted(made) if name.startswith("Connect")]
    assert sid.startswith("ConnectOrdersDbAsOrdersApi")
    assert granted(made)[sid]["Action"] == ["rds-db:connect"]
    assert granted(made)[sid]["Resource"] == [
        f"arn:aws:rds-db:eu-west-1:123456789012:dbuser:${{{INSTANCE}.resource_id}}/orders_api"
    ]
    rules = made.resources("aws_vpc_security_group_egress_rule")
    assert [(rule["description"], rule["to_port"]) for rule in rules.values()] == [("to orders-db", 5432)]
    assert [rule["to_port"] for rule in made.resources("aws_vpc_security_group_ingress_rule").values()] == [5432]
    assert INSTANCE in made.only("aws_lambda_function")["depends_on"]


def test_a_function_that_sets_up_users_reads_the_master_password_and_says_why(source: Path) -> None:
    made = Made(source, endpoints={"interface": ["secretsmanager"]})
    database = instance(made)
    made.function().connect_to(database, master_password_reason="makes the users", environment_prefix="SETUP")
    assert variables(made) == {
        "SETUP_HOST": f"${{{INSTANCE}.address}}",
        "SETUP_PORT": "5432",
        "SETUP_NAME": "orders",
        "SETUP_USER": "owner",
        "SETUP_SECRET_ARN": f"${{{INSTANCE}.master_user_secret[0].secret_arn}}",
    }
    statements = granted(made)
    assert statements["ReadOrdersDbMasterSecret"]["Resource"] == [variables(made)["SETUP_SECRET_ARN"]]
    assert statements["DecryptOrdersDbMasterSecret"]["Condition"] == {
        "StringEquals": {"kms:ViaService": ["secretsmanager.eu-west-1.amazonaws.com"]}
    }
    assert not [sid for sid in statements if sid.startswith("Connect")]


def test_a_reader_is_the_only_replica(made: Made) -> None:
    database = instance(made, replicas={"a": {}})
    api = made.function()
    api.connect_to(database, user="api")
    api.connect_to(database, user="api", reader=True, environment_prefix="READ_DB")
    found = variables(made)
    assert found["READ_DB_HOST"] != found["DB_HOST"]
    assert (database.reader_host, database.reader_resource_id) == (
        database.replicas["a"].host,
        database.replicas["a"].resource_id,
    )
    resources = [each["Resource"] for sid, each in granted(made).items() if sid.startswith("Connect")]
    assert len(resources) == 2
    assert resources[0] != resources[1]
    assert len(made.resources("aws_vpc_security_group_egress_rule")) == 1  # both stand in one group, on one port


def test_of_several_replicas_one_is_named(made: Made) -> None:
    database = instance(made, replicas={"a": {}, "b": {}})
    api = made.function()
    assert refusal(lambda: api.connect_to(database, user="api", reader=True)) == (
        f"{WHERE}: reader is True; the database has the replicas a, b, and nothing spreads connections over them; "
        'connect to one of them, such as replicas["a"]'
    )
    api.connect_to(database.replicas["b"], user="api")
    assert "replica-b" in variables(made)["DB_HOST"]


@pytest.mark.parametrize(
    ("choices", "problem"),
    [
        ({}, ('user is "" and master_password_reason is ""; a function signs in as a user with an IAM token, or as the '
         "master user with its password; set one of the two")),
        ({"user": "api", "master_password_reason": "both"}, ('user is "api" and master_password_reason is "both"; a '
         "function signs in as a user with an IAM token, or as the master user with its password; set one of the two")),
        ({"user": "owner"}, ('user is "owner"; it is the master user, whose password RDS rotates, and IAM signs in '
         "other users; name a user of the function's own, or set master_password_reason")),
        ({"user": "*"}, ('user is "*"; a permission names one user, with letters, digits and underscores; write the '
         "user's name")),
        ({"user": "api", "reader": True},
         "reader is True; the database has no reader; add a replica, or use the writer"),
    ],
)  # fmt: skip
def test_choices_that_do_not_go_together(made: Made, choices: dict[str, Any], problem: str) -> None:
    database = instance(made)
    assert refusal(lambda: database.connection(**choices)) == f"{WHERE}: {problem}"


def test_users_that_read_alike_are_told_apart(made: Made) -> None:
    database = instance(made)
    sids = {database.connection(user=user).statements[0].sid for user in ("a_b", "ab", "a__b", "AB")}
    assert len(sids) == 4


def test_an_unbounded_function_is_refused(made: Made) -> None:
    api = made.function(reserved_concurrency=None, unreserved_reason="shares what the account has")
    message = refusal(lambda: api.connect_to(instance(made), user="api"))
    assert message.startswith(f"{WHERE}: dev-main-eu-west-1-orders/api connects directly, and only the account's quota")
    assert "max_connections 450" in message
    assert message.endswith("or connect it through a DatabaseProxy")


def test_functions_are_counted_against_max_connections(made: Made) -> None:
    database = instance(made, max_connections=100)
    made.function("api", reserved_concurrency=60).connect_to(database, user="api")
    jobs = made.function("jobs", reserved_concurrency=40)
    message = refusal(lambda: jobs.connect_to(database, user="jobs"))
    assert message.startswith(f"{WHERE}: 100 direct connections ")
    assert "max_connections 100 (as configured)" in message
    parameters = made.only("aws_db_parameter_group")["parameter"]
    assert {"name": "max_connections", "value": "100", "apply_method": "pending-reboot"} in parameters


def test_a_replica_counts_its_own_connections(made: Made) -> None:
    database = instance(made, max_connections=100, replicas={"a": {}})
    made.function("api", reserved_concurrency=60).connect_to(database, user="api")
    made.function("jobs", reserved_concurrency=60).connect_to(database, user="jobs", reader=True)
    assert database.budget is not database.reader_budget
    assert (database.max_connections, database.reader_max_connections) == (100, 100)


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


def test_a_replica_in_another_region_is_refused(made: Made) -> None:
    assert refusal(lambda: instance(made, replicas={"a": {"availability_zone": "us-east-1a"}})) == (
        f"{WHERE} replicas.a: availability_zones holds us-east-1a; the target's region is eu-west-1; name zones of "
        "that region"
    )


def test_an_existing_instance_is_connected_to_like_an_owned_one(made: Made) -> None:
    database: DatabaseBase = existing(made, instance_class="db.t4g.medium")
    api: Function = made.function()
    api.connect_to(database, user="api")
    assert variables(made) == {
        "DB_HOST": "old-orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
        "DB_PORT": "3306",
        "DB_NAME": "orders",
        "DB_USER": "api",
    }
    assert granted(made)["ConnectOldOrdersAsApi"]["Resource"] == [
        "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABCDEFGHIJKL0123456789MNOP/api"
    ]
    [ingress] = made.resources("aws_vpc_security_group_ingress_rule").values()
    assert (ingress["security_group_id"], ingress["to_port"]) == ("sg-0123456789abcdef0", 3306)
    assert not made.resources("aws_db_instance")
    assert (database.max_connections, database.is_replica) == (341, False)


def test_the_secret_of_an_existing_instance_is_read_with_its_own_key(made: Made) -> None:
    database = existing(made, master_secret_arn=SECRET_ARN, master_secret_key_arn=KEY_ARN)
    read, decrypt = database.connection(master_password_reason="makes the users").statements
    assert (read.actions, read.resources) == (("secretsmanager:GetSecretValue",), (SECRET_ARN,))
    assert (decrypt.actions, decrypt.resources) == (("kms:Decrypt",), (KEY_ARN,))
    without_key = existing_statements(made)
    assert [statement.sid for statement in without_key] == ["ReadOtherMasterSecret"]


def existing_statements(made: Made) -> tuple[Statement, ...]:
    config = ExistingDatabaseConfig.parse({**EXISTING, "master_secret_arn": SECRET_ARN})
    other = Database.from_existing(made.stack, "other", config=config, network=made.network, key=made.key)
    return other.connection(master_password_reason="makes the users").statements


def test_an_existing_instance_without_a_secret(made: Made) -> None:
    assert refusal(lambda: existing(made).connection(master_password_reason="makes the users")) == (
        "dev-main-eu-west-1-orders/old-orders: the master user's password is asked for; the database has no secret of "
        "it; name the secret, or connect as a user with an IAM token"
    )


def test_an_existing_instance_of_unknown_size_is_warned_of_once(made: Made) -> None:
    database = existing(made)
    for name in ("api", "jobs"):
        made.function(name).connect_to(database, user=name)
    assert len(warnings(made)) == 1
    assert "max_connections is not known (mysql, no class)" in warnings(made)[0]
