"""Connections of functions against pools of proxies and against what databases take."""

from __future__ import annotations

from analysis.budget import Verdict
from tests.analysis.budget.connection_samples import (
    DIRECT,
    PROXIED,
    database,
    function,
    groups,
    heard,
    let_in,
    proxy,
    row,
)
from tests.analysis.budget.samples import told
from tests.analysis.documents import ref, resource, text


def test_a_pool_of_ninety_percent_under_more_concurrency_than_it_holds() -> None:
    entries = (database(), *proxy(90), function("api", PROXIED, reserved_concurrent_executions=200))
    [pool] = [finding for finding in heard(*entries) if "proxy-connections" in finding]
    assert pool == (
        "error proxy-connections: aws_db_proxy.main: aws_db_proxy.main has 200 connections after the plan and had 0 "
        "before, and at most 100 (90 percent of max_connections 112 (postgres, db.t4g.micro, at most, by its nominal "
        "memory)) fit: aws_lambda_function.api adds 200; lower the reserved concurrency of the functions or enlarge "
        "the pool"
    )


def test_a_database_holds_the_pool_and_not_all_that_wait_for_it() -> None:
    found = row(
        "database-connections", database(), *proxy(50), function("api", PROXIED, reserved_concurrent_executions=200)
    )
    assert found
    assert (found.after, found.limit.value, found.verdict) == (56, 112, Verdict.FITS)
    assert [str(share) for share in found.shares] == ["aws_db_proxy.main adds 56 (its pool)"]


def test_functions_that_fit_are_told_nothing_of() -> None:
    sound = (database(), *proxy(), function("api", PROXIED, reserved_concurrent_executions=50))
    assert heard(*sound) == []
    assert heard(database(), function("api", DIRECT, reserved_concurrent_executions=50)) == []


def test_direct_connections_leave_some_to_administrators() -> None:
    found = row("database-connections", database(), function("api", DIRECT, reserved_concurrent_executions=108))
    assert found
    assert (found.after, found.limit.value, found.verdict) == (108, 107, Verdict.OVER)
    assert found.limit.source == (
        "max_connections 112 (postgres, db.t4g.micro, at most, by its nominal memory), of which 5 are kept for "
        "administrators"
    )


def test_nothing_bounds_a_function_that_connects_directly() -> None:
    assert heard(database(), function("api", DIRECT)) == [
        (
            "error database-connections: aws_db_instance.main: aws_lambda_function.api connects to "
            "aws_db_instance.main directly and only the account's quota bounds how often it runs at once, while "
            "aws_db_instance.main holds 107 (max_connections 112 (postgres, db.t4g.micro, at most, by its nominal "
            "memory), of which 5 are kept for administrators) connections, so that what exceeds them is refused, for "
            "everybody else too; set reserved_concurrent_executions of aws_lambda_function.api to at most 107"
        )
    ]


def test_nothing_bounds_a_function_behind_a_proxy() -> None:
    assert heard(database(), *proxy(50), function("api", PROXIED)) == [
        (
            "warning proxy-connections: aws_db_proxy.main: aws_lambda_function.api connects to aws_db_proxy.main "
            "through its pool and only the account's quota bounds how often it runs at once, while aws_db_proxy.main "
            "holds 56 (50 percent of max_connections 112 (postgres, db.t4g.micro, at most, by its nominal memory)) "
            "connections, so that what exceeds them waits and then fails; set reserved_concurrent_executions of "
            "aws_lambda_function.api to at most 56"
        )
    ]


def test_event_sources_ask_for_no_more_but_bind_nobody_else() -> None:
    source = resource(
        "aws_lambda_event_source_mapping.jobs",
        {"scaling_config": [{"maximum_concurrency": 20}], "enabled": True},
        expressions={"function_name": ref("aws_lambda_function.api.arn")},
        unknown={"function_name": True},
    )
    url = resource(
        "aws_lambda_function_url.api",
        {"function_name": "api"},
        expressions={"function_name": ref("aws_lambda_function.api.function_name")},
    )
    [finding] = heard(database(), function("api", DIRECT), source)
    assert finding.startswith(
        "warning database-connections: aws_db_instance.main: aws_lambda_function.api connects to "
    )
    assert "its event sources ask for 20 at once, but nothing bounds others that invoke it" in finding
    [finding] = heard(database(), function("api", DIRECT), source, url)
    assert finding.startswith("error database-connections: ")
    assert heard(database(), function("api", DIRECT, reserved_concurrent_executions=20), source, url) == []


