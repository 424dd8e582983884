"""What the plans of a run make in each account and region."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from analysis.budget import budget
from analysis.budget.subnets import RULE as SUBNET_RULE
from analysis.plan import Plan
from rollout.adapters.preflight_quotas import ADDRESSES, INTERFACES, Growth
from rollout.domain.model import Run, RunTarget
from rollout.domain.ports import Part, RunStore
from rollout.domain.progress import Progress

_SUBNET = re.compile(r"subnet-[0-9a-f]{8,17}", re.ASCII)


def growth_of(run: Run, progress: Progress, store: RunStore) -> Mapping[tuple[str, str], Growth]:
    """What the plans that are not applied yet make, by account id and region.

    Raises:
        StoreError: a plan cannot be read.
    """
    places: dict[tuple[str, str], list[RunTarget]] = {}
    for target in run.targets:
        facts = progress.facts(target.name)
        if facts is not None and not facts.is_empty and not progress.state(target.name).is_applied:
            places.setdefault((target.target.account_id, target.target.region), []).append(target)
    return {place: _growth(place, _plans(run, targets, store)) for place, targets in sorted(places.items())}


def _plans(run: Run, targets: Iterable[RunTarget], store: RunStore) -> Iterator[Plan]:
    for target in targets:
        yield Plan(json.loads(store.get(run.id, target.name, Part.PLAN_JSON)), target.name)


def _growth(place: tuple[str, str], plans: Iterable[Plan]) -> Growth:
    account, region = place
    found = budget(tuple(plans), account=account, region=region)
    rules = {row.rule: row.growth for row in found.rows if row.rule in {ADDRESSES, INTERFACES}}
    subnets = {row.scope: row.growth for row in found.rows if row.rule == SUBNET_RULE and _SUBNET.fullmatch(row.scope)}
    return Growth(rules, subnets)
