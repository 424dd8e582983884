"""What orphans prints.

JSON is stable; fields are only ever added:

    {
      "format": 1,
      "orphans": [{"target", "state", "changed_at", "resources", "run", "account_id", "moved_to", "fix"}]
    }
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from rollout.domain.orphans import Orphan

FORMAT = 1
"""Number of the JSON shape."""


def orphans_json(found: Sequence[Orphan]) -> dict[str, Any]:
    """The JSON described above."""
    return {
        "format": FORMAT,
        "orphans": [
            {
                "target": each.name,
                "state": str(each.file.place),
                "changed_at": each.file.changed_at.isoformat(),
                "resources": each.resources,
                "run": each.known.run if each.known else "",
                "account_id": each.known.target.target.account_id if each.known else "",
                "moved_to": str(each.moved_to) if each.moved_to else "",
                "fix": each.fix,
            }
            for each in found
        ],
    }


def orphans_table(found: Sequence[Orphan]) -> Table:
    """A row for each."""
    table = Table(title="States without a declared target", title_justify="left")
    table.add_column("target", overflow="fold")
    table.add_column("resources", justify="right")
    for heading in ("last written", "last run", "state"):
        table.add_column(heading, overflow="fold")
    for each in found:
        run = each.known.run if each.known else "-"
        changed = f"{each.file.changed_at:%Y-%m-%d %H:%M}"
        table.add_row(each.name, str(each.resources), changed, run, str(each.file.place))
    return table
