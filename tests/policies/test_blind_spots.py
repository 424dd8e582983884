"""Defects that the stock Checkov passes over, each told by our runner in the input that hides it."""

from __future__ import annotations

import json

import pytest

from policies.checkov import Checkov
from policies.scanned import read_plan, read_synthesized
from tests.policies import blind_spots
from tests.policies.scans import write_plan, write_synthesized


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory, checkov: Checkov) -> dict[str, set[tuple[str, str]]]:
    folder = tmp_path_factory.mktemp("blind_spots")
    documents = {"aws_iam_policy_document": {"everything": blind_spots.DOCUMENT}}
    synthesized = write_synthesized(
        folder / "orders", blind_spots.resources("json"), data=documents, provider={"aws": blind_spots.PROVIDER}
    )
    plan = write_plan(folder / "plan.json", blind_spots.resources("plan"))
    content = blind_spots.completed(json.loads(plan.read_text(encoding="utf-8")))
    plan.write_text(json.dumps(content), encoding="utf-8")
    reports = checkov.scan([read_synthesized(synthesized), read_plan(plan)])
    return {
        kind: {(one.check, one.address) for one in report.failed}
        for kind, report in zip(("json", "plan"), reports, strict=True)
    }


@pytest.mark.parametrize("kind", ["json", "plan"])
@pytest.mark.parametrize("address", blind_spots.EXPECTED)
def test_a_defect_that_the_stock_checkov_passes_over_is_told(
    failed: dict[str, set[tuple[str, str]]], kind: str, address: str
) -> None:
    expected = {entry for entry in blind_spots.expected(kind) if entry[1] == address}
    assert expected <= failed[kind], sorted(expected - failed[kind])


@pytest.mark.parametrize("kind", ["json", "plan"])
def test_what_is_sound_passes_in_every_spelling(failed: dict[str, set[tuple[str, str]]], kind: str) -> None:
    assert {entry for entry in failed[kind] if entry[1].partition(".")[2].startswith("passes_")} == set()
