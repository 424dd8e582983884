"""Which VPC each subnet and security group lies in, over all plans together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import networkx as nx

from analysis.budget.claims import Scope
from analysis.budget.places import Place
from analysis.budget.states import After, Before, State
from analysis.budget.view import GROUPS, SUBNETS, VPCS, View

_MEMBERS = (*SUBNETS, *GROUPS)


class Networks:
    """VPCs by what lies in them.

    What is attached together lies in one VPC, so that a subnet known by its id alone is told from its neighbours.

    Args:
        views: the plans.
    """

    def __init__(self, views: Sequence[View]) -> None:
        self._graph: nx.Graph[str] = nx.Graph()
        self._vpc: dict[str, str] = {}
        self._is_vpc: set[str] = set()
        self._labels = views[0].labels if views else {}
        self._found: dict[str, str] = {}
        for view in views:
            for state in (After(view), Before(view)):
                self._read(state)

    def join(self, keys: Iterable[str]) -> None:
        """Say that subnets and groups are attached to one thing."""
        nx.add_path(self._graph, tuple(keys))
        self._found.clear()

    def vpc_of(self, keys: Sequence[str]) -> str:
        """The VPC that these lie in; where it is not known, the first of the keys they are attached with."""
        direct = next((self._vpc[key] for key in keys if key in self._vpc), "")
        return direct or next((self._component(key) for key in keys), "")

    def scope(self, keys: Sequence[str], place: Place, *, vpc: str = "", address: str = "") -> Scope:
        """The VPC as a scope; that of the resource itself where nothing is known of it."""
        found = vpc or self.vpc_of(keys)
        if not found:
            return Scope(f"vpc of {address}", f"the VPC of {address}", place)
        label = self._labels.get(found, found)
        known = found in self._is_vpc or found.startswith("vpc-")
        return Scope(f"vpc {found}", label if known else f"the VPC of {label}", place)

    def name(self, key: str) -> str:
        """How a key stands in sentences."""
        return self._labels.get(key, key)

    def _read(self, state: State) -> None:
        self._is_vpc.update(map(state.key, state.of(*VPCS)))
        members = [*state.of(*_MEMBERS)]
        if isinstance(state, After):
            members += state.view.plan.of("aws_subnet", "aws_security_group", mode="data")
            self._is_vpc.update(map(state.key, state.view.plan.of("aws_vpc", mode="data")))
        for member in members:
            key, vpc = state.key(member), state.keys(member, "vpc_id", *VPCS).first
            if vpc:
                self._vpc.setdefault(key, vpc)
                self._is_vpc.add(vpc)
                self._graph.add_edge(key, vpc)

    def _component(self, key: str) -> str:
        if key not in self._found:
            members = nx.node_connected_component(self._graph, key) if key in self._graph else {key}
            vpcs = sorted(members & self._is_vpc)
            self._found.update(dict.fromkeys(members, vpcs[0] if vpcs else min(members)))
        return self._found[key]
