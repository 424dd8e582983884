"""Lambda's prices, held against amounts worked out by hand; GB are 1,024 MB."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from analysis.cost import Status, gb_seconds, price_per_ms, provisioned_gb_seconds, usd
from tests.analysis.cost.documents import PRICES, REGION, costed, line, plan_of

API = "aws_lambda_function.api"
PC = "aws_lambda_provisioned_concurrency_config.api"


def function(memory: int, architecture: str = "x86_64", **more: Any) -> dict[str, Any]:
    return {"function_name": "api", "memory_size": memory, "architectures": [architecture], **more}


def used(requests: int, ms: float, **more: Any) -> dict[str, Any]:
    return {"functions": {API: {"requests": requests, "duration_ms": ms, **more}}}


@pytest.mark.parametrize(
    ("load", "architecture", "gb_s", "request_usd", "duration_usd", "total", "after_free_tier"),
    [
        ((1_000_000, 200, 256), "x86_64", "50000", "0.2", "0.8333350", "1.0333350", "0"),
        ((100_000, 3_000, 1_024), "x86_64", "300000", "0.02", "5.0000100", "5.0200100", "0"),
        ((100_000, 3_000, 1_024), "arm64", "300000", "0.02", "4.0000200", "4.0200200", "0"),
        ((10_000_000, 200, 256), "x86_64", "500000", "2.00", "8.3333500", "10.3333500", "3.4666700"),
        ((10_000_000, 200, 256), "arm64", "500000", "2.00", "6.6667000", "8.6667000", "3.1333400"),
    ],
)
def test_requests_and_duration(
    load: tuple[int, int, int], architecture: str, gb_s: str, request_usd: str, duration_usd: str, total: str,
    after_free_tier: str,
) -> None:  # fmt: skip
    requests, ms, memory = load
    plan = plan_of({API: function(memory, architecture)})
    found = costed(plan, used(requests, ms))
    duration = line(found, API, f"lambda.duration.{architecture}")
    assert duration.quantity == Decimal(gb_s)
    assert duration.monthly_usd == Decimal(duration_usd)
    assert line(found, API, "lambda.requests").monthly_usd == Decimal(request_usd)
    assert found.totals.usage_usd == found.totals.total_usd == Decimal(total)
    assert costed(plan, used(requests, ms), free_tier=True).totals.total_usd == Decimal(after_free_tier)


@pytest.mark.parametrize(
    ("requests", "ms", "memory", "architecture", "shown"),
    [
        (1_000_000, 200, 256, "x86_64", "1.03"),
        (100_000, 3_000, 1_024, "x86_64", "5.02"),
        (100_000, 3_000, 1_024, "arm64", "4.02"),
        (10_000_000, 200, 256, "x86_64", "10.33"),
    ],
)
def test_a_gb_is_1024_mb(requests: int, ms: int, memory: int, architecture: str, shown: str) -> None:
    found = costed(plan_of({API: function(memory, architecture)}), used(requests, ms))
    assert usd(found.totals.total_usd) == shown


def test_arm_saves_a_fifth_of_what_is_paid_for_duration() -> None:
    x86, arm = (
        costed(plan_of({API: function(1_024, architecture)}), used(100_000, 3_000)).totals.total_usd
        for architecture in ("x86_64", "arm64")
    )
    assert f"{(x86 - arm) / x86:.1%}" == "19.9%"  # the requests cost the same


@pytest.mark.parametrize(("architecture", "shown"), [("x86_64", "3.47"), ("arm64", "3.13")])
def test_the_free_tier_is_taken_off_before_rounding(architecture: str, shown: str) -> None:
    found = costed(plan_of({API: function(256, architecture)}), used(10_000_000, 200), free_tier=True)
    assert usd(found.totals.total_usd) == shown


def test_tiers_are_reached_by_the_quantity() -> None:
    price = PRICES.regions[REGION].items["lambda.duration.x86_64"]
    assert price.amount(Decimal(7 * 10**9)) == Decimal("115000.2000")  # 6e9 x 0.0000166667 + 1e9 x 0.000015
    assert price.amount(Decimal(16 * 10**9)) == Decimal("235000.2") + Decimal("13333.4")
    arm = PRICES.regions[REGION].items["lambda.duration.arm64"]
    assert arm.amount(Decimal(20 * 10**9)) == Decimal("100000.5") + Decimal("135001.125") + Decimal("13333.375")


def test_tiers_are_reached_by_all_functions_together() -> None:
    functions = {f"aws_lambda_function.f{index}": function(1_024) for index in range(2)}
    usage = {"functions": {"*": {"requests": 3_500_000_000, "duration_ms": 1_000}}}  # 3.5e9 GB-seconds each
    found = costed(plan_of(functions), usage)
    durations = [each.monthly_usd for each in found.lines if each.item == "lambda.duration.x86_64"]
    assert durations == [Decimal("58333.45"), Decimal("56666.75")]
    assert sum(each or 0 for each in durations) == Decimal("115000.20")


@pytest.mark.parametrize(
    ("environments", "memory", "hours", "gb_s", "total"),
    [
        (10, 512, 24, "432000", "1.8000144"),
        (100, 1_024, 720, "259200000", "1080.00864"),
        (100, 1_024, 730, "262800000", "1095.00876"),
    ],
)
def test_provisioned_concurrency(environments: int, memory: int, hours: int, gb_s: str, total: str) -> None:
    assert provisioned_gb_seconds(memory, environments, hours) == Decimal(gb_s)
    config = {"function_name": "api", "qualifier": "live", "provisioned_concurrent_executions": environments}
    found = costed(plan_of({API: function(memory), PC: config}), used(0, 0, provisioned_hours=hours))
    capacity = line(found, PC, "lambda.provisioned.x86_64")
    assert (capacity.quantity, capacity.monthly_usd) == (Decimal(gb_s), Decimal(total))
    assert found.totals.fixed_usd == Decimal(total)


def test_provisioned_concurrency_has_its_own_duration_price_and_no_free_tier() -> None:
    config = {"function_name": "api", "qualifier": "live", "provisioned_concurrent_executions": 1}
    plan = plan_of({API: function(1_024), PC: config})
    usage = used(1_000_000, 1_000, spillover_requests=100_000)
    found, free = costed(plan, usage), costed(plan, usage, free_tier=True)
    assert line(found, API, "lambda.provisioned_duration.x86_64").monthly_usd == Decimal("8.749980")  # 900,000 GB-s
    assert line(found, API, "lambda.duration.x86_64").monthly_usd == Decimal("1.66667")  # 100,000 GB-s
    assert free.totals == found.totals


def test_the_free_tier_of_duration_is_shared_by_both_architectures() -> None:
    plan = plan_of({API: function(1_024), "aws_lambda_function.arm": function(1_024, "arm64", function_name="arm")})
    usage = {"functions": {"*": {"requests": 300_000, "duration_ms": 1_000}}}  # 300,000 GB-seconds each
    free = costed(plan, usage, free_tier=True)
    assert line(free, "aws_lambda_function.arm", "lambda.duration.arm64.free").quantity == 300_000
    assert line(free, API, "lambda.duration.x86_64.free").quantity == 100_000
    assert free.totals.total_usd == Decimal("3.333340")  # 200,000 x 0.0000166667; all 600,000 requests are free


def test_ephemeral_storage_counts_above_512_mb() -> None:
    found = costed(plan_of({API: function(128, ephemeral_storage=[{"size": 10_240}])}), used(1_000_000, 1_000))
    storage = line(found, API, "lambda.ephemeral_storage")
    assert storage.quantity == 9_500_000  # 9,728 MB / 1,024 x 1,000,000 s
    assert storage.monthly_usd == Decimal("0.29355")
    least = costed(plan_of({API: function(128, ephemeral_storage=[{"size": 512}])}), used(1_000_000, 1_000))
    assert not [each for each in least.lines if each.item == "lambda.ephemeral_storage"]


@pytest.mark.parametrize(("runtime", "total"), [("python3.13", "3.954"), ("dotnet8", "3.954"), ("java21", None)])
def test_snapstart_costs_a_cache_but_for_java(runtime: str, total: str | None) -> None:
    found = costed(plan_of({API: function(1_024, runtime=runtime, snap_start=[{"apply_on": "PublishedVersions"}])}))
    caches = [each for each in found.lines if each.item == "lambda.snapstart_cache"]
    assert [usd(each.monthly_usd or Decimal(0)) for each in caches] == ([] if total is None else ["3.95"])


def test_snapstart_restores_are_billed_by_gb() -> None:
    plan = plan_of({API: function(2_048, runtime="python3.13", snap_start=[{"apply_on": "PublishedVersions"}])})
    restored = line(costed(plan, used(0, 0, restores=10_000)), API, "lambda.snapstart_restore")
    assert restored.monthly_usd == Decimal("2.7959960000")  # 20,000 GB x 0.0001397998


@pytest.mark.parametrize(
    ("memory", "x86", "arm"),
    [
        (128, "2.0833E-9", "1.6667E-9"),
        (256, "4.1667E-9", "3.3334E-9"),
        (512, "8.3334E-9", "6.6667E-9"),
        (1_024, "1.66667E-8", "1.33334E-8"),
        (1_769, "2.87924E-8", "2.30340E-8"),
        (3_008, "4.89584E-8", "3.91669E-8"),
        (10_240, "1.66667E-7", "1.33334E-7"),
    ],
)
def test_prices_per_millisecond(memory: int, x86: str, arm: str) -> None:
    for architecture, expected in (("x86_64", x86), ("arm64", arm)):
        found = price_per_ms(PRICES.regions[REGION].items[f"lambda.duration.{architecture}"], memory)
        assert f"{found:.{len(expected.partition('E')[0]) - 2}E}" == expected


def test_gb_seconds_of_256_mb_for_four_seconds_are_one() -> None:
    assert gb_seconds(256, 4_000) == 1


def test_what_is_not_declared_has_no_amount() -> None:
    found = costed(plan_of({API: function(128)}))
    assert [(each.item, each.status, each.monthly_usd, each.reason) for each in found.lines] == [
        ("lambda.duration.x86_64", Status.UNDECLARED, None, "declare it in functions of the usage"),
        ("lambda.requests", Status.UNDECLARED, None, "declare it in functions of the usage"),
    ]
    assert not found.is_complete


def test_a_memory_known_only_after_apply_is_undecidable() -> None:
    values = {"function_name": "api", "architectures": ["arm64"]}
    read = {API: {"memory_size": ["data.external.sizes.result"]}}
    found = costed(plan_of({API: values}, unknown={API: {"memory_size": True}}, references=read), used(1, 1))
    assert [each.reason for each in found.undecidable] == ["unknown: memory_size"]


def test_provisioned_concurrency_of_a_function_elsewhere_is_undecidable() -> None:
    config = {"function_name": "elsewhere", "qualifier": "live", "provisioned_concurrent_executions": 5}
    found = costed(plan_of({PC: config}))
    assert [each.reason for each in found.undecidable] == ["unknown: the function, as it is not in the plan"]


def test_what_nothing_sets_is_what_aws_gives() -> None:
    unknown = {"architectures": True, "ephemeral_storage": True, "id": True}
    found = costed(plan_of({API: {"function_name": "api", "memory_size": 128}}, unknown={API: unknown}), used(10, 1))
    assert [each.item for each in found.lines] == ["lambda.duration.x86_64", "lambda.requests"]
    assert found.is_complete


def test_provisioned_concurrency_that_scales_is_fixed_at_its_least() -> None:
    config = {"function_name": "api", "qualifier": "live", "provisioned_concurrent_executions": 50}
    target = {
        "resource_id": "function:api:live", "scalable_dimension": "lambda:function:ProvisionedConcurrency",
        "min_capacity": 10, "max_capacity": 100,
    }  # fmt: skip
    plan = plan_of({API: function(1_024), PC: config, "aws_appautoscaling_target.t": target})
    found = costed(plan, used(0, 0, scaled_environments=5))
    item = "lambda.provisioned.x86_64"
    assert line(found, PC, item, "fixed").monthly_usd == Decimal("109.500876")
    assert line(found, PC, item, "fixed").basis == (
        "10 environments x 1024 MB x 730 hours, at least: aws_appautoscaling_target.t scales up to 100; "
        "AWS price list 2026-09-19"
    )
    assert line(found, PC, item, "usage").monthly_usd == Decimal("54.750438")
    assert line(costed(plan), PC, item, "usage").status is Status.UNDECLARED
