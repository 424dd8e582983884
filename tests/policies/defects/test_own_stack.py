"""A synthesized stack of our own modules: silent as it is, and not with any defect of the catalogue."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.plan import synthesized_plan
from policies.catalogue import catalogue
from policies.policy import Outcome, Verdict
from policies.view import View
from tests.policies.defects.own_stack import document as synthesized
from tests.policies.defects.table import DEFECTS

CATALOGUE = Path(__file__).parents[2] / "analysis" / "defects" / "catalogue.yaml"


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return synthesized(tmp_path_factory.mktemp("own"))


def _verdicts(document: Mapping[str, Any]) -> dict[tuple[str, str], Verdict]:
    view = View(synthesized_plan(document), today=date(2026, 11, 21), account="123456789012", region="eu-west-1")
    return {
        (policy.id, verdict.address): verdict
        for policy in catalogue()
        for verdict in policy.judge(view)
        if verdict.outcome is not Outcome.PASSED
    }


@pytest.fixture(scope="module")
def sound(document: dict[str, Any]) -> dict[tuple[str, str], Verdict]:
    return _verdicts(document)


def test_the_stack_is_silent(sound: dict[tuple[str, str], Verdict]) -> None:
    assert sound == {}


def test_every_defect_of_the_catalogue_is_a_change() -> None:
    listed = {entry["defect"] for entry in yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))}
    assert set(DEFECTS) == listed


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_detected(name: str, document: dict[str, Any]) -> None:
    defect = DEFECTS[name]
    changed = copy.deepcopy(document)
    defect.change(changed)
    found = {
        address: verdict.outcome
        for (policy, address), verdict in _verdicts(changed).items()
        if policy == defect.policy and defect.part in address
    }
    assert found
    assert set(found.values()) == {Outcome.FAILED}
