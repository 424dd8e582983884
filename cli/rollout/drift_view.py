"""What drift prints.

JSON is stable; fields are only ever added:

    {
      "format": 1,
      "targets": [{
        "target": "…", "verdict": "drifted|as applied|not applied yet|not known", "problem": "…",
        "resources": [{"address": "…", "kind": "changed|deleted",
                       "attributes": [{"path": "…", "in_state": "…", "found": "…"}]}]
      }]
    }
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table
from rich.text import Text

from rollout.domain.drift import DriftKind, TargetDrift
from rollout.domain.naming import named

FORMAT = 1
"""Number of the JSON shape."""

_SHOWN_CHARACTERS, _MOST_ROWS = 60, 200


def drift_json(found: Sequence[TargetDrift]) -> dict[str, Any]:
    """The JSON described above."""
    return {
        "format": FORMAT,
        "targets": [
            {
                "target": each.target,
                "verdict": each.verdict,
                "problem": each.problem,
                "resources": [asdict(resource) for resource in each.resources],
            }
            for each in found
        ],
    }


def drift_table(found: Sequence[TargetDrift]) -> Table:
    """A row for each attribute that differs, and each resource that is gone; one for all targets where it is alike."""
    table = Table(title="Drift", title_justify="left")
    for heading in ("target", "resource", "attribute", "in the state", "found"):
        table.add_column(heading, overflow="fold")
    rows: dict[tuple[str, ...], list[str]] = {}
    for target in found:
        for resource in target.resources:
            if not resource.attributes:
                rows.setdefault((resource.address, str(resource.kind)), []).append(target.target)
            for attribute in resource.attributes:
                cells = (resource.address, attribute.path, _short(attribute.in_state), _short(attribute.found))
                rows.setdefault(cells, []).append(target.target)
    shown = list(rows.items())[:_MOST_ROWS]
    for (address, *rest), targets in shown:
        which = targets[0] if len(targets) == 1 else f"{len(targets):,} targets: {named(targets)}"
        if rest == [str(DriftKind.DELETED)]:
            table.add_row(Text(which), Text(address), Text(rest[0], "red"), "", "")
        else:
            table.add_row(*map(Text, (which, address, *rest)))
    if len(rows) > len(shown):
        table.caption = f"and {len(rows) - len(shown):,} more differences; --format json has all of them"
    return table


def drift_sentence(found: Sequence[TargetDrift]) -> str:
    """How many targets came to which end."""
    counts = Counter(each.verdict for each in found)
    return ", ".join(f"{count:,} {verdict}" for verdict, count in sorted(counts.items())) or "no targets"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[: _SHOWN_CHARACTERS - 1]}…"
