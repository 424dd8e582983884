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
_LANE, _LANE_HEIGHT = "\x00", 6

_Corner = tuple[int, int]
_Segment = tuple[str, str]


def draw(group: Group, label: str, most: int = _MOST) -> str:
    """An SVG, whose colors and fonts are those of the page around it.

    Args:
        group: whose changes are drawn.
        label: what the picture shows, for who cannot see it.
        most: how many resources are drawn; the rest is counted.
    """
    shown, rest = most_of([group], most)
    drawn = {change.address for change in shown}
    layers = _Layers([(change.address, target) for change in shown for target in change.refers_to if target in drawn])
    corners, below = layers.corners()
    lone = [change.address for change in shown if change.address not in corners]
    width = max(len(layers.columns), min(_FEWEST_COLUMNS, len(lone)), 1)
    for number, address in enumerate(lone):
        corners[address] = (_left(number % width), below + number // width * (_HEIGHT + _ROW_GAP))
    shapes = [_edge(corners, source, target) for source, target in layers.segments]
    shapes += [_box(change, corners[change.address]) for change in shown]
    bottom = max((corners[change.address][1] for change in shown), default=0) + _HEIGHT + _PAD
    bottom = max(bottom, below)
    if rest:
        bottom += 24
        shapes.append(f'<text x="{_PAD}" y="{bottom - 8}">and {counted(len(rest), "more resource")}</text>')
    right = max((left for left, _ in corners.values()), default=0) + _WIDTH + _PAD
    return (
        f'<svg viewBox="0 0 {right} {bottom}" width="{right}" height="{bottom}" role="img" '
        f'aria-label="{escape(label)}">{"".join(shapes)}</svg>'
    )


class _Layers:
    """Resources in columns, each left of what it refers to.

    A reference over several columns gets a lane in each between, which all references to the same resource share, so
    that no line runs behind a resource that it does not concern.

    Args:
        edges: addresses of what refers, and of what is referred to.
    """

    def __init__(self, edges: Sequence[_Segment]) -> None:
        self.columns = _generations(edges)
        layer = {address: number for number, column in enumerate(self.columns) for address in column}
        segments = dict[_Segment, None]()
        for source, target in edges:
            last = source
            for number in range(layer[source] + 1, layer[target]):
                lane = f"{_LANE}{number} {target}"
                if lane not in self.columns[number]:
                    self.columns[number].append(lane)
                segments[last, lane] = None
                last = lane
            segments[last, target] = None
        self.segments = tuple(segments)
        self._order()

    def corners(self) -> tuple[dict[str, _Corner], int]:
        """The upper left corner of each box and lane, and where the lowest column ends."""
        found: dict[str, _Corner] = {}
        below = _PAD
        for number, column in enumerate(self.columns):
            top = _PAD
            for name in column:
                found[name] = (_left(number), top)
                top += _height(name) + _ROW_GAP
            below = max(below, top)
        return found, below

    def _order(self) -> None:
        """Put each where those stand that refer to it, so that lines cross less."""
        sources: dict[str, list[str]] = {}
        for source, target in self.segments:
            sources.setdefault(target, []).append(source)
        places = {name: 0.0 for column in self.columns for name in column}  # a circle refers to its own column
        for column in self.columns:
            middles = {name: _mean([places[source] for source in sources.get(name, ())]) for name in column}
            column[:] = [name for _, name in sorted((middle, name) for name, middle in middles.items())]
            places.update({name: float(place) for place, name in enumerate(column)})


def _generations(edges: Sequence[_Segment]) -> list[list[str]]:
    """Resources by how many references lead to them in a row; what names each other in a circle stands together."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edges_from(edges)
    condensed = nx.condensation(graph)
    names = {node: sorted(addresses) for node, addresses in condensed.nodes(data="members")}
    found: list[list[str]] = []
    for number, generation in enumerate(nx.topological_generations(condensed)):
        addresses = sorted(address for node in generation for address in names[node])
        if number < _MOST_COLUMNS:
            found.append(addresses)
        else:
            found[-1] += addresses
    return found


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0


def _left(column: int) -> int:
    return _PAD + column * (_WIDTH + _GAP)


def _height(name: str) -> int:
    return _LANE_HEIGHT if name.startswith(_LANE) else _HEIGHT


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


def _edge(corners: Mapping[str, _Corner], source: str, target: str) -> str:
    begin, end = corners[source][0] + _WIDTH, corners[target][0]
    first, last = (corners[name][1] + _height(name) // 2 for name in (source, target))
    if end <= begin:  # in the same column or before it: a bow to the right of both
        end += _WIDTH
        bow = max(begin, end) + _GAP
        return f'<path class="edge" d="M{begin} {first}C{bow} {first} {bow} {last} {end} {last}"/>'
    middle = (begin + end) // 2
    curve = f"M{begin} {first}C{middle} {first} {middle} {last} {end} {last}"
    if target.startswith(_LANE):
        return f'<path class="edge" d="{curve}H{end + _WIDTH}"/>'
    return f'<path class="edge" d="{curve}M{end - 7} {last - 4}L{end - 1} {last}L{end - 7} {last + 4}"/>'
