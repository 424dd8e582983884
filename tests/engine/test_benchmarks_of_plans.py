"""The plans of `make bench`, and that calculators grow with them and not with their square."""

from __future__ import annotations

import json
import time

import pytest

from analysis.plan import Plan
from analysis.reach.reach import reach
from benchmarks import __main__ as bench
from benchmarks.plan_documents import creating, destroying
from benchmarks.plan_run import CALCULATORS
from benchmarks.plans import NAMES, Run, growth, results

MOST = 3
"""Times as long a resource may take in a plan of ten times the size; a square would make it ten."""

RUNS = tuple(Run(name, resources, 0.5, resources / 1_000, 60.4) for resources in (100, 1_000, 10_000) for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_time_grows_with_the_resources(name: str) -> None:
    document = destroying if name == "forecast" else creating
    small, large = document(200), document(2_000)
    count = len(large["resource_changes"]) / len(small["resource_changes"])

    assert _seconds(name, large) < MOST * count * min(_seconds(name, small) for _ in range(3))


@pytest.mark.parametrize("resources", [100, 1_000, 10_000])
def test_a_plan_has_the_size_that_is_asked_for(resources: int) -> None:
    found = len(creating(resources)["resource_changes"])

    assert abs(found - resources) <= resources / 10


def test_the_measured_functions_reach_what_they_need() -> None:
    found = reach(Plan(creating(200)))

    assert {pair.verdict.value for pair in found.pairs} == {"reachable"}
    assert {pair.need.destination.name for pair in found.pairs} == {"s3", "secretsmanager", "sqs"}


def test_the_measured_destruction_hangs_on_every_group() -> None:
    document = destroying(200)

    found = CALCULATORS["forecast"](Plan(document))

    groups = sum(raw["type"] == "aws_security_group" for raw in document["resource_changes"]) - 1
    assert sum(finding.rule == "interfaces-of-security-group" for finding in found.findings) == groups


def test_growth_is_stated_for_each_resource() -> None:
    steady = (Run("cost", 1_000, 0.0, 1.0, 60.0), Run("cost", 10_000, 0.0, 10.0, 99.0))
    square = (steady[0], Run("cost", 10_000, 0.0, 100.0, 99.0))

    assert (growth(steady, "cost"), growth(square, "cost")) == (1.0, 10.0)
    with pytest.raises(ValueError, match=r"^1 plans of cost show no growth; measure two$"):
        growth(steady[:1], "cost")


def test_committed_results_have_the_shape_that_is_written() -> None:
    committed = json.loads(bench.RESULTS.read_text(encoding="utf-8"))["plans"]
    written = results(RUNS)

    assert committed.keys() == written.keys() == set(NAMES)
    for name in NAMES:
        assert committed[name].keys() == written[name].keys()
        assert [plan.keys() for plan in committed[name]["plans"]] == [plan.keys() for plan in written[name]["plans"]]
        assert all(plan["seconds_per_1000_resources"] < 1 for plan in committed[name]["plans"])


def _seconds(name: str, document: dict[str, object]) -> float:
    started = time.process_time()
    CALCULATORS[name](Plan(document))
    return time.process_time() - started
