"""The kinds of cluster: capacities, instances, classes, storage, and the versions that have them."""

from __future__ import annotations

from typing import Any

import pytest

from modules.database import DatabaseClusterConfig
from modules.database.cluster_types import Provisioned
from tests.modules.core.samples import (
    KNOWN_LATER,
    NUMBER_TOKEN,
    sentence,
)

NAMES: dict[str, Any] = {"database_name": "orders", "master_username": "owner"}
MULTI_AZ: dict[str, Any] = {**NAMES, "engine": "postgres", "cluster_type": {"kind": "multi_az"}}
MYSQL_08 = "8.0.mysql_aurora.3.08.0"


def serverless(**fields: Any) -> dict[str, Any]:
    return {**NAMES, "cluster_type": {"kind": "serverless_v2", **fields}}


def provisioned(**fields: Any) -> dict[str, Any]:
    return {**NAMES, "cluster_type": {"kind": "provisioned", **fields}}


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
                "cluster_type.seconds_until_auto_pause is 299; an idle time before a pause takes 300 to 86400 seconds "
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


def test_aurora_mysql_has_classes_without_performance_insights() -> None:
    given = {**provisioned(instance_class="db.t3.medium"), "engine": "aurora-mysql"}
    assert sentence(DatabaseClusterConfig, given) == (
        'cluster_type.instance_class is "db.t3.medium"; Aurora MySQL has no Performance Insights there (Aurora guide, '
        "Performance Insights); choose db.t4g.medium or a larger class"
    )
    DatabaseClusterConfig.parse(provisioned(instance_class="db.t3.medium"))
    DatabaseClusterConfig.parse({**provisioned(instance_class="db.t4g.medium"), "engine": "aurora-mysql"})


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
