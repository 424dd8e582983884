"""What the calculators say of the demo target's plan, which is sound."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from analysis.budget import budget
from analysis.cost import cost, read_prices
from analysis.forecast import forecast
from analysis.plan import Plan
from analysis.quotas import read_snapshots
from analysis.reach import Verdict
from analysis.reach.reach import reach
from analysis.triggers import trigger_findings

pytestmark = pytest.mark.plan
ENVIRONMENTS = Path("environments")


@pytest.fixture(scope="module")
def plan(planned: Any) -> Plan:
    return Plan(
        {
            "planned_values": planned.planned_values,
            "configuration": planned.configuration,
            "resource_changes": list(planned.resource_changes.values()),
        }
    )


def test_the_function_reaches_its_database_through_the_proxy(plan: Plan) -> None:
    found = reach(plan)

    assert found.findings == ()
    assert {pair.verdict for pair in found.pairs} == {Verdict.REACHABLE}
    [ours] = {str(pair.need.function.type) for pair in found.pairs}
    needed = {pair.need.destination.resource.type for pair in found.pairs if pair.need.destination.resource}
    assert (ours, needed) == ("aws_lambda_function", {"aws_db_proxy", "aws_db_instance"})


def test_everything_fits_and_nothing_is_undecided(plan: Plan) -> None:
    found = budget([plan], read_snapshots(ENVIRONMENTS))

    assert found.findings == ()
    after = {row.rule: row.after for row in found.rows}
    assert after["interface-endpoints-per-vpc"] == 1
    assert after["elastic-ips-per-region"] == len(plan.of("aws_eip"))


def test_nothing_hangs_on_a_first_apply(plan: Plan) -> None:
    assert forecast(plan).findings == ()
    assert trigger_findings(plan) == ()


def test_the_ways_out_have_a_price(plan: Plan) -> None:
    found = cost(plan, prices=read_prices(ENVIRONMENTS))

    assert found.findings == ()
    gateways = [line for line in found.lines if line.address.startswith("aws_nat_gateway.") and line.monthly_usd]
    assert [line.monthly_usd for line in gateways] == [Decimal("32.85")] * len(plan.of("aws_nat_gateway"))
    assert not found.undecidable
