"""What preflight prints.

JSON is stable; fields are only ever added:

    {
      "format": 1,
      "store": {"verdict": "ok|warning|problem", "told": "…"},
      "targets": [{"target": "…", "checks": [{"check": "plan role", "verdict": "ok|warning|problem", "told": "…"}]}]
    }
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from rollout.domain.naming import named, said_once
from rollout.domain.preflight import Checked, Verdict

FORMAT = 1
"""Number of the JSON shape."""

_STYLES = {Verdict.HOLDS: "green", Verdict.WARNS: "yellow", Verdict.FAILS: "red"}
_WORST = (Verdict.FAILS, Verdict.WARNS, Verdict.HOLDS)
_FIRST = {
    "plan role": "plan role",
    "apply role": "apply role",
    "region": "region",
    "state": "state",
    "state lock": "lock",
}
"""Checks that have a column of their own, and what it is called; the others stand together."""

_MOST_ROWS = 10
"""More targets than these of which each check said the same have one row together."""

_REST = "quotas"


def preflight_json(store: Checked, checks: Sequence[Checked]) -> dict[str, Any]:
    """The JSON described above."""
    return {
        "format": FORMAT,
        "store": {"verdict": str(store.verdict), "told": store.told},
        "targets": [
            {
                "target": target,
                "checks": [{"check": each.check, "verdict": str(each.verdict), "told": each.told} for each in own],
            }
            for target, own in _by_target(checks).items()
        ],
    }


def preflight_table(checks: Sequence[Checked]) -> Table:
    """What came of each check: a row for each target, or for many of which the same came."""
    table = Table(title="Preflight", title_justify="left")
    table.add_column("target", overflow="fold")
    for heading in (*_FIRST.values(), _REST):
        table.add_column(heading, no_wrap=True)
    rows: dict[tuple[Verdict | None, ...], list[str]] = {}
    for target, own in _by_target(checks).items():
        told = {heading: [each for each in own if _column(each) == heading] for heading in (*_FIRST.values(), _REST)}
        rows.setdefault(tuple(map(_worst, told.values())), []).append(target)
    for verdicts, targets in rows.items():
        for name in targets if len(targets) <= _MOST_ROWS else (f"{len(targets):,} targets: {named(targets)}",):
            table.add_row(name, *map(_shown, verdicts))
    return table


def sentences(checks: Sequence[Checked], verdict: Verdict) -> tuple[str, ...]:
    """What was said with a verdict, each once: what holds for an account is said by all its targets."""
    return said_once(each.told for each in checks if each.verdict is verdict)


def _by_target(checks: Sequence[Checked]) -> dict[str, list[Checked]]:
    found: dict[str, list[Checked]] = {}
    for each in checks:
        found.setdefault(each.target, []).append(each)
    return found


def _column(check: Checked) -> str:
    return _FIRST.get(check.check, _REST)


def _worst(checks: Sequence[Checked]) -> Verdict | None:
    """The worst verdict; None where nothing was looked at."""
    verdicts = {each.verdict for each in checks}
    return next((verdict for verdict in _WORST if verdict in verdicts), None)


def _shown(verdict: Verdict | None) -> Text:
    return Text("-", "dim") if verdict is None else Text(str(verdict), _STYLES[verdict])
