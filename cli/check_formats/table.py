"""Findings for people: by target and resource, the worst first, each with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.check_formats import Told
from cli.check_formats.sentences import counts, notes
from policies.finding import Finding, Status
from policies.policy import Severity

STYLES = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
}


def show(to: Console, told: Told) -> None:
    """Print the findings."""
    shown = [entry for entry in told.result.findings if entry.status is not Status.BASELINE]
    for target, in_target in groupby(shown, key=lambda entry: entry.target):
        to.print(Text(target, style="bold"), soft_wrap=True)
        for resource, found in groupby(in_target, key=lambda entry: entry.resource):
            entries = sorted(found, key=lambda entry: (entry.status is not Status.FAILED, -entry.severity.rank))
            to.print(_heading(resource, entries[0]), soft_wrap=True)
            grid = Table.grid(padding=(0, 1, 0, 0))
            grid.add_column(min_width=12)
            grid.add_column(no_wrap=True)
            grid.add_column(overflow="fold")
            for entry in entries:
                for row in _rows(entry):
                    grid.add_row(*row)
            to.print(grid)
        to.print()
    for note in notes(told.result.summary):
        to.print(Text(note, style="yellow"), soft_wrap=True)
    to.print(Text(f"{counts(told.result)}."), soft_wrap=True)


def _heading(resource: str, finding: Finding) -> Text:
    place = finding.place
    written = f"  {place.file}:{place.line}" if place is not None else ""
    return Text.assemble("  ", (resource, "bold"), (written, "dim"))


def _rows(finding: Finding) -> Iterator[tuple[Text, Text, Text]]:
    if finding.status is Status.FAILED:
        severity = Text.assemble("    ", (str(finding.severity), STYLES[finding.severity]))
        yield severity, Text(finding.id), Text(finding.message)
        yield Text(""), Text(""), Text(finding.fix, style="dim")
    elif finding.status is Status.UNKNOWN:
        yield Text("    unknown", style="magenta"), Text(finding.id), Text(finding.message)
        yield Text(""), Text(""), Text(f"{finding.title}: {finding.fix}", style="dim")
    else:
        words = f"{finding.title}: {finding.reason}"
        yield Text(f"    {finding.status}", style="dim"), Text(finding.id, style="dim"), Text(words, style="dim")
