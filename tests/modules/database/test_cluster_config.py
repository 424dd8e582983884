"""Clusters: what RDS, Aurora, the provider or the synth would refuse."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.database import DatabaseClusterConfig
from modules.database.cluster_types import MultiAz, ServerlessV2
from tests.modules.core.samples import (
    CI,
    KNOWN_LATER,
    STRING_TOKEN,
    fields_of,
    refusal,
    refuses_or_keeps,
    sentence,
)

NAMES: dict[str, Any] = {"database_name": "orders", "master_username": "owner"}
MULTI_AZ: dict[str, Any] = {**NAMES, "engine": "postgres", "cluster_type": {"kind": "multi_az"}}
MYSQL_08 = "8.0.mysql_aurora.3.08.0"


def provisioned(**fields: Any) -> dict[str, Any]:
    return {**NAMES, "cluster_type": {"kind": "provisioned", **fields}}


def test_a_cluster_is_serverless_unless_it_says_otherwise() -> None:
    config = DatabaseClusterConfig.parse(NAMES)
    assert isinstance(config.cluster_type, ServerlessV2)
    assert (config.engine, config.version, config.exported_logs) == ("aurora-postgresql", "17", ("postgresql",))
    assert sorted(config.cluster_type.instances) == ["a", "b"]
    assert (config.cluster_type.min_acu, config.cluster_type.max_acu) == (0.5, 4.0)
    assert config.removal == "keep"


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
            {**NAMES, "instance_parameters": {"log_min_duration_statement": "1"}},
            (
                'instance_parameters["log_min_duration_statement"] is "1"; the field slow_query_milliseconds sets it; '
                "set that field instead"
            ),
        ),
        (
            {**NAMES, "backtrack_window_seconds": 3_600},
            "backtrack_window_seconds is 3600; only Aurora MySQL goes back in place (rds API model); remove it",
        ),
        (
            {**NAMES, "custom_endpoint_instances": ["b", "b"]},
            'custom_endpoint_instances holds "b" twice; each instance once; remove one',
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


def test_what_only_aurora_has_is_refused_all_at_once() -> None:
    given = {
        **MULTI_AZ,
        "reader_scaling": {"max_readers": 2},
        "custom_endpoint_instances": ["a"],
        "instance_parameters": {"sql_mode": "ANSI"},
        "backtrack_window_seconds": 60,
    }
    rest = "a Multi-AZ DB cluster has none, only Aurora does (rds API model); remove it"
    assert refusal(DatabaseClusterConfig, given) == [
        f"{what}; {rest}"
        for what in (
            "reader_scaling is set",
            "instance_parameters is set",
            "custom_endpoint_instances is set",
            "backtrack_window_seconds is 60",
        )
    ]
    assert DatabaseClusterConfig.parse(MULTI_AZ).multi_az == MultiAz()


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
