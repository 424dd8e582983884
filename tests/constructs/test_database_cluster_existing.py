"""Existing clusters, the Data API's choices, and proxies in front of clusters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modules.database import (
    DatabaseCluster,
    DatabaseClusterConfig,
    DatabaseProxy,
    DatabaseProxyConfig,
    ExistingDatabaseCluster,
    ExistingDatabaseClusterConfig,
)
from modules.secret import Secret, SecretConfig
from tests.constructs.functions import OFF, Made, refusal
from tests.modules.core.samples import sentence

pytestmark = pytest.mark.synth
WHERE = "dev-main-eu-west-1-orders/sales"
NAMES = {"database_name": "orders", "master_username": "owner"}
SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!cluster-1111-AbCdEf"
ARN = "arn:aws:rds:eu-west-1:123456789012:cluster:old-sales"
EXISTING: dict[str, Any] = {
    "identifier": "old-sales",
    "engine": "aurora-postgresql",
    "host": "old-sales.cluster-c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
    "reader_host": "old-sales.cluster-ro-c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
    "resource_id": "cluster-ABCDEFGHIJKL0123456789MNOP",
    "security_group_id": "sg-0123456789abcdef0",
    "data_api_cluster_arn": ARN,
    "max_acu": 8,
    **NAMES,
}


@pytest.fixture
def made(source: Path) -> Made:
    return Made(source, availability_zones=["eu-west-1a", "eu-west-1b"], egress="endpoints_only")


def cluster(made: Made, **fields: Any) -> DatabaseCluster:
    config = DatabaseClusterConfig.parse({"alarms": OFF, **NAMES, **fields})
    return DatabaseCluster(made.stack, "sales", config=config, network=made.network, key=made.key)


def existing(made: Made, **fields: Any) -> ExistingDatabaseCluster:
    config = ExistingDatabaseClusterConfig.parse({**EXISTING, **fields})
    return DatabaseCluster.from_existing(made.stack, "sales", config=config, network=made.network, key=made.key)


def test_an_existing_cluster_is_connected_to_like_an_owned_one(made: Made) -> None:
    found = existing(made)
    connection = found.connection(user="api", reader=True)
    assert connection.environment == {
        "DB_HOST": EXISTING["reader_host"], "DB_NAME": "orders", "DB_PORT": "5432", "DB_USER": "api",
    }  # fmt: skip
    assert connection.statements[0].resources == (
        "arn:aws:rds-db:eu-west-1:123456789012:dbuser:cluster-ABCDEFGHIJKL0123456789MNOP/api",
    )
    assert (found.max_connections, found.max_acu, found.is_paused_when_idle) == (1_669, 8, False)
    made.function().connect_to(found, user="api")
    assert not made.resources("aws_rds_cluster")
    rules = made.resources("aws_vpc_security_group_ingress_rule").values()
    assert ("sg-0123456789abcdef0", 5432) in {(each["security_group_id"], each["from_port"]) for each in rules}


def test_the_data_api_of_an_existing_cluster(made: Made) -> None:
    found = existing(made, master_secret_arn=SECRET_ARN)
    connection = found.connection(data_api=True, master_password_reason="it sets up the users")
    assert [statement.resources for statement in connection.statements] == [(ARN,), (SECRET_ARN,)]
    assert connection.environment["DB_CLUSTER_ARN"] == ARN


def test_an_existing_cluster_without_the_data_api(made: Made) -> None:
    found = existing(made, data_api_cluster_arn="", master_secret_arn=SECRET_ARN)
    assert refusal(lambda: found.connection(data_api=True, master_password_reason="it sets up the users")) == (
        f"{WHERE}: data_api is True; the cluster's Data API is off; set data_api of the cluster"
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"resource_id": "db-ABCDEFGHIJKL0123456789MNOP"},
            (
                'resource_id is "db-ABCDEFGHIJKL0123456789MNOP"; a cluster\'s resource id reads like '
                "cluster-ABCDEFGHIJKL0123456789MNOP; copy DbClusterResourceId from RDS; it is not the identifier"
            ),
        ),
        (
            {"engine": "mariadb"},
            (
                'engine is "mariadb"; a cluster\'s engine is one of aurora-postgresql, aurora-mysql, postgres, mysql; '
                "choose one of them"
            ),
        ),
        (
            {"data_api_cluster_arn": "arn:aws:rds:eu-west-1:123456789012:db:old-sales"},
            (
                'data_api_cluster_arn is "arn:aws:rds:eu-west-1:123456789012:db:old-sales"; a cluster\'s ARN '
                "reads like "
                "arn:aws:rds:eu-west-1:123456789012:cluster:orders; copy it from RDS"
            ),
        ),
        (
            {"reader_host": "https://old-sales"},
            (
                'reader_host is "https://old-sales"; a host reads like '
                "orders.cluster-ro-c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com; copy the reader endpoint from RDS, "
                "without its "
                "port"
            ),
        ),
        (
            {"instance_class": "db.r7g.large"},
            (
                'instance_class is "db.r7g.large", and max_acu is 8; a Serverless v2 cluster is sized by its capacity; '
                "remove one of the two"
            ),
        ),
        (
            {"max_acu": 0, "min_acu": 0},
            "min_acu is 0, and max_acu is 0; only a Serverless v2 cluster pauses; set max_acu to its own",
        ),
        (
            {"max_acu": 8, "min_acu": 16},
            "max_acu is 8; it is at least 1, and at least min_acu (16) (Aurora guide); copy both from RDS",
        ),
        (
            {"engine": "postgres", "data_api_cluster_arn": ""},
            'max_acu is 8, and engine is "postgres"; only Aurora has it; remove it',
        ),
        (
            {"engine": "postgres", "max_acu": 0},
            'data_api_cluster_arn is set, and engine is "postgres"; only Aurora has it; remove it',
        ),
    ],
)
def test_an_existing_cluster_that_is_refused(fields: dict[str, Any], expected: str) -> None:
    assert sentence(ExistingDatabaseClusterConfig, {**EXISTING, **fields}) == expected


@pytest.mark.parametrize(
    ("choices", "given"),
    [({"user": "api"}, 'user is "api"'), ({"reader": True}, "reader is True"),
     ({"custom_endpoint": True}, "custom_endpoint is True")],
)  # fmt: skip
def test_the_data_api_has_no_choice_of_user_or_endpoint(made: Made, choices: dict[str, Any], given: str) -> None:
    found = cluster(made, data_api=True)
    assert refusal(lambda: found.connection(data_api=True, **choices)) == (
        f"{WHERE}: {given}, and data_api is True; the Data API runs on the writer, and signs in with a secret (Aurora "
        "guide, RDS Data API); remove one of the two"
    )


def test_a_secret_is_for_the_data_api(made: Made) -> None:
    config = SecretConfig.parse({"value": {"username": "api"}, "rotation_off_reason": "a trial"})
    found, secret = cluster(made), Secret(made.stack, "user", config=config, key=made.key)
    assert refusal(lambda: found.connection(user="api", secret=secret)) == (
        f"{WHERE}: secret is given, and data_api is False; a direct connection signs in with an IAM token, or with the "
        "master user's password; remove secret, or set data_api"
    )


def test_a_proxy_in_front_of_a_cluster_waits_for_its_instances(made: Made) -> None:
    found = cluster(made)
    config = DatabaseProxyConfig.parse({"alarms": OFF, "endpoints": {"reader": {"role": "READ_ONLY"}}})
    DatabaseProxy(made.stack, "proxy", database=found, config=config)
    target = made.only("aws_db_proxy_target")
    assert target["db_cluster_identifier"] == "${aws_rds_cluster.sales_cluster_0C8D54C4.id}"
    assert {f"aws_rds_cluster_instance.{name}" for name in made.resources("aws_rds_cluster_instance")} <= set(
        target["depends_on"]
    )


@pytest.mark.parametrize("owned", [True, False])
def test_a_cluster_that_pauses_takes_no_proxy(made: Made, *, owned: bool) -> None:
    found = (
        cluster(made, cluster_type={"min_acu": 0}) if owned else existing(made, min_acu=0, master_secret_arn=SECRET_ARN)
    )
    assert found.is_paused_when_idle
    assert refusal(lambda: DatabaseProxy(made.stack, "proxy", database=found)) == (
        "dev-main-eu-west-1-orders/proxy: the cluster pauses at 0 capacity units; a proxy keeps connections open, so "
        "it would never pause (Aurora guide, auto-pause); set min_acu to 0.5 or more, or connect functions directly"
    )
