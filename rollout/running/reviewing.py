"""Plans of a run as a reviewer reads them: groups of targets that change alike, and one page of all."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from analysis.plan import Plan
from rollout.domain.errors import StoreError
from rollout.domain.model import PlanFacts
from rollout.domain.ports import Part, RunStore
from rollout.domain.progress import Progress
from rollout.review.changes import Print, TargetChanges
from rollout.review.groups import alike
from rollout.review.masking import Mask, sensitive_texts
from rollout.review.own import shared_parts
from rollout.running.in_parallel import Told

_READ_AT_ONCE = 16
"""Plans read from the store at once, which is a bucket far away for some."""


@dataclass(frozen=True)
class AlikeTargets:
    """Targets that change alike.

    Attributes:
        targets: their names, sorted.
        facts: of the first one's plan.
    """

    targets: tuple[str, ...]
    facts: PlanFacts


def planned(progress: Progress) -> Mapping[str, PlanFacts]:
    """Facts of the plans that are kept, by target, in the order of the waves."""
    found = ((name, progress.facts(name)) for name in progress.names)
    return {name: facts for name, facts in found if facts is not None}


def plans_of(store: RunStore, progress: Progress, told: Told = lambda *_: None) -> Iterator[tuple[str, Plan]]:
    """Each plan that is kept, in the order of the waves; a few are read at once, and no more are in memory.

    Args:
        store: where the run is kept.
        progress: how far it is.
        told: told how many are read, and of how many.

    Raises:
        StoreError: a plan is missing, or is not what was written.
    """
    for name, content in _contents(store, progress, told):
        yield name, Plan(_parsed(name, content), name)


class PackedPlans(Mapping[str, Plan]):
    """Plans of a fleet in little memory: the JSON of each is compressed, and read whenever it is asked for.

    Args:
        plans: JSON of each target's plan.
    """

    def __init__(self, plans: Iterable[tuple[str, bytes]]) -> None:
        self._packed = {name: zlib.compress(content, level=1) for name, content in plans}

    def __getitem__(self, name: str) -> Plan:
        return Plan(_parsed(name, zlib.decompress(self._packed[name])), name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


def packed_plans(store: RunStore, progress: Progress, told: Told = lambda *_: None) -> PackedPlans:
    """Every plan that is kept, for a page of all of them.

    Args:
        store: where the run is kept.
        progress: how far it is.
        told: told how many are read, and of how many.

    Raises:
        StoreError: a plan is missing, or is not what was written.
    """
    return PackedPlans(_contents(store, progress, told))


def groups(store: RunStore, progress: Progress, told: Told = lambda *_: None) -> tuple[AlikeTargets, ...]:
    """Targets by what changes in them; the largest group first, and those in which nothing changes last.

    Raises:
        StoreError: a plan is missing, or is not what was written.
    """
    facts = planned(progress)
    shared = shared_parts(facts)
    prints: dict[str, tuple[Print, ...]] = {}
    for name, plan in plans_of(store, progress, told):
        prints[name] = TargetChanges(name, plan, Mask(sensitive_texts(plan.document)), shared).prints
    found = [AlikeTargets(each.targets, facts[each.targets[0]]) for each in alike(prints, {})]
    for is_empty in (False, True):  # a plan without a changed resource may still change outputs
        names = sorted(name for name in prints if not prints[name] and facts[name].is_empty is is_empty)
        found += [AlikeTargets(tuple(names), facts[names[0]])] if names else []
    return tuple(found)


def _contents(store: RunStore, progress: Progress, told: Told) -> Iterator[tuple[str, bytes]]:
    names = tuple(planned(progress))
    with ThreadPoolExecutor(max_workers=_READ_AT_ONCE) as pool:
        for first in range(0, len(names), _READ_AT_ONCE):
            some = names[first : first + _READ_AT_ONCE]
            found = pool.map(lambda name: store.get(progress.run.id, name, Part.PLAN_JSON), some)
            for number, (name, content) in enumerate(zip(some, found, strict=True), start=first + 1):
                yield name, content
                told(number, len(names))


def _parsed(name: str, content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise StoreError(f"{name}: the kept plan is no JSON of a plan; plan it again")
    return document
