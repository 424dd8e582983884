"""Clusters: how functions connect to them, or run SQL over the Data API."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modules.database import (
    DatabaseCluster,
    DatabaseClusterConfig,
    GlobalDatabaseCluster,
)
from modules.secret import Secret, SecretConfig
from tests.constructs.functions import OFF, Made, refusal

pytestmark = pytest.mark.synth
WHERE = "dev-main-eu-west-1-orders/sales"
NAMES = {"database_name": "orders", "master_username": "owner"}
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
