from __future__ import annotations

from typing import Any

import pytest

from rollout.readback.database import database_checks, database_parameter_checks, database_placement_checks
from rollout.readback.proxy import proxy_checks, proxy_target_checks
from tests.rollout.readback.breaking import Case, call, changed, listed, verify
from tests.rollout.readback.sample_stack import DATABASE, PROXY, SampleStack, pool, proxy_auth

SUBJECT = f"database {DATABASE}"
OTHER_SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:other-abcdef"


def modified(name: str, fact: str, expected: str, found: str, bad: dict[str, Any], good: dict[str, Any]) -> Case:
    common = {"DBInstanceIdentifier": DATABASE, "ApplyImmediately": True}
    broken, restored = changed("rds", "modify_db_instance", common, bad, good)
    return Case(name, broken, restored, lambda _: [(f"{SUBJECT}: {fact}", expected, found)])


DATABASE_CASES = [
    modified(
        "deletion protection",
        "deletion protection",
        "true",
        "false",
        {"DeletionProtection": False},
        {"DeletionProtection": True},
    ),
    modified("one zone", "standby in another zone", "true", "false", {"MultiAZ": False}, {"MultiAZ": True}),
    modified(
        "public", "publicly accessible", "false", "true", {"PubliclyAccessible": True}, {"PubliclyAccessible": False}
    ),
    modified(
        "passwords only",
        "IAM authentication",
        "true",
        "false",
        {"EnableIAMDatabaseAuthentication": False},
        {"EnableIAMDatabaseAuthentication": True},
    ),
    modified("backups", "days of backups", "7", "1", {"BackupRetentionPeriod": 1}, {"BackupRetentionPeriod": 7}),
    modified(
        "larger",
        "instance class",
        "db.t4g.medium",
        "db.r6g.large",
        {"DBInstanceClass": "db.r6g.large"},
        {"DBInstanceClass": "db.t4g.medium"},
    ),
    modified(
        "log exports",
        "exported logs",
        listed("postgresql", "upgrade"),
        listed("postgresql"),
        {"CloudwatchLogsExportConfiguration": {"DisableLogTypes": ["upgrade"]}},
        {"CloudwatchLogsExportConfiguration": {"EnableLogTypes": ["upgrade"]}},
    ),
    Case(
        "a master password that never changes",
        call("secretsmanager", "cancel_rotate_secret", SecretId=lambda stack: stack.secret),
        call(
            "secretsmanager",
            "rotate_secret",
            SecretId=lambda stack: stack.secret,
            RotationRules={"AutomaticallyAfterDays": 7},
            RotateImmediately=False,
        ),
        lambda _: [(f"{SUBJECT}: days between master passwords", "7", "(nothing)")],
    ),
    Case(
        "no Performance Insights",
        call("rds", "modify_db_instance", DBInstanceIdentifier=DATABASE, EnablePerformanceInsights=False),
        call(
            "rds",
            "modify_db_instance",
            DBInstanceIdentifier=DATABASE,
            EnablePerformanceInsights=True,
            PerformanceInsightsKMSKeyId=lambda stack: stack.key,
        ),
        lambda stack: [
            (f"{SUBJECT}: Performance Insights", "true", "false"),
            (f"{SUBJECT}: Performance Insights key", stack.key, "(nothing)"),
        ],
    ),
]


@pytest.mark.parametrize("case", DATABASE_CASES, ids=str)
def test_database(case: Case, stack: SampleStack) -> None:
    verify(case, stack, database_checks)


def test_a_database_that_may_stand_in_subnets_of_another_tier(stack: SampleStack) -> None:
    """The emulator's ModifyDBSubnetGroup works once only, so it is the subnet that changes its tier."""
    first, second = stack.network.tier("isolated")

    def tier(name: str) -> Any:
        return call("ec2", "create_tags", Resources=[second], Tags=[{"Key": "tier", "Value": name}])

    case = Case(
        "another tier",
        tier("other"),
        tier("isolated"),
        lambda _: [
            (f"{SUBJECT}: subnets", listed(first), listed(first, second)),
            (f"{SUBJECT}: zones", listed("us-east-1a", "us-east-1b"), listed("us-east-1a")),
        ],
    )
    verify(case, stack, database_placement_checks)


def test_a_database_that_accepts_connections_without_tls(stack: SampleStack) -> None:
    name = f"{DATABASE}-postgres17"

    def force(value: str) -> Any:
        parameter = {"ParameterName": "rds.force_ssl", "ParameterValue": value, "ApplyMethod": "immediate"}
        return call("rds", "modify_db_parameter_group", DBParameterGroupName=name, Parameters=[parameter])

    case = Case("plain", force("0"), force("1"), lambda _: [(f"parameter group {name}: rds.force_ssl", '"1"', '"0"')])
    verify(case, stack, database_parameter_checks)


def proxied(name: str, fact: str, expected: str, found: str, bad: dict[str, Any], good: dict[str, Any]) -> Case:
    broken, restored = changed("rds", "modify_db_proxy", {"DBProxyName": PROXY}, bad, good)
    return Case(name, broken, restored, lambda _: [(f"proxy {PROXY}: {fact}", expected, found)])


def authenticated(secret: Any = lambda stack: stack.secret, **changes: Any) -> Any:
    return call(
        "rds",
        "modify_db_proxy",
        DBProxyName=PROXY,
        Auth=lambda stack: proxy_auth(secret(stack), **changes),
    )


PROXY_CASES = [
    proxied("TLS", "TLS required", "true", "false", {"RequireTLS": False}, {"RequireTLS": True}),
    proxied(
        "idle clients", "idle client seconds", "1800", "60", {"IdleClientTimeout": 60}, {"IdleClientTimeout": 1800}
    ),
    proxied("debug logging", "debug logging", "false", "true", {"DebugLogging": True}, {"DebugLogging": False}),
    Case(
        "passwords",
        authenticated(IAMAuth="DISABLED"),
        authenticated(),
        lambda _: [(f"proxy {PROXY}: IAM", "REQUIRED", "DISABLED")],
    ),
    Case(
        "another secret",
        authenticated(lambda _: OTHER_SECRET),
        authenticated(),
        lambda stack: [(f"proxy {PROXY}: secret", stack.secret, OTHER_SECRET)],
    ),
]


@pytest.mark.parametrize("case", PROXY_CASES, ids=str)
def test_proxy(case: Case, stack: SampleStack) -> None:
    verify(case, stack, proxy_checks)


TARGET = {"DBProxyName": PROXY, "TargetGroupName": "default"}
TARGET_CASES = [
    Case(
        "no target",
        call("rds", "deregister_db_proxy_targets", **TARGET, DBInstanceIdentifiers=[DATABASE]),
        call("rds", "register_db_proxy_targets", **TARGET, DBInstanceIdentifiers=[DATABASE]),
        lambda _: [(f"proxy {PROXY}: targets", listed(f"RDS_INSTANCE {DATABASE}"), "[]")],
    ),
    Case(
        "pool",
        call("rds", "modify_db_proxy_target_group", **TARGET, ConnectionPoolConfig=pool(MaxConnectionsPercent=100)),
        call("rds", "modify_db_proxy_target_group", **TARGET, ConnectionPoolConfig=pool()),
        lambda _: [(f"proxy {PROXY}: MaxConnectionsPercent", "90", "100")],
    ),
]


@pytest.mark.parametrize("case", TARGET_CASES, ids=str)
def test_proxy_target(case: Case, stack: SampleStack) -> None:
    verify(case, stack, proxy_target_checks)
