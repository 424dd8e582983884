"""Policies on releases and runtimes, each on its samples in every input."""

from __future__ import annotations

from datetime import date

import pytest

from analysis.plan import synthesized_plan
from modules.function.runtimes import AS_OF
from policies.catalogue.releases.runtime import POLICY
from policies.policy import Outcome
from policies.samples import function
from policies.shared.runtimes import deprecated_on, instead_of
from policies.view import View
from tests.policies.catalogue.harness import APPLIED, Case, Judged

AREA = "releases"
UNAPPLIED = {"lnet_801_1": "weights take two published versions, and one apply publishes one"}
"""Samples that the emulator cannot hold, each with the reason."""


def test_a_sample_is_judged_as_its_names_say(plans: Judged, case: Case, given: str) -> None:
    assert plans.outcomes(case, given) == case.expected(applied=given == APPLIED)


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("python2.7", "python3.14"),
        ("nodejs", "nodejs24.x"),
        ("nodejs4.3-edge", "nodejs24.x"),
        ("dotnetcore3.1", "dotnet10"),
        ("ruby2.5", "ruby4.0"),
        ("go1.x", "provided.al2023"),
    ],
)
def test_runtimes_that_nobody_may_use_any_more_are_known(name: str, instead: str) -> None:
    day = deprecated_on(name)
    assert day is not None
    assert day < AS_OF
    assert instead_of(name, AS_OF) == instead


@pytest.mark.parametrize(("today", "outcome"), [("2027-06-29", Outcome.PASSED), ("2027-06-30", Outcome.FAILED)])
def test_a_runtime_is_deprecated_from_its_day_on(today: str, outcome: Outcome) -> None:
    plan = synthesized_plan(function("orders", runtime="python3.11"))
    (verdict,) = POLICY.judge(View(plan, today=date.fromisoformat(today)))
    assert verdict.outcome is outcome


def test_a_runtime_of_another_table_is_not_judged() -> None:
    plan = synthesized_plan(function("orders", runtime="python4.0"))
    (verdict,) = POLICY.judge(View(plan, today=AS_OF))
    assert verdict.outcome is Outcome.UNKNOWN
    assert verdict.message == "runtime python4.0 is not in the table of 2026-11-20"


def test_a_message_tells_what_to_use_instead() -> None:
    plan = synthesized_plan(function("orders", runtime="nodejs20.x"))
    (verdict,) = POLICY.judge(View(plan, today=AS_OF))
    assert verdict.message == "runtime is nodejs20.x, which AWS deprecated on 2026-04-30 (table of 2026-11-20)"
    assert verdict.fix == "set runtime to nodejs24.x"
