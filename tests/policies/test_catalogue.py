"""The catalogue as a whole: ids that stay, whole texts, samples of every verdict, and no policy that nobody misses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from policies.catalogue import catalogue
from policies.policy import Outcome, Policy, Verdict, passed
from policies.view import View
from tests.policies.catalogue.harness import Case, area_of, cases, synthesized_outcomes

IDS: dict[str, str] = yaml.safe_load(Path(__file__).with_name("ids.yaml").read_text(encoding="utf-8"))
POLICIES = [pytest.param(policy, id=policy.id) for policy in catalogue()]
WITHOUT_UNKNOWN: dict[str, str] = {}
"""Policies that can always tell, each with the reason."""


def _silent(_view: View) -> Iterable[Verdict]:
    return ()


def _lenient(judge: Callable[[View], Iterable[Verdict]]) -> Callable[[View], Iterable[Verdict]]:
    def passes(view: View) -> Iterable[Verdict]:
        return [passed(verdict.address) for verdict in judge(view)]

    return passes


def test_ids_and_severities_stay() -> None:
    assert {policy.id: str(policy.severity) for policy in catalogue()} == IDS


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_says_what_why_and_how(policy: Policy) -> None:
    assert policy.types
    assert len(policy.title) > len("RDS proxy")
    assert not policy.title.endswith(".")
    for text in (policy.why, policy.fix):
        assert text.endswith(".")
    assert policy.source
    assert all(reason for reason in policy.replaces.values())


@pytest.mark.parametrize("policy", POLICIES)
def test_samples_hold_every_verdict(policy: Policy) -> None:
    found = Counter(
        outcome
        for case in cases(area_of(policy))
        if case.policy is policy
        for outcome in case.expected(applied=False).values()
    )
    wanted = {Outcome.PASSED, Outcome.FAILED, Outcome.UNKNOWN}
    if policy.id in WITHOUT_UNKNOWN:
        wanted.remove(Outcome.UNKNOWN)
    assert set(found) == wanted


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_that_is_gone_or_passes_all_is_noticed(policy: Policy) -> None:
    mine = [case for case in cases(area_of(policy)) if case.policy is policy]
    for judge in (_silent, _lenient(policy.judge)):
        mutant = replace(policy, judge=judge)
        outcomes = [synthesized_outcomes(Case(mutant, case.index)) for case in mine]
        assert outcomes != [case.expected(applied=False) for case in mine]


def test_no_check_of_checkov_is_replaced_twice() -> None:
    replaced = Counter(check for policy in catalogue() for check in policy.replaces)
    assert {check for check, times in replaced.items() if times > 1} == set()
