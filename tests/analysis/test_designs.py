"""Reachability of network designs in hand-written Terraform, against a table of what each reaches.

All designs are modules of one root folder, so that one plan serves all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.plan import Plan
from analysis.reach import Pair, Reach
from analysis.reach.reach import NO_PATH, UNDECIDED_PATH, reach
from tests.analysis.hcl import plan_of
from tests.provider_process import ProviderProcesses

DESIGNS = Path(__file__).parent / "designs"
EXPECTED: Mapping[str, Mapping[str, Any]] = yaml.safe_load((DESIGNS / "expected.yaml").read_text(encoding="utf-8"))
WEAK = "weak"
SOUND = sorted(
    name
    for name, lines in EXPECTED.items()
    if all(line == "reachable" for label, line in lines.items() if label != WEAK)
)
LEAST = 60

pytestmark = pytest.mark.plan


@pytest.fixture(scope="module")
def plan(providers: ProviderProcesses, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The plan of all designs."""
    return plan_of(DESIGNS, tmp_path_factory.mktemp("designs"), providers)


def _reach(plan: Plan, name: str) -> Reach:
    return reach(plan.below(f"module.{name}"))


def _label(name: str, pair: Pair) -> str:
    """Function and destination as the table names them, without the module of the design."""
    function, resource = pair.need.function, pair.need.destination.resource
    caller = function.name if function.name != "this" else function.module[-1][0]
    target = pair.need.destination.name if resource is None else resource.address.removeprefix(f"module.{name}.")
    return f"{caller} -> {target}"


def test_every_design_stands_in_the_table() -> None:
    folders = {path.parent.name for path in DESIGNS.glob("*/main.tf")}
    assert folders == set(EXPECTED)
    assert len(folders) >= LEAST
    assert 2 * len(SOUND) >= len(folders)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_what_a_design_reaches(plan: Plan, name: str) -> None:
    found = {_label(name, pair): pair for pair in _reach(plan, name).pairs}
    expected = {label: line for label, line in EXPECTED[name].items() if label != WEAK}
    assert {label: str(pair.verdict) for label, pair in found.items()} == {
        label: line.partition(" ")[0] for label, line in expected.items()
    }, {label: (pair.missing, pair.hops) for label, pair in found.items()}
    for label, line in expected.items():
        _, _, words = line.partition(" ")
        assert words in found[label].missing, found[label]
        assert bool(found[label].missing) == bool(words)
        assert found[label].fix or not line.startswith("unreachable")


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_findings_of_a_design(plan: Plan, name: str) -> None:
    found = _reach(plan, name)
    verdicts = Counter(str(pair.verdict) for pair in found.pairs)
    rules = Counter(finding.rule for finding in found.findings)
    assert rules.pop(NO_PATH, 0) == verdicts["unreachable"], found.findings
    assert rules.pop(UNDECIDED_PATH, 0) == verdicts["undecidable"], found.findings
    assert sorted(rules) == sorted(EXPECTED[name].get(WEAK, []))


def test_one_plan_answers_as_its_parts_do(plan: Plan) -> None:
    whole = {(pair.need.function.address, pair.need.destination): pair.verdict for pair in reach(plan).pairs}
    parts = [pair for name in EXPECTED for pair in _reach(plan, name).pairs]
    assert whole == {(pair.need.function.address, pair.need.destination): pair.verdict for pair in parts}
