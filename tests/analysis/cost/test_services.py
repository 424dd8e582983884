"""Logs, alarms, keys, secrets, queues, tables, files, APIs; and what no price is known of."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from analysis.cost import Status
from tests.analysis.cost.documents import costed, line, plan_of

ALARM = "aws_cloudwatch_metric_alarm.a"
GROUP = "aws_cloudwatch_log_group.g"


COSTLY: dict[str, dict[str, Any]] = {
    "aws_api_gateway_stage.s": {"cache_cluster_enabled": True},
    "aws_ssm_parameter.p": {"tier": "Advanced"},
    "aws_acm_certificate.c": {"certificate_authority_arn": "arn:aws:acm-pca:us-east-1:123456789012:x"},
}


def query(period: int) -> dict[str, Any]:
    return {"id": "m", "metric": [{"metric_name": "Errors", "period": period}]}


@pytest.mark.parametrize(
    ("values", "monthly"),
    [
        ({"period": 60}, "0.10"),
        ({"metric_query": [query(60), query(300), {"id": "e", "expression": "m/2"}]}, "0.20"),
        ({"metric_query": [query(60)], "threshold_metric_id": "band"}, "0.30"),
        ({"period": 10}, None),
        ({"metric_query": [query(30)]}, None),
    ],
)
def test_alarms_are_billed_by_metric(values: dict[str, Any], monthly: str | None) -> None:
    found = costed(plan_of({ALARM: values}))
    assert [each.monthly_usd for each in found.lines] == [None if monthly is None else Decimal(monthly)]


def test_ten_alarms_are_in_the_free_tier() -> None:
    alarms = {f"{ALARM}[{index}]": {"period": 60} for index in range(12)}
    assert costed(plan_of(alarms)).totals.fixed_usd == Decimal("1.20")
    assert costed(plan_of(alarms), free_tier=True).totals.fixed_usd == Decimal("0.20")


@pytest.mark.parametrize(
    ("gb", "name", "monthly"),
    [
        (100, "/aws/lambda/api", "50"),
        (61_440, "/aws/lambda/api", "12800"),  # 5,120 + 5,120 + 2,048 + 512
        (61_440, "/ecs/api", "30720"),
    ],
)
def test_log_ingestion_of_lambda_has_tiers(gb: int, name: str, monthly: str) -> None:
    found = costed(plan_of({GROUP: {"name": name}}), {"log_groups": {GROUP: {"ingested_gb": gb, "stored_gb": 10}}})
    assert found.totals.usage_usd == Decimal(monthly) + Decimal("0.30")


def test_a_log_group_that_a_function_names_is_lambdas() -> None:
    function = {"function_name": "api", "logging_config": [{"log_group": "/apps/api"}]}
    plan = plan_of({GROUP: {"name": "/apps/api"}, "aws_lambda_function.api": function})
    assert line(costed(plan), GROUP, "logs.lambda").status is Status.UNDECLARED


@pytest.mark.parametrize(
    ("address", "values", "usage", "item", "monthly"),
    [
        ("aws_kms_key.k", {}, {}, "kms.keys", "1"),
        ("aws_kms_key.k", {}, {"keys": {"*": {"requests": 100_000}}}, "kms.requests", "0.30"),
        ("aws_secretsmanager_secret.s", {"replica": [{"region": "eu-west-1"}]}, {}, "secrets.secrets", "0.80"),
        ("aws_secretsmanager_secret.s", {}, {"secrets": {"*": {"requests": 20_000}}}, "secrets.requests", "0.10"),
        ("aws_cloudwatch_dashboard.d", {}, {}, "dashboards", "3.00"),
        ("aws_sqs_queue.q", {"fifo_queue": False}, {"queues": {"*": {"requests": 5_000_000}}}, "sqs.standard", "2"),
        ("aws_sqs_queue.q", {"fifo_queue": True}, {"queues": {"*": {"requests": 5_000_000}}}, "sqs.fifo", "2.5"),
        (
            "aws_dynamodb_table.t", {"billing_mode": "PAY_PER_REQUEST"},
            {"tables": {"*": {"reads": 1_000_000, "writes": 0}}}, "dynamodb.reads", "0.125",
        ),
        (
            "aws_dynamodb_table.t", {"billing_mode": "PAY_PER_REQUEST"},
            {"tables": {"*": {"reads": 0, "writes": 1_000_000}}}, "dynamodb.writes", "0.625",
        ),
        ("aws_efs_file_system.f", {}, {"file_systems": {"*": {"stored_gb": 100}}}, "efs.standard", "30"),
        (
            "aws_efs_file_system.f", {"throughput_mode": "elastic"},
            {"file_systems": {"*": {"stored_gb": 0, "written_gb": 50}}}, "efs.written", "3",
        ),
        (
            "aws_apigatewayv2_api.a", {"protocol_type": "HTTP"},
            {"apis": {"*": {"requests": 400_000_000}}}, "api.http", "390",
        ),
        ("aws_api_gateway_rest_api.a", {}, {"apis": {"*": {"requests": 1_000_000}}}, "api.rest", "3.5"),
        ("aws_scheduler_schedule.s", {}, {"schedules": {"*": {"requests": 2_000_000}}}, "scheduler.invocations", "2"),
    ],
)  # fmt: skip
def test_services(address: str, values: dict[str, Any], usage: dict[str, Any], item: str, monthly: str) -> None:
    assert line(costed(plan_of({address: values}), usage), address, item).monthly_usd == Decimal(monthly)


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("aws_elasticache_replication_group.c", "cache nodes"),
        ("aws_elasticache_serverless_cache.c", "serverless cache"),
        ("aws_instance.bastion", "EC2 instance"),
        ("aws_s3_bucket.b", "storage and requests"),
        ("aws_dynamodb_table.t", "provisioned capacity of a DynamoDB table"),
        ("aws_api_gateway_stage.s", "cache of an API stage"),
        ("aws_ssm_parameter.p", "advanced parameter"),
        ("aws_acm_certificate.c", "private certificate"),
    ],
)
def test_no_price_is_guessed(address: str, what: str) -> None:
    found = costed(plan_of({address: COSTLY.get(address, {})}))
    assert [(each.address, each.reason, each.monthly_usd) for each in found.without_price] == [
        (address, f"no price is known of {what} in us-east-1", None)
    ]
    assert not found.is_complete


def test_a_type_that_is_not_known_is_not_taken_for_free() -> None:
    found = costed(
        plan_of({"aws_quantum_gate.a": {}, "aws_quantum_gate.b": {}, "aws_vpc.v": {}, "null_resource.n": {}})
    )
    assert (found.lines, found.unclassified) == ((), (("aws_quantum_gate", 2),))
    assert not found.is_complete


@pytest.mark.parametrize(("minimum", "monthly"), [(2, "13.505")])
def test_pollers_of_a_queue_are_billed_by_the_hour(minimum: int, monthly: str) -> None:
    mapping = {
        "event_source_arn": "arn:aws:sqs:us-east-1:123456789012:jobs",
        "provisioned_poller_config": [{"minimum_pollers": minimum}],
    }
    found = costed(plan_of({"aws_lambda_event_source_mapping.m": mapping}))
    assert found.totals.fixed_usd == Decimal(monthly)


@pytest.mark.parametrize(
    ("address", "unknown", "items"),
    [
        (GROUP, {"log_group_class": True}, ["logs.standard", "logs.stored"]),
        ("aws_secretsmanager_secret.s", {"replica": True}, ["secrets.requests", "secrets.secrets"]),
        ("aws_efs_file_system.f", {"availability_zone_name": True}, ["efs.standard"]),
    ],
)
def test_what_nothing_sets_is_what_aws_gives(address: str, unknown: dict[str, Any], items: list[str]) -> None:
    found = costed(plan_of({address: {}}, unknown={address: unknown}))
    assert [each.item for each in found.lines] == items
    assert not found.undecidable


def test_what_is_billed_only_in_some_forms_is_free_in_the_others() -> None:
    found = costed(plan_of({address: {} for address in COSTLY}))
    assert (found.lines, found.is_complete) == ((), True)


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"table_class": "STANDARD_INFREQUENT_ACCESS"}, "DynamoDB table, class STANDARD_INFREQUENT_ACCESS"),
        ({"replica": [{"region_name": "eu-west-1"}]}, "replicas of a global DynamoDB table"),
    ],
)
def test_tables_of_other_prices(values: dict[str, Any], what: str) -> None:
    found = costed(plan_of({"aws_dynamodb_table.t": {"billing_mode": "PAY_PER_REQUEST", **values}}))
    assert [each.reason for each in found.without_price] == [f"no price is known of {what} in us-east-1"]
