"""Pictures of what functions reach: Mermaid text, and SVG without any other program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from analysis.reach.model import Destination, Hop, Kind, Pair, Reach, Verdict

Found = Iterable[tuple[str, Reach]]
"""Plans by source, and what their functions reach."""

_MARKS = {Verdict.REACHABLE: "✓", Verdict.UNREACHABLE: "✗", Verdict.UNDECIDABLE: "?"}
_COLORS = {Verdict.REACHABLE: "#2da44e", Verdict.UNREACHABLE: "#cf222e", Verdict.UNDECIDABLE: "#bf8700"}
_BOX, _GAP, _HEIGHT, _PAD, _LINE = 240, 36, 44, 12, 16
_LONGEST = 34


def mermaid(found: Found) -> str:
    """A flowchart of every function, its hops and what it needs; what is not reached is red, with the missing hop."""
    lines = ["flowchart LR"]
    for number, (source, reached) in enumerate(found):
        lines.append(f'  subgraph p{number}["{_label(source)}"]')
        chart = _Chart(f"p{number}")
        for pair in reached.pairs:
            chart.add(pair)
        lines += [f"    {line}" for line in chart.lines] or [f'    p{number}none["no function needs anything"]']
        lines.append("  end")
    for verdict in (Verdict.UNREACHABLE, Verdict.UNDECIDABLE):
        lines.append(f"  classDef {verdict.value} stroke:{_COLORS[verdict]},stroke-width:2px,stroke-dasharray:4")
    return "\n".join(lines) + "\n"


class _Chart:
    """Nodes and edges of one plan, each once."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._nodes: dict[tuple[str, ...], str] = {}
        self._edges: set[str] = set()
        self.lines: list[str] = []

    def add(self, pair: Pair) -> None:
        """Add the path of a pair."""
        destination = name_of(pair.need.destination)
        here = self._node(("function", pair.need.function.address), f'(["{_label(pair.need.function.address)}"])')
        for hop in hops_of(pair):
            there = self._node(("hop", hop.kind, hop.address, hop.note), f'["{_label(_words(hop))}"]')
            self._edge(f"{here} --> {there}")
            here = there
        mark = "" if pair.verdict is Verdict.REACHABLE else f":::{pair.verdict.value}"
        end = self._node(("destination", destination, pair.verdict.value), f'[["{_label(destination)}"]]{mark}')
        if pair.verdict is Verdict.REACHABLE:
            self._edge(f"{here} --> {end}")
        else:
            self._edge(f'{here} -. "{_MARKS[pair.verdict]} {_label(pair.missing)}" .-> {end}')

    def _node(self, key: tuple[str, ...], shape: str) -> str:
        if key not in self._nodes:
            self._nodes[key] = f"{self._prefix}n{len(self._nodes)}"
            self.lines.append(f"{self._nodes[key]}{shape}")
        return self._nodes[key]

    def _edge(self, line: str) -> None:
        if line not in self._edges:
            self._edges.add(line)
            self.lines.append(line)


def svg(found: Found) -> str:
    """A line for each pair: the function, its hops, and what it needs, with a mark and the missing hop."""
    shapes: list[str] = []
    top, width = _PAD, _BOX + 2 * _PAD
    for source, reached in found:
        shapes.append(_text(_PAD, top + _LINE, source, "bold"))
        top += 2 * _LINE
        for pair in reached.pairs:
            shapes += _row(pair, top)
            boxes = len(hops_of(pair)) + 2
            width = max(width, 2 * _PAD + boxes * _BOX + (boxes - 1) * _GAP)
            top += _HEIGHT + (_PAD if pair.verdict is Verdict.REACHABLE else _PAD + 2 * _LINE)
        if not reached.pairs:
            shapes.append(_text(_PAD, top + _LINE, "no function needs anything", ""))
            top += 2 * _LINE
        top += _PAD
    return _document(width, top, shapes)


def _row(pair: Pair, top: int) -> list[str]:
    color = _COLORS[pair.verdict]
    boxes = [
        ("function", pair.need.function.address),
        *((hop.kind, hop.address or hop.note) for hop in hops_of(pair)),
        (f"{_MARKS[pair.verdict]} {pair.verdict.value}", name_of(pair.need.destination)),
    ]
    shapes: list[str] = []
    for index, (head, body) in enumerate(boxes):
        left, last = _PAD + index * (_BOX + _GAP), index == len(boxes) - 1
        if index:
            dash = ' stroke-dasharray="4"' if last and pair.verdict is not Verdict.REACHABLE else ""
            middle = top + _HEIGHT // 2
            stroke = color if last else "#8c959f"
            shapes.append(
                f'<path d="M{left - _GAP + 4} {middle}H{left - 4}m-6 -4l6 4l-6 4" fill="none" stroke="{stroke}"{dash}/>'
            )
        border = color if last else "#8c959f"
        shapes += _box(left, top, border, (head, body))
    if pair.verdict is not Verdict.REACHABLE:
        shapes.append(_text(_PAD, top + _HEIGHT + _LINE, f"missing: {pair.missing}", "small", color))
    return shapes


def _box(left: int, top: int, border: str, words: Sequence[str]) -> list[str]:
    return [
        f"<g><title>{escape(': '.join(words))}</title>",
        f'<rect x="{left}" y="{top}" width="{_BOX}" height="{_HEIGHT}" rx="6" fill="none" stroke="{border}"/>',
        _text(left + 8, top + 17, _short(words[0]), "small"),
        _text(left + 8, top + 35, _short(words[1]), ""),
        "</g>",
    ]


def _document(width: int, height: int, shapes: Sequence[str]) -> str:
    style = (
        "text{font:13px system-ui,sans-serif;fill:#57606a}.bold{font-weight:600}.small{font-size:11px}"
        "@media(prefers-color-scheme:dark){text{fill:#c9d1d9}}"
    )
    body = "\n".join(shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="What functions reach">\n<style>{style}</style>\n{body}\n</svg>\n'
    )


def _text(left: int, baseline: int, words: str, kind: str, color: str = "") -> str:
    fill = f' style="fill:{color}"' if color else ""
    return f'<text x="{left}" y="{baseline}" class="{kind}"{fill}>{escape(words)}</text>'


def hops_of(pair: Pair) -> tuple[Hop, ...]:
    """The path of a pair; it begins with whose interfaces are meant, such as a proxy's, where they are not its own."""
    origin = pair.need.origin.resource
    if origin is pair.need.function:
        return pair.hops
    return (Hop("through", origin.address), *pair.hops)


def name_of(destination: Destination) -> str:
    """A destination's name, such as `secretsmanager in eu-west-1`."""
    name = destination.name or ("the internet" if destination.kind is Kind.INTERNET else str(destination.kind))
    return f"{name} in {destination.region}" if destination.region else name


def _words(hop: Hop) -> str:
    return ": ".join(part for part in (hop.kind, hop.address or hop.note) if part)


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def _label(words: str) -> str:
    """Text in which Mermaid finds no syntax."""
    line = " ".join(words.split())
    return "".join(f"#{ord(mark)};" if mark in '"#<>&`\\;' else mark for mark in line)
