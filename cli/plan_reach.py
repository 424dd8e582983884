"""The view of what functions reach.

JSON of a result: `pairs`, each with `function`, `origin`, `destination` (`kind`, `name`, `region`, `resource` and
`ports`), `reasons`, `verdict` (`reachable`, `unreachable` or `undecidable`), `hops` (`kind`, `address` and `note`),
`missing` and `fix`.
"""

from __future__ import annotations

from typing import Any

from analysis.reach.model import Pair, Reach
from cli.plan_diagrams import mermaid, name_of
from cli.plan_output import Result, Sheet

_COLUMNS = ("function", "needs", "verdict", "missing")


def result_of(source: str, reached: Reach) -> Result:
    """What the functions of one plan reach."""
    rows = tuple((pair.need.function.address, words(pair), pair.verdict.value, pair.missing) for pair in reached.pairs)
    sheet = Sheet("What each function needs, and whether it is reached", _COLUMNS, rows)
    diagram = mermaid([(source, reached)]) if reached.pairs else ""
    return Result((source,), reached.findings, (sheet,), {"pairs": [_pair(pair) for pair in reached.pairs]}, diagram)


def words(pair: Pair) -> str:
    """A need in a few words, such as `secretsmanager in eu-west-1 port 443`."""
    destination, origin = pair.need.destination, pair.need.origin.resource
    ports = ", ".join(str(port) for port in destination.ports)
    text = f"{name_of(destination)} port {ports}" if ports else name_of(destination)
    return text if origin is pair.need.function else f"{text} through {origin.address}"


def _pair(pair: Pair) -> dict[str, Any]:
    destination = pair.need.destination
    return {
        "function": pair.need.function.address,
        "origin": pair.need.origin.resource.address,
        "destination": {
            "kind": destination.kind.value,
            "name": destination.name,
            "region": destination.region,
            "resource": destination.resource.address if destination.resource else None,
            "ports": list(destination.ports),
        },
        "reasons": list(pair.need.reasons),
        "verdict": pair.verdict.value,
        "hops": [{"kind": hop.kind, "address": hop.address, "note": hop.note} for hop in pair.hops],
        "missing": pair.missing,
        "fix": pair.fix,
    }
