"""The demo target's synthesized JSON tells what its plan tells: what leads where, and what the calculators find."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analysis.budget import budget
from analysis.cost import cost, read_prices
from analysis.finding import Finding
from analysis.forecast import forecast
from analysis.plan import UNKNOWN, Plan, Resource, read_synthesized
from analysis.quotas import read_snapshots
from analysis.reach.reach import reach
from analysis.triggers import trigger_findings

pytestmark = pytest.mark.plan
ENVIRONMENTS = Path("environments")


@pytest.fixture(scope="module")
def plan(planned: Any) -> Plan:
    return Plan(
        {
            "planned_values": planned.planned_values,
            "prior_state": planned.get("prior_state", {}),
            "configuration": planned.configuration,
            "resource_changes": list(planned.resource_changes.values()),
        }
    )


@pytest.fixture(scope="module")
def synthesized(stack: Path) -> Plan:
    return read_synthesized(stack)


def at(plan: Plan, address: str) -> Resource:
    found = plan.at(address)
    assert found is not None
    return found


def is_block(value: Any) -> bool:
    return isinstance(value, list) and isinstance(value[0], dict)


def normal(value: Any) -> Any:
    """A text of JSON as what it says: the provider writes it in an order of its own."""
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value


def edges(plan: Plan) -> list[tuple[str, str, str]]:
    return sorted((str(source), str(target), path) for source, target, path in plan.graph.edges(keys=True))


def findings(plan: Plan) -> list[Finding]:
    quotas, prices = read_snapshots(ENVIRONMENTS), read_prices(ENVIRONMENTS)
    parts = (reach(plan), budget([plan], quotas), cost(plan, prices=prices), forecast(plan))
    return sorted((*(entry for part in parts for entry in part.findings), *trigger_findings(plan)))


def test_it_holds_the_same_resources(plan: Plan, synthesized: Plan) -> None:
    assert [entry.address for entry in synthesized.of()] == [entry.address for entry in plan.of()]
    assert {entry.actions for entry in synthesized.of()} == {("create",)}


def test_the_same_leads_to_the_same(plan: Plan, synthesized: Plan) -> None:
    assert edges(synthesized) == edges(plan)


def test_each_attribute_leads_to_the_same(plan: Plan, synthesized: Plan) -> None:
    attributes = {(source.address, path.partition(".")[0]) for source, _, path in plan.graph.edges(keys=True)}
    for address, name in sorted(attributes):
        mine, theirs = (of.links(at(of, address), name) for of in (plan, synthesized))
        assert list(map(str, theirs.resources)) == list(map(str, mine.resources)), (address, name)
        assert theirs.unresolved == mine.unresolved, (address, name)


def test_what_is_known_is_what_the_plan_knows(plan: Plan, synthesized: Plan) -> None:
    compared = 0
    for entry in synthesized.of():
        for name, value in entry.values.items():
            if value != [] and not is_block(value):
                assert normal(at(plan, entry.address).get(name)) == normal(value), (entry.address, name)
                compared += 1
    assert compared > len(synthesized.of())


def test_what_only_the_plan_knows_is_what_the_provider_adds(plan: Plan, synthesized: Plan) -> None:
    only_there = {
        name
        for entry in synthesized.of()
        for name, marked in entry.unknown.items()
        if marked is True and at(plan, entry.address).get(name, UNKNOWN) is not UNKNOWN
    }
    assert only_there == {"tags_all"}  # with the default tags of the provider


def test_the_calculators_find_the_same(plan: Plan, synthesized: Plan) -> None:
    assert findings(synthesized) == findings(plan)
    assert sorted(map(str, reach(synthesized).pairs)) == sorted(map(str, reach(plan).pairs))
    quotas = read_snapshots(ENVIRONMENTS)
    assert budget([synthesized], quotas).rows == budget([plan], quotas).rows
    prices = read_prices(ENVIRONMENTS)
    assert cost(synthesized, prices=prices).lines == cost(plan, prices=prices).lines
