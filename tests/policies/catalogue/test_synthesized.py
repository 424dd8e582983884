"""Every policy on its samples as synthesized JSON."""

from __future__ import annotations

import pytest

from policies.catalogue import catalogue
from tests.policies.catalogue.harness import Case, area_of, cases, synthesized_outcomes

AREAS = sorted({area_of(policy) for policy in catalogue()})


@pytest.mark.parametrize("case", [case for area in AREAS for case in cases(area)], ids=lambda case: case.name)
def test_a_sample_is_judged_as_its_names_say(case: Case) -> None:
    assert synthesized_outcomes(case) == case.expected(applied=False)
