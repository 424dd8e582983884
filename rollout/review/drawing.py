"""A picture of what a group of targets changes: each resource left of what it refers to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import networkx as nx

from rollout.review.escaping import one_line, shortened
from rollout.review.mermaid import most_of
from rollout.review.model import Group, ResourceChange
from rollout.review.wording import SIGNS, counted

_WIDTH, _HEIGHT, _GAP, _ROW_GAP, _PAD = 284, 46, 44, 12, 6
_LONGEST = 34
_FEWEST_COLUMNS, _MOST_COLUMNS = 3, 6
_MOST = 36

_Column = Sequence[ResourceChange]
_Corner = tuple[int, int]


def draw(group: Group, label: str, most: int = _MOST) -> str:
    """An SVG, whose colors and fonts are those of the page around it.

    Args:
        group: whose changes are drawn.
        label: what the picture shows, for who cannot see it.
        most: how many resources are drawn; the rest is counted.
    """
    shown, rest = most_of([group], most)
    by_address = {change.address: change for change in shown}
    edges = [(change.address, target) for change in shown for target in change.refers_to if target in by_address]
    columns = _columns(by_address, edges)
    corners = _corners(columns)
    below = max((top for _, top in corners.values()), default=-_HEIGHT - _ROW_GAP) + _HEIGHT + _ROW_GAP
    joined = {address for edge in edges for address in edge}
    lone = [change for change in shown if change.address not in joined]
    width = max(len(columns), min(_FEWEST_COLUMNS, len(lone)), 1)
    for number, change in enumerate(lone):
        corners[change.address] = _corner(number % width, below, number // width)
    shapes = [_edge(corners[source], corners[target]) for source, target in edges]
    shapes += [_box(change, corners[change.address]) for change in shown]
    bottom = max((top for _, top in corners.values()), default=0) + _HEIGHT + _PAD
    if rest:
        bottom += 24
        shapes.append(f'<text x="{_PAD}" y="{bottom - 8}">and {counted(len(rest), "more resource")}</text>')
    right = max((left for left, _ in corners.values()), default=0) + _WIDTH + _PAD
    return (
        f'<svg viewBox="0 0 {right} {bottom}" width="{right}" height="{bottom}" role="img" '
        f'aria-label="{escape(label)}">{"".join(shapes)}</svg>'
    )


def _columns(changes: Mapping[str, ResourceChange], edges: Sequence[tuple[str, str]]) -> list[_Column]:
    """Resources by how many references lead to them in a row; what names each other in a circle stands together."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from(edges)
    condensed = nx.condensation(graph)
    members = condensed.nodes(data="members")
    names = {node: sorted(addresses) for node, addresses in members}
    found: list[list[str]] = []
    for number, generation in enumerate(nx.topological_generations(condensed)):
        addresses = sorted(address for node in generation for address in names[node])
        if number < _MOST_COLUMNS:
            found.append(addresses)
        else:
            found[-1] += addresses
    places: dict[str, float] = {}
    for column in found:
        column.sort(key=lambda address: (_middle(graph, address, places), address))
        places.update({address: float(place) for place, address in enumerate(column)})
    return [[changes[address] for address in column] for column in found]


def _middle(graph: nx.DiGraph[str], address: str, places: Mapping[str, float]) -> float:
    """Where those stand that refer to it, so that lines cross less."""
    known = [places[source] for source in graph.predecessors(address) if source in places]
    return sum(known) / len(known) if known else 0.0


def _corners(columns: Sequence[_Column]) -> dict[str, _Corner]:
    return {
        change.address: _corner(index, 0, row)
        for index, column in enumerate(columns)
        for row, change in enumerate(column)
    }


def _corner(column: int, top: int, row: int) -> _Corner:
    return _PAD + column * (_WIDTH + _GAP), max(top, _PAD) + row * (_HEIGHT + _ROW_GAP)


def _box(change: ResourceChange, corner: _Corner) -> str:
    left, top = corner
    name = one_line(change.address).replace(f"{change.type}.", "", 1)
    told = f"{change.address}: {change.action}"
    return (
        f'<g class="node {change.action}"><title>{escape(one_line(told))}</title>'
        f'<rect x="{left}" y="{top}" width="{_WIDTH}" height="{_HEIGHT}" rx="7"/>'
        f'<text x="{left + 14}" y="{top + 29}" class="sign">{SIGNS[change.action]}</text>'
        f'<text x="{left + 34}" y="{top + 19}" class="type">{escape(shortened(change.type, _LONGEST))}</text>'
        f'<text x="{left + 34}" y="{top + 37}">{escape(shortened(name, _LONGEST - 3))}</text></g>'
    )


def _edge(source: _Corner, target: _Corner) -> str:
    begin, end = source[0] + _WIDTH, target[0]
    first, last = source[1] + _HEIGHT // 2, target[1] + _HEIGHT // 2
    if end <= begin:  # in the same column or before it: a bow to the right of both
        end = target[0] + _WIDTH
        bow = max(begin, end) + _GAP
        return f'<path class="edge" d="M{begin} {first}C{bow} {first} {bow} {last} {end} {last}"/>'
    middle = (begin + end) // 2
    arrow = f"M{end - 7} {last - 4}L{end - 1} {last}L{end - 7} {last + 4}"
    return f'<path class="edge" d="M{begin} {first}C{middle} {first} {middle} {last} {end - 1} {last}{arrow}"/>'
