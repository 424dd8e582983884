"""Totals, the change against before, regions, and the maximum."""

from __future__ import annotations

from decimal import Decimal

from analysis.cost import Change, Status
from analysis.finding import Finding, Level
from tests.analysis.cost.documents import costed, plan_of

NAT, EIP, KEY = "aws_nat_gateway.n", "aws_eip.e", "aws_kms_key.k"


def test_the_change_is_told_by_resource() -> None:
    plan = plan_of({NAT: {}, EIP: {}}, before={EIP: {}, KEY: {"id": "x"}})
    found = costed(plan)
    assert found.totals.fixed_usd == Decimal("36.50")
    assert found.totals_before.fixed_usd == Decimal("4.650")
    assert found.change_usd == Decimal("31.850")
    assert found.changes == (
        Change(KEY, Decimal(1), Decimal(0)),
        Change(NAT, Decimal(0), Decimal("32.850")),
    )


def test_what_changes_from_no_price_to_none_is_not_hidden() -> None:
    cache = "aws_elasticache_replication_group.c"
    found = costed(plan_of({cache: {}}))
    assert found.changes == (Change(cache, Decimal(0), None),)
    assert found.changes[0].difference_usd is None


def test_links_before_the_plan_are_told_by_names() -> None:
    arn = "arn:aws:lambda:us-east-1:123456789012:function:api"
    function = {"function_name": "api", "memory_size": 1_024, "architectures": ["arm64"], "arn": arn}
    config = {"function_name": "api", "provisioned_concurrent_executions": 1}
    address = "aws_lambda_provisioned_concurrency_config.api"
    resources = {"aws_lambda_function.api": function, address: config}
    found = costed(plan_of({}, before=resources))
    assert found.totals_before.fixed_usd == Decimal("8.76017520000")  # 2,628,000 GB-s x 0.0000033334
    assert found.change_usd == -found.totals_before.fixed_usd


def test_a_region_without_a_table_has_no_price() -> None:
    found = costed(plan_of({KEY: {}}, region="eu-west-1"))
    assert [each.reason for each in found.without_price] == ["no price is known of KMS key in eu-west-1"]


def test_a_region_that_the_plan_does_not_tell_is_asked_for() -> None:
    plan = plan_of({KEY: {}}, region="")
    (line, *_) = costed(plan).lines
    assert (line.status, line.reason) == (Status.UNDECIDABLE, "unknown: the plan does not tell the region")
    assert costed(plan, region="us-east-1").totals.fixed_usd == 1


def test_there_are_no_findings_by_default() -> None:
    assert costed(plan_of({NAT: {}})).findings == ()


def test_a_maximum_that_is_passed_is_an_error() -> None:
    found = costed(plan_of({NAT: {}, EIP: {}}), maximum_monthly_usd=Decimal(30))
    assert found.findings == (
        Finding(
            rule="monthly-cost",
            level=Level.ERROR,
            address="the plan",
            missing="6.50 USD a month",
            message="it costs 36.50 USD a month, 6.50 more than the maximum of 30.00; aws_nat_gateway.n costs most, "
            "32.85",
            fix="take something away, or raise the maximum",
        ),
    )


def test_a_maximum_that_may_be_passed_is_undecidable() -> None:
    found = costed(plan_of({NAT: {}}), maximum_monthly_usd=Decimal(100))
    assert [(each.level, each.message) for each in found.findings] == [
        (
            Level.UNDECIDABLE,
            "what can be priced costs 32.85 USD a month of at most 100.00, but 1 lines have no amount",
        )
    ]
    assert costed(plan_of({EIP: {}}), maximum_monthly_usd=Decimal("3.65")).findings == ()


def test_declared_usage_that_stands_for_nothing_is_named() -> None:
    usage = {"keys": {"aws_kms_key.*": {"requests": 1}}, "queues": {"aws_sqs_queue.old": {"requests": 1}}}
    assert costed(plan_of({KEY: {}}), usage).unmatched == ("queues.aws_sqs_queue.old",)


def test_amounts_are_of_the_same_order_every_time() -> None:
    plan = plan_of({f"aws_kms_key.k[{index}]": {} for index in range(12)})
    assert costed(plan) == costed(plan)
    addresses = [each.address for each in costed(plan).lines]
    assert addresses == sorted(addresses)
