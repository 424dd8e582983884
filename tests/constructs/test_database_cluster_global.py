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
