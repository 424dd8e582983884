"""Clusters: what RDS, Aurora, the provider or the synth would refuse."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.target import Target
from modules.database import DatabaseClusterConfig, GlobalDatabaseClusterConfig
from modules.database.cluster_checks import member_problems, subnet_problems
from modules.database.cluster_types import MultiAz, Provisioned, ServerlessV2
from tests.modules.core.samples import (
    CI,
    KNOWN_LATER,
    NUMBER_TOKEN,
    STRING_TOKEN,
    fields_of,
    refusal,
    refuses_or_keeps,
    sentence,
)

NAMES: dict[str, Any] = {"database_name": "orders", "master_username": "owner"}
MULTI_AZ: dict[str, Any] = {**NAMES, "engine": "postgres", "cluster_type": {"kind": "multi_az"}}
SECONDARY = {
    "global_cluster_identifier": "acme-dev-orders-all",
    "database_name": "orders",
    "source_region": "us-east-1",
}
MYSQL_08 = "8.0.mysql_aurora.3.08.0"


def serverless(**fields: Any) -> dict[str, Any]:
    return {**NAMES, "cluster_type": {"kind": "serverless_v2", **fields}}


def provisioned(**fields: Any) -> dict[str, Any]:
    return {**NAMES, "cluster_type": {"kind": "provisioned", **fields}}


def test_a_cluster_is_serverless_unless_it_says_otherwise() -> None:
    config = DatabaseClusterConfig.parse(NAMES)
    assert isinstance(config.cluster_type, ServerlessV2)
    assert (config.engine, config.version, config.exported_logs) == ("aurora-postgresql", "17", ("postgresql",))
    assert sorted(config.cluster_type.instances) == ["a", "b"]
    assert (config.cluster_type.min_acu, config.cluster_type.max_acu) == (0.5, 4.0)
    assert config.removal == "keep"


def test_a_number_of_instances_is_that_many_names() -> None:
    config = DatabaseClusterConfig.parse(provisioned(instances=3))
    assert isinstance(config.cluster_type, Provisioned)
    assert sorted(config.cluster_type.instances) == ["a", "b", "c"]
    more = DatabaseClusterConfig.parse(provisioned(instances=16)).cluster_type
    assert isinstance(more, Provisioned)
    assert set(config.cluster_type.instances) < set(more.instances)


def test_an_instance_may_have_a_class_of_its_own() -> None:
    config = DatabaseClusterConfig.parse(
        provisioned(instances={"writer": {}, "reports": {"instance_class": "db.r7g.2xlarge", "promotion_tier": 15}})
    )
    assert isinstance(config.cluster_type, Provisioned)
    assert config.cluster_type.classes() == {"writer": "db.r7g.large", "reports": "db.r7g.2xlarge"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({**NAMES, "database_name": ""}, "database_name is missing; only a secondary goes without; set it"),
        ({**NAMES, "master_username": ""}, "master_username is missing; only a secondary goes without; set it"),
        (
            {**NAMES, "master_username": "rdsadmin"},
            'master_username is "rdsadmin"; Aurora PostgreSQL reserves it; choose another',
        ),
        (
            {**NAMES, "master_username": "a_user_whose_name_is_long"},
            'master_username is "a_user_whose_name_is_long"; it has at most 16 characters (rds API model); shorten it',
        ),
        (
            {**NAMES, "database_name": "postgres"},
            'database_name is "postgres"; Aurora PostgreSQL reserves it; choose another',
        ),
        (
            {**NAMES, "database_name": "d" * 64},
            f'database_name is "{"d" * 64}"; it has at most 63 characters; shorten it',
        ),
        (
            {**NAMES, "database_name": "Orders"},
            (
                'database_name is "Orders"; a name here has lowercase letters, digits and underscores, a letter first '
                "(rds API model); correct it"
            ),
        ),
        ({**NAMES, "engine": STRING_TOKEN}, f'engine is "{STRING_TOKEN}"; {KNOWN_LATER}'),
        (
            {**NAMES, "engine": "mariadb"},
            (
                'engine is "mariadb"; a cluster\'s engine is one of aurora-postgresql, aurora-mysql, postgres, mysql; '
                "choose one of them"
            ),
        ),
        (
            {**NAMES, "engine": "mysql"},
            (
                'engine is "mysql", and cluster_type.kind is "serverless_v2"; clusters of postgres and mysql are '
                "multi_az "
                "(rds API model); change one of them"
            ),
        ),
        (
            {**NAMES, "cluster_type": {"kind": "multi_az"}},
            (
                'engine is "aurora-postgresql", and cluster_type.kind is "multi_az"; clusters of aurora-postgresql and '
                "aurora-mysql are provisioned or serverless_v2 (rds API model); change one of them"
            ),
        ),
        (
            {**NAMES, "cluster_type": {"kind": "limitless"}},
            'cluster_type.kind is "limitless"; it is one of provisioned, serverless_v2, multi_az; choose one of them',
        ),
        (
            {**NAMES, "engine_version": "12"},
            (
                'engine_version is "12"; Aurora PostgreSQL takes 14, 15, 16, 17, or a whole version like 17.4; '
                "choose one "
                "of them"
            ),
        ),
        (
            {**NAMES, "engine": "aurora-mysql", "engine_version": "8.0.35"},
            'engine_version is "8.0.35"; a version reads like 17, 16.4 or 8.0.mysql_aurora.3.08.0; correct it',
        ),
        (
            {**MULTI_AZ, "engine_version": "16.4"},
            (
                'engine_version is "16.4"; RDS for PostgreSQL has the major versions 14, 15, 16, 17, 18; AWS '
                "chooses the "
                "minor one; choose one of them"
            ),
        ),
        (
            {**MULTI_AZ, "engine": "mysql", "engine_version": "8.0"},
            (
                'engine_version is "8.0" without a reason; its standard support ended on 2026-07-31, and AWS '
                "charges for "
                "every processor and hour since (RDS guide); choose 8.4, or set extended_support_reason"
            ),
        ),
        (
            {**NAMES, "log_exports": ["error"]},
            (
                'log_exports holds "error"; Aurora PostgreSQL has postgresql, instance, iam-db-auth-error; choose '
                "among them"
            ),
        ),
        (
            {**NAMES, "parameters": {"rds.force_ssl": "0"}},
            'parameters["rds.force_ssl"] is "0"; connections take TLS always, set to 1; remove it',
        ),
        (
            {**NAMES, "backtrack_window_seconds": 3_600},
            "backtrack_window_seconds is 3600; only Aurora MySQL goes back in place (rds API model); remove it",
        ),
        (
            {**NAMES, "custom_endpoint_instances": ["c"]},
            'custom_endpoint_instances holds "c"; cluster_type.instances holds a, b; name one of them',
        ),
        (
            {**NAMES, "removal": "destroy"},
            'removal is "destroy" without a reason; the data would be lost for good; set removal_reason',
        ),
        (
            {**NAMES, "backup_window": "02:00-02:10"},
            'backup_window is "02:00-02:10", 10 minutes; it takes at least 30 minutes (rds API model); move its end',
        ),
    ],
)
def test_what_is_refused(data: dict[str, Any], expected: str) -> None:
    assert sentence(DatabaseClusterConfig, data) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"min_acu": 0.25},
            (
                "cluster_type.min_acu is 0.25; a capacity takes 0 to 256 ACU in half steps (rds API model); set "
                "a value "
                "such as 0, 0.5 or 16"
            ),
        ),
        (
            {"max_acu": 256.5},
            (
                "cluster_type.max_acu is 256.5; a capacity takes 0 to 256 ACU in half steps (rds API model); set "
                "a value "
                "such as 0, 0.5 or 16"
            ),
        ),
        (
            {"max_acu": "8"},
            (
                'cluster_type.max_acu is "8"; a capacity takes 0 to 256 ACU in half steps (rds API model); write '
                "a number, "
                "without quotes"
            ),
        ),
        (
            {"max_acu": True},
            (
                "cluster_type.max_acu is True; a capacity takes 0 to 256 ACU in half steps (rds API model); "
                "write a number, "
                "without quotes"
            ),
        ),
        ({"max_acu": NUMBER_TOKEN}, f"cluster_type.max_acu is {NUMBER_TOKEN}; {KNOWN_LATER}"),
        (
            {"min_acu": 8, "max_acu": 4},
            "cluster_type: max_acu is 4; it is at least min_acu (8); raise it, or lower min_acu",
        ),
        ({"max_acu": 0.5}, "cluster_type: max_acu is 0.5; it is at least 1 (Aurora guide); set 1 or more"),
        (
            {"seconds_until_auto_pause": 600},
            (
                "cluster_type: seconds_until_auto_pause is 600, and min_acu is 0.5; only instances with min_acu "
                "0 pause "
                "(rds API model); remove it, or set min_acu to 0"
            ),
        ),
        (
            {"min_acu": 0, "seconds_until_auto_pause": 299},
            (
                "cluster_type.seconds_until_auto_pause is 299; the idle time before a pause takes 300 to 86400 seconds "
                "(rds API model); set a value from 300 to 86400"
            ),
        ),
        (
            {"instances": 0},
            (
                "cluster_type.instances is 0; an Aurora cluster has 1 to 16 instances (Aurora guide); set a "
                "value from 1 "
                "to 16"
            ),
        ),
        (
            {"instances": {}},
            "cluster_type: instances holds 0; an Aurora cluster has 1 to 16 instances (Aurora guide); name 1 to 16",
        ),
        (
            {"instances": {"A": {}}},
            (
                'cluster_type.instances.A is "A"; an instance\'s name has 1 to 12 lowercase letters, digits and single '
                "inner hyphens, a letter first; shorten or correct it"
            ),
        ),
        (
            {"instances": {"a": {"promotion_tier": 16}}},
            (
                "cluster_type.instances.a.promotion_tier is 16; a cluster instance's promotion tier takes 0 to "
                "15 (rds API "
                "model); set a value from 0 to 15"
            ),
        ),
        (
            {"instances": {"a": {"instance_class": "db.r7g.large"}}},
            (
                "cluster_type: instances.a.instance_class is set; every instance of Serverless v2 has the class "
                "db.serverless; remove it"
            ),
        ),
    ],
)
def test_capacities_and_instances(fields: dict[str, Any], expected: str) -> None:
    assert sentence(DatabaseClusterConfig, serverless(**fields)) == expected


@pytest.mark.parametrize("seconds", [None, 300, 86_400])
def test_only_newer_versions_pause(seconds: int | None) -> None:
    pausing = serverless(min_acu=0, seconds_until_auto_pause=seconds)
    for version in (None, "14", "16.3", "16.4", "17.4"):
        DatabaseClusterConfig.parse({**pausing, "engine_version": version})
    DatabaseClusterConfig.parse({**pausing, "engine": "aurora-mysql", "engine_version": MYSQL_08})
    assert sentence(DatabaseClusterConfig, {**pausing, "engine_version": "16.2"}) == (
        'cluster_type.min_acu is 0, and engine_version is "16.2"; Aurora PostgreSQL has auto-pause at 0 ACU from 16.3 '
        '(Aurora guide, scaling to zero ACUs); set engine_version to "16.3" or newer'
    )
    for version in ("8.0", "8.0.mysql_aurora.3.07.1"):
        assert sentence(DatabaseClusterConfig, {**pausing, "engine": "aurora-mysql", "engine_version": version}) == (
            f'cluster_type.min_acu is 0, and engine_version is "{version}"; Aurora MySQL has auto-pause at 0 ACU from '
            f'{MYSQL_08} (Aurora guide, scaling to zero ACUs); set engine_version to "{MYSQL_08}" or newer'
        )


def test_only_newer_versions_grow_beyond_128() -> None:
    DatabaseClusterConfig.parse({**serverless(max_acu=128), "engine_version": "15.4"})
    DatabaseClusterConfig.parse({**serverless(max_acu=256), "engine_version": "15.5"})
    assert sentence(DatabaseClusterConfig, {**serverless(max_acu=128.5), "engine_version": "15.4"}) == (
        'cluster_type.max_acu is 128.5, and engine_version is "15.4"; Aurora PostgreSQL has more than 128 ACU '
        "from 15.5 "
        '(Aurora guide, Aurora Serverless v2); set engine_version to "15.5" or newer'
    )


def test_the_data_api_is_auroras_and_takes_no_burstable_class() -> None:
    DatabaseClusterConfig.parse({**provisioned(), "data_api": True, "engine_version": "15.3"})
    assert sentence(DatabaseClusterConfig, {**provisioned(), "data_api": True, "engine_version": "15.2"}) == (
        'data_api is True, and engine_version is "15.2"; Aurora PostgreSQL has the Data API from 15.3 (Aurora guide, '
        'RDS Data API); set engine_version to "15.3" or newer'
    )
    assert sentence(DatabaseClusterConfig, {**MULTI_AZ, "data_api": True}) == (
        "data_api is True; a Multi-AZ DB cluster has none, only Aurora does (rds API model); remove it"
    )
    small = {**provisioned(instance_class="db.t4g.medium"), "data_api": True}
    assert sentence(DatabaseClusterConfig, small) == (
        'cluster_type.instance_class is "db.t4g.medium", and data_api is True; the Data API takes no burstable class '
        "(Aurora guide, RDS Data API); choose one such as db.r7g.large"
    )


def test_aurora_has_no_general_purpose_class() -> None:
    given = provisioned(instances={"a": {}, "b": {"instance_class": "db.m7g.large"}})
    assert sentence(DatabaseClusterConfig, given) == (
        'cluster_type.instances.b.instance_class is "db.m7g.large"; Aurora has the families db.r, db.x and db.t '
        "(Aurora "
        "guide, DB instance classes); choose one, such as db.r7g.large"
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"db_cluster_instance_class": "db.m6g.large"},
            (
                'cluster_type.db_cluster_instance_class is "db.m6g.large"; a Multi-AZ DB cluster takes classes '
                "with a local "
                "disk, a d after the generation (RDS guide, Multi-AZ DB clusters); choose one such as db.m6gd.large"
            ),
        ),
        (
            {"iops": 6_000},
            (
                "cluster_type: iops is 6000; it is half to 50 times allocated_storage_gb (100) (rds API model); "
                "set 1000 to "
                "5000"
            ),
        ),
        (
            {"allocated_storage_gb": 4_000, "iops": 1_000},
            (
                "cluster_type: iops is 1000; it is half to 50 times allocated_storage_gb (4000) (rds API model); "
                "set 2000 "
                "to 200000"
            ),
        ),
        (
            {"storage_type": "gp3", "iops": 3_000},
            (
                'cluster_type: storage_type is "gp3", and allocated_storage_gb is 100; below 400 GiB it takes no '
                "IOPS, AWS "
                "sets 3000, and each plan would differ (RDS guide, gp3 storage); choose io2, or allocate 400 or more"
            ),
        ),
        (
            {"storage_type": "gp3", "allocated_storage_gb": 400, "iops": 3_000},
            (
                'cluster_type: storage_type is "gp3", and iops is 3000; from 400 GiB it takes 12000 to 64000 IOPS (RDS '
                "guide, gp3 storage); set iops in that range"
            ),
        ),
        (
            {"allocated_storage_gb": 99},
            (
                "cluster_type.allocated_storage_gb is 99; a Multi-AZ DB cluster's storage takes 100 to 65536 GiB (RDS "
                "guide, provisioned IOPS); set a value from 100 to 65536"
            ),
        ),
    ],
)
def test_multi_az_clusters(fields: dict[str, Any], expected: str) -> None:
    given = {**MULTI_AZ, "cluster_type": {"kind": "multi_az", **fields}}
    assert sentence(DatabaseClusterConfig, given) == expected


def test_what_only_aurora_has_is_refused_all_at_once() -> None:
    given = {
        **MULTI_AZ,
        "reader_scaling": {"max_readers": 2},
        "custom_endpoint_instances": ["a"],
        "backtrack_window_seconds": 60,
    }
    rest = "a Multi-AZ DB cluster has none, only Aurora does (rds API model); remove it"
    assert refusal(DatabaseClusterConfig, given) == [
        f"{what}; {rest}"
        for what in ("reader_scaling is set", "custom_endpoint_instances is set", "backtrack_window_seconds is 60")
    ]
    assert DatabaseClusterConfig.parse(MULTI_AZ).multi_az == MultiAz()


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


def test_a_primary_fits_its_global_cluster() -> None:
    joined = GlobalDatabaseClusterConfig.parse({})
    assert not list(member_problems(DatabaseClusterConfig.parse(NAMES), None))
    assert not list(member_problems(DatabaseClusterConfig.parse(NAMES), joined))
    other = DatabaseClusterConfig.parse({**serverless(min_acu=0), "engine_version": "16.4"})
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
    backtracked = DatabaseClusterConfig.parse({**NAMES, "engine": "aurora-mysql", "backtrack_window_seconds": 60})
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


VALID: dict[str, st.SearchStrategy[Any]] = {
    "engine": st.sampled_from(["aurora-postgresql", "aurora-mysql", "postgres", "mysql"]),
    "engine_version": st.sampled_from([None, "17", "16.4", "8.0", MYSQL_08, "8.4"]),
    "cluster_type": st.sampled_from(
        [{"kind": "multi_az"}, {"kind": "provisioned", "instances": 2}, {"kind": "serverless_v2", "max_acu": 16}]
    ),
    "database_name": st.sampled_from(["orders", "o"]),
    "master_username": st.sampled_from(["owner", "u"]),
}


@CI
@given(fields_of(DatabaseClusterConfig, VALID))
def test_whatever_is_given_is_kept_or_refused_with_sentences(data: dict[str, Any]) -> None:
    refuses_or_keeps(DatabaseClusterConfig, data)
