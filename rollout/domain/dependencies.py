"""What targets build on: stacks of the same environment, account and region that are applied before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from modules.core.errors import Problem
from modules.core.target import Target
from rollout.domain.selectors import listed
from rollout.domain.settings import StackOrder

if TYPE_CHECKING:
    import networkx as nx


class StackOrders:
    """The order of stacks, as the settings give it.

    Args:
        orders: what each stack builds on.
        stacks: stacks that have a target.
    """

    def __init__(self, orders: Mapping[str, StackOrder], stacks: Sequence[str]) -> None:
        self._orders, self._stacks = orders, tuple(stacks)

    def problems(self) -> Iterator[Problem]:
        """Stacks that no target has, and stacks that wait for each other."""
        allowed = f"no target has that stack; there are {listed(self._stacks)}"
        for stack, order in self._orders.items():
            if stack not in self._stacks:
                yield Problem("", f'stacks names "{stack}"', allowed, "correct it, or remove it")
            for index, before in enumerate(order.after):
                if before not in self._stacks:
                    yield Problem("", f'stacks.{stack}.after[{index}] is "{before}"', allowed, "correct it")
        for circle in self._circles:
            given = f"stacks wait for each other: {' after '.join((*circle, circle[0]))}"
            yield Problem("", given, "one of them is applied first", "remove one of their after")

    def before(self, targets: Sequence[Target]) -> Mapping[str, tuple[str, ...]]:
        """Names of the targets that each target builds on, by name; a stack that has no target there is left out."""
        names = {_place(target, target.stack): target.name for target in targets}
        return {
            target.name: tuple(
                names[place]
                for place in (_place(target, stack) for stack in self._after(target.stack))
                if place in names
            )
            for target in targets
        }

    @cached_property
    def depths(self) -> Mapping[str, int]:
        """How many stacks go before each, one after the other: 0 for those that build on nothing.

        The stacks do not wait for each other in a circle.
        """
        if not self._orders:
            return dict.fromkeys(self._stacks, 0)
        from networkx import topological_sort  # noqa: PLC0415  # a tenth of a second, for those who order stacks only

        depths: dict[str, int] = {}
        for stack in topological_sort(self._graph):
            depths[stack] = max((depths[before] + 1 for before in self._graph.predecessors(stack)), default=0)
        return depths

    @cached_property
    def _graph(self) -> nx.DiGraph[str]:
        from networkx import DiGraph  # noqa: PLC0415  # see above

        graph: nx.DiGraph[str] = DiGraph()
        graph.add_nodes_from(self._stacks)
        graph.add_edges_from((before, stack) for stack, order in self._orders.items() for before in order.after)
        return graph

    @cached_property
    def _circles(self) -> tuple[tuple[str, ...], ...]:
        """One circle of each set of stacks that wait for each other, beginning with its first by name."""
        if not self._orders:
            return ()
        from networkx import find_cycle, strongly_connected_components  # noqa: PLC0415  # see above

        found = []
        for component in strongly_connected_components(self._graph):
            start = min(component)
            if len(component) > 1 or self._graph.has_edge(start, start):
                edges = find_cycle(self._graph.subgraph(component), start, orientation="reverse")
                found.append(_turned([stack for _, stack, _ in edges]))
        return tuple(sorted(found))

    def _after(self, stack: str) -> tuple[str, ...]:
        order = self._orders.get(stack)
        return tuple(dict.fromkeys(order.after)) if order else ()


def _turned(circle: Sequence[str]) -> tuple[str, ...]:
    first = circle.index(min(circle))
    return (*circle[first:], *circle[:first])


def _place(target: Target, stack: str) -> tuple[str, str, str, str]:
    return target.env, target.account, target.region, stack
