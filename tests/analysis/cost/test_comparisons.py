"""arm64 against x86_64, and provisioned concurrency against on-demand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from analysis.cost import Usage, architectures, provisioned, usd
from tests.analysis.cost.documents import PRICES, plan_of

API = "aws_lambda_function.api"
PC = "aws_lambda_provisioned_concurrency_config.api"


def function(**more: Any) -> dict[str, Any]:
    return {"function_name": "api", "memory_size": 1_024, "architectures": ["x86_64"], **more}


def used(**more: Any) -> Usage:
    return Usage.parse({"functions": {API: {"requests": 100_000, "duration_ms": 3_000, **more}}})


def test_arm_costs_a_fifth_less() -> None:
    (found,) = architectures(plan_of({API: function()}), used(), prices=PRICES)
    assert (usd(found.x86_64_usd), usd(found.arm64_usd), usd(found.saving_usd)) == ("5.00", "4.00", "1.00")
    assert (found.architecture, found.gb_seconds) == ("x86_64", Decimal(300_000))
    assert usd(found.break_even_duration) == "1.25"


def test_what_is_not_declared_or_not_known_is_not_compared() -> None:
    plan = plan_of({API: function()})
    assert architectures(plan, Usage(), prices=PRICES) == ()
    assert architectures(plan_of({API: function()}, region="eu-west-1"), used(), prices=PRICES) == ()
    unknown = plan_of(
        {API: {"function_name": "api"}},
        unknown={API: {"memory_size": True}},
        references={API: {"memory_size": ["data.external.sizes.result"]}},
    )
    assert architectures(unknown, used(), prices=PRICES) == ()


def test_provisioned_concurrency_is_cheaper_above_sixty_percent_of_use() -> None:
    config = {"function_name": "api", "qualifier": "live", "provisioned_concurrent_executions": 10}
    plan = plan_of({API: function(), PC: config})
    (found,) = provisioned(plan, used(requests=1_000_000, duration_ms=10_000), prices=PRICES)
    assert usd(found.capacity_usd) == "109.50"  # 10 x 1 GB x 730 h x 3,600 s x 0.0000041667
    assert usd(found.duration_usd) == "97.22"  # 10,000,000 GB-s x 0.0000097222
    assert usd(found.on_demand_usd) == "166.67"
    assert usd(found.more_usd) == "40.06"
    assert f"{found.in_use:.4f}" == "0.3805"  # 10,000,000 / 26,280,000
    assert f"{found.break_even_in_use:.4f}" == "0.6000"


def test_at_the_break_even_both_cost_the_same() -> None:
    config = {"function_name": "api", "qualifier": "live", "provisioned_concurrent_executions": 1}
    plan = plan_of({API: function(), PC: config})
    (found,) = provisioned(plan, used(), prices=PRICES)
    assert found.break_even_in_use is not None
    ran = Decimal(730 * 3_600) * found.break_even_in_use
    (even,) = provisioned(plan, used(requests=float(ran), duration_ms=1_000), prices=PRICES)
    assert abs(even.more_usd) < Decimal("0.0001")
    assert architectures(plan, used(), prices=PRICES) == ()
