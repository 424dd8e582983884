"""A page of hundreds of plans holds only a few of them at once, and counts as if it held all."""

from __future__ import annotations

import gc
import json
import weakref
from collections.abc import Iterator, Mapping

from analysis.budget import budget
from analysis.plan import Plan
from rollout.review import Given, review
from rollout.review.budgets import budget_rows
from rollout.review.masking import Mask
from rollout.review.together import Together, budget_of
from rollout.running.reviewing import PackedPlans
from tests.rollout.review.samples import ACCOUNTS, base_stack, given, orders


def together_of(plans: Mapping[str, Plan]) -> Together:
    found = Together()
    for target, plan in plans.items():
        found.add(target, plan)
    return found


def packed(plans: Mapping[str, Plan]) -> PackedPlans:
    return PackedPlans((name, json.dumps(plan.document).encode()) for name, plan in plans.items())


def test_plans_of_an_account_are_counted_together() -> None:
    plans = packed(given(orders()).plans)
    groups = list(together_of(plans).groups)
    assert sorted(name for group in groups for name in group) == sorted(plans)
    assert len(groups) == len(ACCOUNTS)
    whole = budget(list(plans.values()), {})
    parts = budget_of(plans, together_of(plans), {})
    assert parts.rows == whole.rows
    assert budget_rows(parts, None, Mask(())) == budget_rows(whole, None, Mask(()))
    assert parts.rows


def test_plans_that_know_a_resource_by_its_id_are_counted_together() -> None:
    one, other = base_stack("dev", "retail"), base_stack("dev", "outlet")
    plans = given({each.target: each for each in (one, other)}).plans
    assert len(list(together_of(plans).groups)) == 2
    known = {"vpc": {"value": "vpc-0a1b2c3d4e5f60718"}}
    same = {name: Plan({**plan.document, "variables": known}, name) for name, plan in plans.items()}
    assert len(list(together_of(same).groups)) == 1


def test_plans_that_cannot_be_told_apart_are_counted_together() -> None:
    plans = {name: Plan(plan.document) for name, plan in given(orders()).plans.items()}
    assert list(together_of(plans).groups) == [tuple(sorted(plans))]


class Watched(Mapping[str, Plan]):
    """Counts the plans that are in memory."""

    def __init__(self, plans: Mapping[str, Plan]) -> None:
        self._plans, self._alive, self.most = plans, list[weakref.ref[Plan]](), 0

    def __getitem__(self, name: str) -> Plan:
        plan = self._plans[name]
        gc.collect()
        self._alive = [each for each in self._alive if each() is not None]
        self._alive.append(weakref.ref(plan))
        self.most = max(self.most, len(self._alive))
        return plan

    def __iter__(self) -> Iterator[str]:
        return iter(self._plans)

    def __len__(self) -> int:
        return len(self._plans)


def test_a_page_holds_few_plans_at_once_and_says_the_same() -> None:
    plans = given(orders()).plans
    watched = Watched(packed(plans))
    assert review(Given(plans=watched)) == review(Given(plans=plans))
    assert watched.most <= 1 + len(plans) // len(ACCOUNTS)