def test_a_function_connects_beside_the_proxy() -> None:
    beside = function("api", DIRECT, reserved_concurrent_executions=10)
    assert heard(database(), *proxy(50), beside) == [
        (
            "warning connections-beside-proxy: aws_lambda_function.api: aws_lambda_function.api connects to "
            "aws_db_instance.main directly although aws_db_proxy.main stands in front of it, so that its connections "
            "are not pooled and take from what the pool may open; give the function the endpoint of aws_db_proxy.main"
        )
    ]


def test_a_rotation_runs_once_for_each_secret() -> None:
    rotation = resource(
        "aws_secretsmanager_secret_rotation.main",
        unknown={"rotation_lambda_arn": True},
        expressions={"rotation_lambda_arn": ref("aws_lambda_function.rotation.arn")},
    )
    invoke = resource(
        "aws_lambda_permission.rotation",
        {"principal": "secretsmanager.amazonaws.com", "function_name": "rotation"},
        expressions={"function_name": ref("aws_lambda_function.rotation.function_name")},
    )
    found = row("database-connections", database(), function("rotation", DIRECT), rotation, invoke)
    assert found
    assert found.after == 1


def test_rules_of_security_groups_tell_who_connects_where_the_environment_does_not() -> None:
    network = groups("api", "proxy", "database")
    api = function("api", reserved_concurrent_executions=120)
    direct = row("database-connections", database(), *network, let_in("database", "api"), api)
    assert direct
    assert (direct.after, direct.verdict) == (120, Verdict.OVER)
    both = (database(), *proxy(), *network, let_in("database", "api"), let_in("proxy", "api"), api)
    through = row("proxy-connections", *both)
    assert through
    assert through.after == 120
    assert row("proxy-connections", database(), *proxy(), *network, api) is None


def test_rules_of_security_groups_only_allow_connections() -> None:
    [finding] = told(*groups("api", "database"), database(), let_in("database", "api"), function("api"))
    assert finding.startswith(
        "error database-connections: aws_db_instance.main: aws_lambda_function.api may connect to aws_db_instance.main "
        "directly and only the account's quota bounds how often it runs at once, "
    )


def test_a_rule_for_another_port_lets_nobody_in() -> None:
    entry = resource(
        "aws_db_instance.main",
        {"engine": "postgres", "instance_class": "db.t4g.micro", "port": 5432},
        unknown={"vpc_security_group_ids": True},
        expressions={"vpc_security_group_ids": ref("aws_security_group.database.id")},
    )
    network = (*groups("api", "database"), function("api", reserved_concurrent_executions=120))
    assert row("database-connections", entry, *network, let_in("database", "api", 443)) is None
    assert row("database-connections", entry, *network, let_in("database", "api", 5432)) is not None


def test_an_arn_of_a_database_opens_no_connection() -> None:
    assert row("database-connections", database(), function("api", "aws_db_instance.main.arn")) is None


def test_a_host_within_a_known_text_is_found() -> None:
    host = "main.abc123.eu-west-1.rds.amazonaws.com"
    entry = resource("aws_db_instance.main", {"engine": "postgres", "instance_class": "db.t4g.micro", "address": host})
    api = resource(
        "aws_lambda_function.api",
        {
            "function_name": "api",
            "reserved_concurrent_executions": 10,
            "environment": [{"variables": {"URL": f"postgres://app@{host}:5432/app"}}],
        },
        expressions={"environment": [{"variables": text({"URL": "known"})}]},
    )
    assert row("database-connections", entry, api) is not None
