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

from rollout.domain.drift import TargetDrift

FORMAT = 1
"""Number of the JSON shape."""

_SHOWN_CHARACTERS = 60


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
    """A row for each attribute that differs, and each resource that is gone."""
    table = Table(title="Drift", title_justify="left")
    for heading in ("target", "resource", "attribute", "in the state", "found"):
        table.add_column(heading, overflow="fold")
    for target in found:
        for resource in target.resources:
            if not resource.attributes:
                table.add_row(target.target, Text(resource.address), Text(str(resource.kind), "red"), "", "")
            for attribute in resource.attributes:
                cells = (resource.address, attribute.path, _short(attribute.in_state), _short(attribute.found))
                table.add_row(target.target, *map(Text, cells))
    return table


def drift_sentence(found: Sequence[TargetDrift]) -> str:
    """How many targets came to which end."""
    counts = Counter(each.verdict for each in found)
    return ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items())) or "no targets"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[: _SHOWN_CHARACTERS - 1]}…"
