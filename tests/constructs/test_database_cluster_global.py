"""Clusters of a global cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modules.database import (
    DatabaseCluster,
    DatabaseClusterConfig,
    GlobalDatabaseCluster,
    GlobalDatabaseClusterConfig,
)
from tests.constructs.functions import OFF, Made, refusal

pytestmark = pytest.mark.synth
WHERE = "dev-main-eu-west-1-orders/sales"
NAMES = {"database_name": "orders", "master_username": "owner"}
ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
REASON = "it sets up the users"
OWN_PASSWORD = {"master_password_rotation_off_reason": "RDS keeps none of a global cluster"}


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


def test_a_primary_joins_its_global_cluster(made: Made) -> None:
    joined = GlobalDatabaseCluster(made.stack, "everywhere")
    cluster(made, joined=joined, **OWN_PASSWORD)
    everywhere, member = made.only("aws_rds_global_cluster"), made.only("aws_rds_cluster")
    assert (everywhere["storage_encrypted"], everywhere["deletion_protection"]) == (True, True)
    assert everywhere["lifecycle"] == {"prevent_destroy": True}
    (name,) = made.resources("aws_rds_global_cluster")
    assert member["global_cluster_identifier"] == f"${{aws_rds_global_cluster.{name}.id}}"
    assert member["lifecycle"] == {"prevent_destroy": True, "ignore_changes": ["engine_version"]}
    assert joined.identifier == "acme-dev-orders-everywhere"
    assert joined.endpoint


def test_the_password_of_a_primary_passes_by_plan_and_state(made: Made) -> None:
    cluster(made, joined=GlobalDatabaseCluster(made.stack, "everywhere"), **OWN_PASSWORD)
    member = made.only("aws_rds_cluster")
    (secret,) = made.resources("aws_secretsmanager_secret")
    arn = f"${{aws_secretsmanager_secret.{secret}.arn}}"
    assert not {"manage_master_user_password", "master_user_secret_kms_key_id", "master_password"} & member.keys()
    assert not made.resources("aws_secretsmanager_secret_rotation")
    [(name, read)] = made.resources("aws_secretsmanager_secret_version", block="ephemeral").items()
    password = f"${{jsondecode(ephemeral.aws_secretsmanager_secret_version.{name}.secret_string).password}}"
    assert read["secret_id"] == arn
    assert (member["master_password_wo"], member["master_password_wo_version"]) == (password, 1)


def test_a_primary_whose_password_rds_would_keep(made: Made) -> None:
    joined = GlobalDatabaseCluster(made.stack, "everywhere")
    assert refusal(lambda: cluster(made, joined=joined)) == (
        f"{WHERE}: global_cluster is given, and master_password_rotation_off_reason is empty; RDS keeps and rotates no "
        "master password of a global cluster's members (Aurora guide, limitations of password management); set it, so "
        "that Terraform generates the password"
    )


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
    assert refusal(lambda: cluster(made, joined=joined, **OWN_PASSWORD)) == (
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
