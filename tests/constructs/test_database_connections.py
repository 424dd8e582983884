"""Direct connections to instances and replicas, owned and existing: what a function gets, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modules.core.statements import Statement
from modules.database import Database, ExistingDatabaseConfig
from modules.database.base import DatabaseBase
from modules.function import Function
from tests.constructs.databases import (
    EXISTING,
    INSTANCE,
    SECRET_ARN,
    WHERE,
    existing,
    granted,
    instance,
    variables,
    warnings,
)
from tests.constructs.functions import Made, refusal

pytestmark = pytest.mark.synth
KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/11111111-1111-1111-1111-111111111111"


@pytest.fixture
def made(source: Path) -> Made:
    return Made(source)


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
    assert (database.reader_host, database.reader_resource_id) == ("", "")
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
        ({"user": "owner"}, ('user is "owner"; it is the master user, who has a password, and IAM signs in other '
         "users; name a user of the function's own, or set master_password_reason")),
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
    assert granted(made)["ConnectOldOrdersAsApi14c252"]["Resource"] == [
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
