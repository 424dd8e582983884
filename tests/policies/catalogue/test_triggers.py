"""Policies on what invokes functions, each on its samples in every input."""

from __future__ import annotations

import pytest

from tests.policies.catalogue.harness import APPLIED, CREATED, Case, Judged, cases, synthesized_outcomes

AREA = "triggers"
UNAPPLIED = {"lnet_502_1": "SQS refuses a dead-letter queue of another type"}
"""Samples that the emulator cannot hold, each with the reason."""


@pytest.mark.parametrize("case", cases(AREA), ids=lambda case: case.name)
def test_a_sample_is_judged_as_its_names_say_in_synthesized_json(case: Case) -> None:
    assert synthesized_outcomes(case) == case.expected(applied=False)


@pytest.mark.apply
@pytest.mark.parametrize("given", [CREATED, APPLIED])
@pytest.mark.parametrize("case", cases(AREA), ids=lambda case: case.name)
def test_a_sample_is_judged_as_its_names_say_in_plans(plans: Judged, case: Case, given: str) -> None:
    if given != APPLIED or case.name not in UNAPPLIED:
        assert plans.outcomes(case, given) == case.expected(applied=given == APPLIED)
