"""Global clusters, their members, and what a cluster asks of its network."""

from __future__ import annotations

from typing import Any

from modules.core.target import Target
from modules.database import DatabaseClusterConfig, GlobalDatabaseClusterConfig
from modules.database.cluster_checks import member_problems, subnet_problems
from tests.modules.core.samples import (
    refusal,
    sentence,
)

NAMES: dict[str, Any] = {"database_name": "orders", "master_username": "owner"}
MULTI_AZ: dict[str, Any] = {**NAMES, "engine": "postgres", "cluster_type": {"kind": "multi_az"}}
SECONDARY = {
    "global_cluster_identifier": "acme-dev-orders-all",
    "database_name": "orders",
    "source_region": "us-east-1",
}


def serverless(**fields: Any) -> dict[str, Any]:
    return {**NAMES, "cluster_type": {"kind": "serverless_v2", **fields}}


def provisioned(**fields: Any) -> dict[str, Any]:
    return {**NAMES, "cluster_type": {"kind": "provisioned", **fields}}


def test_a_secondary_has_what_its_primary_has() -> None:
    config = DatabaseClusterConfig.parse({"secondary": SECONDARY})
    assert config.secondary is not None
    assert not config.secondary.write_forwarding
    assert refusal(DatabaseClusterConfig, {**NAMES, "secondary": SECONDARY}) == [
        'database_name is "orders"; a secondary has its primary\'s (Aurora guide); remove it',
        'master_username is "owner"; a secondary has its primary\'s (Aurora guide); remove it',
    ]
    assert sentence(DatabaseClusterConfig, {"secondary": SECONDARY, "cluster_type": {"min_acu": 0}}) == (
        "cluster_type.min_acu is 0, and secondary is set; replication keeps a global cluster's members awake (Aurora "
        "guide, scaling to zero ACUs); set cluster_type.min_acu to 0.5 or more"
    )
    backtracked = {"engine": "aurora-mysql", "backtrack_window_seconds": 60, "secondary": SECONDARY}
    assert sentence(DatabaseClusterConfig, backtracked) == (
        "backtrack_window_seconds is 60; a member of a global cluster cannot go back in place (Aurora guide, global "
        "databases); remove it"
    )


def test_a_secondary_is_in_another_region() -> None:
    target = Target(
        org="acme", env="dev", account="main", account_id="123456789012", region="us-east-1", stack="orders", owner="me"
    )
    config = DatabaseClusterConfig.parse({"secondary": SECONDARY})
    assert [str(problem) for problem in config.target_checks(target)] == [
        (
            'secondary.source_region is "us-east-1"; a global cluster has one cluster in each region, and this is the '
            "target's (Aurora guide); name the primary's region"
        )
    ]
    assert not list(DatabaseClusterConfig.parse(NAMES).target_checks(target))


def test_a_secondary_has_no_password_to_generate() -> None:
    given = {"secondary": SECONDARY, "master_password_rotation_off_reason": "a trial"}
    assert sentence(DatabaseClusterConfig, given) == (
        'master_password_rotation_off_reason is "a trial"; a secondary has its primary\'s master user (Aurora guide); '
        "remove it"
    )


def test_a_primary_fits_its_global_cluster() -> None:
    joined = GlobalDatabaseClusterConfig.parse({})
    assert not list(member_problems(DatabaseClusterConfig.parse(NAMES), None))
    names = {**NAMES, "master_password_rotation_off_reason": "RDS keeps none of a global cluster"}
    assert not list(member_problems(DatabaseClusterConfig.parse(names), joined))
    assert [str(problem) for problem in member_problems(DatabaseClusterConfig.parse(NAMES), joined)] == [
        (
            "global_cluster is given, and master_password_rotation_off_reason is empty; RDS keeps and rotates no "
            "master password of a global cluster's members (Aurora guide, limitations of password management); set it, "
            "so that Terraform generates the password"
        )
    ]
    other = DatabaseClusterConfig.parse({**names, **serverless(min_acu=0), "engine_version": "16.4"})
    assert [str(problem) for problem in member_problems(other, joined)] == [
        (
            "the cluster is aurora-postgresql 16.4, the global cluster aurora-postgresql 17; members have one "
            "engine and "
            "one version (Aurora guide, global databases); write the same engine and engine_version in both"
        ),
        (
            "cluster_type.min_acu is 0, and global_cluster is given; replication keeps a global cluster's "
            "members awake "
            "(Aurora guide, scaling to zero ACUs); set cluster_type.min_acu to 0.5 or more"
        ),
    ]
    mysql = GlobalDatabaseClusterConfig.parse({"engine": "aurora-mysql"})
    member = DatabaseClusterConfig.parse({"engine": "aurora-mysql", "secondary": SECONDARY})
    assert [str(problem) for problem in member_problems(member, mysql)] == [
        "global_cluster is given, and secondary is set; a cluster is the primary or a secondary; remove one of the two"
    ]
    backtracked = DatabaseClusterConfig.parse({**names, "engine": "aurora-mysql", "backtrack_window_seconds": 60})
    assert [str(problem) for problem in member_problems(backtracked, mysql)] == [
        (
            "backtrack_window_seconds is 60; a member of a global cluster cannot go back in place (Aurora guide, "
            "global "
            "databases); remove it"
        )
    ]


def test_a_global_cluster() -> None:
    assert GlobalDatabaseClusterConfig.parse({"engine": "aurora-mysql"}).version == "8.0"
    assert sentence(GlobalDatabaseClusterConfig, {"engine": "postgres"}) == (
        'engine is "postgres"; a global cluster\'s engine is one of aurora-postgresql, aurora-mysql; choose one of them'
    )
    assert sentence(GlobalDatabaseClusterConfig, {"engine_version": "13"}) == (
        'engine_version is "13"; Aurora PostgreSQL takes 14, 15, 16, 17, or a whole version like 17.4; choose one of '
        "them"
    )
    assert sentence(GlobalDatabaseClusterConfig, {"removal": "destroy"}) == (
        'removal is "destroy" without a reason; the members\' ties would be lost for good; set removal_reason'
    )


def test_a_cluster_needs_zones() -> None:
    aurora, multi_az = DatabaseClusterConfig.parse(NAMES), DatabaseClusterConfig.parse(MULTI_AZ)
    zones = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
    assert not [*subnet_problems(aurora, zones[:2]), *subnet_problems(multi_az, zones)]
    assert [str(problem) for problem in subnet_problems(aurora, zones[:1])] == [
        (
            "the network has 1 availability zones; an Aurora cluster needs subnets in 2 (RDS guide, DB subnet "
            "groups); add "
            "a zone to the network"
        )
    ]
    assert [str(problem) for problem in subnet_problems(multi_az, zones[:2])] == [
        (
            "the network has 2 availability zones; a Multi-AZ DB cluster needs subnets in 3 (RDS guide, DB "
            "subnet groups); "
            "add a zone to the network"
        )
    ]
    placed = DatabaseClusterConfig.parse(provisioned(instances={"a": {"availability_zone": "eu-west-1f"}}))
    assert [str(problem) for problem in subnet_problems(placed, zones)] == [
        (
            'cluster_type.instances.a.availability_zone is "eu-west-1f"; the network has eu-west-1a, eu-west-1b, '
            "eu-west-1c; name one of them"
        )
    ]
