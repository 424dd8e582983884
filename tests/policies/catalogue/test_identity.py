"""Policies on identity and secrets, each on its samples in every input."""

from __future__ import annotations

from tests.policies.catalogue.harness import APPLIED, Case, Judged

AREA = "identity"
UNAPPLIED: dict[str, str] = {}
"""Samples that the emulator cannot hold, each with the reason."""


def test_a_sample_is_judged_as_its_names_say(plans: Judged, case: Case, given: str) -> None:
    assert plans.outcomes(case, given) == case.expected(applied=given == APPLIED)
