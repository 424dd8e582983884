"""Budgets of plans that have anything in common, a few plans at a time."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping

import networkx as nx

from analysis.budget import Budget, Row, budget
from analysis.budget.limits import KINDS
from analysis.budget.places import Places
from analysis.plan import Plan
from analysis.quotas import QuotaSnapshot

_ID = re.compile(r"(?<![\w-])[a-z]+-[0-9a-f]{8,17}(?![\w-])", re.ASCII)
"""Ids of VPCs, subnets, groups and the like, by which budgets follow what one plan makes into another."""


class Together:
    """Which plans have an account, or a resource known by its id, in common."""

    def __init__(self) -> None:
        self._graph: nx.Graph[tuple[str, str]] = nx.Graph()
        self._sources: Counter[str] = Counter()

    def add(self, target: str, plan: Plan) -> None:
        """A target's plan, which is not kept."""
        self._graph.add_node(("target", target))
        self._sources[plan.source] += 1
        places = Places(plan, plan.source)
        accounts = {places.of(resource).account for resource in (*plan.of(), *plan.before)} - {""}
        for shared in accounts.union(_ID.findall(json.dumps(plan.document))):
            self._graph.add_edge(("target", target), ("shared", shared))

    @property
    def groups(self) -> Iterator[tuple[str, ...]]:
        """Targets that have something in common; all of them where plans cannot be told apart by their source."""
        targets = sorted(name for kind, name in self._graph if kind == "target")
        if self._sources[""] or any(count > 1 for count in self._sources.values()):
            yield tuple(targets)
            return
        parts = nx.connected_components(self._graph)
        yield from sorted(tuple(sorted(name for kind, name in part if kind == "target")) for part in parts)


def budget_of(plans: Mapping[str, Plan], together: Together, quotas: Mapping[tuple[str, str], QuotaSnapshot]) -> Budget:
    """The budget of all plans, of which those that have nothing in common are not in memory at once.

    Args:
        plans: plan of each target.
        together: which have something in common.
        quotas: snapshots by account id and region.
    """
    found: list[Row] = []
    for group in together.groups:
        found += budget([plans[target] for target in group], quotas, is_named=len(plans) > 1).rows
    order = {rule: number for number, rule in enumerate(KINDS)}
    return Budget(tuple(sorted(found, key=lambda row: (order[row.rule], row.scope))), ())
