"""The page, put together from plans and findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.cost import Prices, Usage
from analysis.forecast import Forecast, forecast
from analysis.plan import Plan
from analysis.quotas import QuotaSnapshot
from rollout.review.budgets import budget_rows
from rollout.review.changes import KeptChanges, TargetChanges
from rollout.review.costing import TargetCost, cost_of, costs_of, total_of
from rollout.review.groups import alike, groups_of
from rollout.review.losing import forecast_section, losses_of
from rollout.review.masking import Mask, sensitive_texts
from rollout.review.model import Amounts, Review
from rollout.review.own import shared_parts
from rollout.review.policies import policies_section
from rollout.review.reaching import Pairs, pairs_before, pairs_of, reach_section
from rollout.review.together import Together, budget_of

_BASE = "the plans of the base branch"
_STATE = "the state before the plans"


@dataclass(frozen=True)
class Given:
    """What a page is made of.

    Attributes:
        plans: plan of each target; each is asked for a few times, and not kept between.
        base: plan of each target on the base branch; None where there are none, and the state before is the base.
        check: what `lambdanet check --format json` wrote; None where there is none.
        base_check: the same of the base branch.
        quotas: quota snapshots by account and region.
        prices: price tables; None for a page without costs.
        usage: declared usage.
        title: heading.
    """

    plans: Mapping[str, Plan]
    base: Mapping[str, Plan] | None = None
    check: Any | None = None
    base_check: Any | None = None
    quotas: Mapping[tuple[str, str], QuotaSnapshot] = field(default_factory=dict)
    prices: Prices | None = None
    usage: Usage = field(default_factory=Usage)
    title: str = "What this change does"


@dataclass(frozen=True)
class _Target:
    """All that is found out about one target."""

    changes: KeptChanges
    base: KeptChanges | None
    forecast: Forecast
    base_forecast: Forecast | None
    reach: Pairs
    reach_before: Pairs
    cost: TargetCost | None


def review(given: Given, progress: Callable[[int, int], None] | None = None) -> Review:
    """Make the page.

    Args:
        given: plans and findings.
        progress: told how many targets are judged, and of how many.

    Raises:
        PlanInputError: the findings of the policies are none.
    """
    texts: dict[str, frozenset[str]] = {}
    masks: dict[str, Mask] = {}
    together, base_together = Together(), Together()
    shared = shared_parts(given.plans)
    tell = progress or _silent
    judged: dict[str, _Target] = {}
    for number, target in enumerate(sorted(given.plans)):
        tell(number, len(given.plans))
        plan, base = given.plans[target], (given.base or {}).get(target)
        texts[target] = sensitive_texts(plan.document) | (sensitive_texts(base.document) if base else frozenset())
        masks[target] = Mask(texts[target])
        together.add(target, plan)
        judged[target] = _judged(given, target, (plan, base), masks[target], shared)
    tell(len(given.plans), len(given.plans))
    for target, base in (given.base or {}).items():
        base_together.add(target, base)
    left = (sensitive_texts(plan.document) for name, plan in (given.base or {}).items() if name not in given.plans)
    mask = Mask(frozenset().union(*texts.values(), *left))
    policies = None if given.check is None else policies_section(given.check, given.base_check, mask)
    changes = {target: entry.changes for target, entry in judged.items()}
    forecasts = {target: entry.forecast for target, entry in judged.items()}
    base_forecasts = {target: entry.base_forecast for target, entry in judged.items() if entry.base_forecast}
    losses = losses_of(changes, forecasts, masks)
    base_prints = {target: entry.base.prints for target, entry in judged.items() if entry.base}
    return Review(
        title=given.title,
        targets=tuple(judged),
        groups=groups_of(
            alike({target: entry.prints for target, entry in changes.items()}, base_prints),
            lambda target: TargetChanges(target, given.plans[target], masks[target], shared),
            lambda names: _total(judged[name].cost for name in names),
        ),
        losses=losses,
        policies=policies,
        reach=reach_section(
            {target: entry.reach for target, entry in judged.items()},
            {target: entry.reach_before for target, entry in judged.items()},
            masks,
        ),
        budget=budget_rows(
            budget_of(given.plans, together, given.quotas),
            None if given.base is None else budget_of(given.base, base_together, given.quotas),
            mask,
        ),
        costs=costs_of(entry.cost for entry in judged.values() if entry.cost) if given.prices else None,
        forecast=forecast_section(forecasts, base_forecasts, masks, losses),
        longest_wait_minutes=max((entry.longest_wait_minutes for entry in forecasts.values()), default=0),
        base=_STATE if given.base is None else _BASE,
    )


def _judged(given: Given, target: str, plans: tuple[Plan, Plan | None], mask: Mask, shared: frozenset[str]) -> _Target:
    plan, base = plans
    before = pairs_before(plan) if given.base is None else pairs_of(base) if base else {}
    return _Target(
        changes=TargetChanges(target, plan, mask, shared).kept,
        base=TargetChanges(target, base, mask, shared).kept if base else None,
        forecast=forecast(plan),
        base_forecast=forecast(base) if base else None,
        reach=pairs_of(plan),
        reach_before=before,
        cost=cost_of(plan, base, given.usage, given.prices) if given.prices else None,
    )


def _total(costs: Iterable[TargetCost | None]) -> Amounts | None:
    known = [entry.total for entry in costs if entry is not None]
    return total_of(known) if known else None


def _silent(done: int, total: int) -> None:
    """Nobody wants to know."""
