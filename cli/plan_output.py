"""What the calculators over plans print: one shape for tables, JSON and Markdown, and one rule for exit codes.

JSON is stable; fields are only ever added:

    {
      "format": 1,
      "command": "reach",
      "summary": {"error": 1, "warning": 0, "undecidable": 0},
      "results": [
        {
          "sources": ["plan.json"],
          "findings": [{"rule", "level", "address", "missing", "message", "fix"}, …],
          …                                   what the calculator found, see the module of its view
        }
      ]
    }

`reach`, `cost` and `forecast` have a result for each plan; `budget` has one for all, as plans share their quotas.
Amounts and quantities with fractions are text, so that no digit is lost.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.finding import Finding, Level
from cli.terminal import console
from modules.core.errors import PlanInputError

FORMAT = 1
"""Number of the JSON shape."""

_PLAIN_WIDTH = 160
_FOUND = 1
_STYLES: dict[str, str] = {Level.ERROR: "red", Level.WARNING: "yellow", Level.UNDECIDABLE: "magenta"}
_WORDS: dict[str, str] = {"reachable": "green", "unreachable": "red", "fits": "green", "over": "red", **_STYLES}


class Format(StrEnum):
    """How results are written."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


class FailOn(StrEnum):
    """The least level of a finding that sets the exit code to 1."""

    ERROR = "error"
    WARNING = "warning"
    UNDECIDABLE = "undecidable"


_COUNTED = {
    FailOn.ERROR: {Level.ERROR},
    FailOn.WARNING: {Level.ERROR, Level.WARNING},
    FailOn.UNDECIDABLE: set(Level),
}


@dataclass(frozen=True)
class Sheet:
    """A table.

    Attributes:
        title: what it shows.
        columns: headings.
        rows: cells as text.
        numbers: columns that are aligned to the right.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Result:
    """What a calculator found in one plan, or in several together.

    Attributes:
        sources: the plans.
        findings: what it says of them.
        sheets: tables for people.
        body: the same for programs.
        diagram: Mermaid text for Markdown; empty without one.
    """

    sources: tuple[str, ...]
    findings: tuple[Finding, ...]
    sheets: tuple[Sheet, ...]
    body: Mapping[str, Any]
    diagram: str = field(default="", repr=False)


def show(command: str, results: Sequence[Result], form: Format, output: Path | None) -> None:
    """Print results, or write them to a file.

    Raises:
        PlanInputError: the file cannot be written.
    """
    if form is Format.TABLE and output is None and (console.is_terminal or "COLUMNS" in os.environ):
        _print(console, results)
        return
    if form is Format.TABLE:
        written = StringIO()
        _print(Console(width=_PLAIN_WIDTH, color_system=None, file=written), results)
        text = "\n".join(line.rstrip() for line in written.getvalue().splitlines()) + "\n"
    elif form is Format.JSON:
        text = as_json(command, results)
    else:
        text = as_markdown(command, results)
    write(text, output)


def write(text: str, output: Path | None) -> None:
    """Write text to a file, or to standard output without one.

    Raises:
        PlanInputError: the file cannot be written.
    """
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise PlanInputError(f"{output} cannot be written: {error.strerror}; name another file") from None


def fail(results: Sequence[Result], fail_on: FailOn) -> None:
    """End with exit code 1 when a finding reaches the level.

    Raises:
        typer.Exit: it does.
    """
    if any(finding.level in _COUNTED[fail_on] for result in results for finding in result.findings):
        raise typer.Exit(_FOUND)


def as_json(command: str, results: Sequence[Result]) -> str:
    """The JSON described above."""
    document = {
        "format": FORMAT,
        "command": command,
        "summary": _counts(results),
        "results": [
            {"sources": result.sources, "findings": [_document(entry) for entry in result.findings], **result.body}
            for result in results
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def as_markdown(command: str, results: Sequence[Result]) -> str:
    """A comment for a pull request: findings first, tables folded below."""
    lines = [f"## lambdanet {command}", "", f"{_sentence(results)}.", ""]
    for result in results:
        lines += [f"### {', '.join(f'`{source}`' for source in result.sources)}", ""]
        lines += [
            f"- **{finding.level}** `{finding.address}`: {_inline(finding.message)}; {_inline(finding.fix)}"
            for finding in result.findings
        ] or ["No findings."]
        lines.append("")
        for sheet in result.sheets:
            lines += [f"<details><summary>{_cell(sheet.title)} ({len(sheet.rows)})</summary>", "", *_markdown(sheet)]
            lines += ["", "</details>", ""]
        if result.diagram:
            lines += ["```mermaid", result.diagram.rstrip(), "```", ""]
    return "\n".join(lines)


def _print(to: Console, results: Sequence[Result]) -> None:
    for result in results:
        to.print(", ".join(result.sources), style="bold", markup=False, highlight=False)
        for sheet in result.sheets:
            if sheet.rows:
                to.print(_table(sheet))
        for finding in result.findings:
            line = Text.assemble((finding.level, _STYLES[finding.level]), f" {finding}")
            to.print(line, highlight=False, soft_wrap=True)
    to.print(_sentence(results), highlight=False)


def _table(sheet: Sheet) -> Table:
    table = Table(title=Text(sheet.title), title_justify="left")
    for index, column in enumerate(sheet.columns):
        table.add_column(column, justify="right" if index in sheet.numbers else "left", overflow="fold")
    for row in sheet.rows:
        table.add_row(*(Text(cell, style=_WORDS.get(cell, "")) for cell in row))
    return table


def _markdown(sheet: Sheet) -> list[str]:
    marks = ("---:" if index in sheet.numbers else "---" for index in range(len(sheet.columns)))
    head = [f"| {' | '.join(sheet.columns)} |", f"| {' | '.join(marks)} |"]
    return [*head, *(f"| {' | '.join(_cell(cell) for cell in row)} |" for row in sheet.rows)]


def _inline(text: str) -> str:
    """Text in which Markdown and HTML mean nothing, on one line."""
    line = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    for mark in "\\`*_[]":
        line = line.replace(mark, f"\\{mark}")
    return line


def _cell(text: str) -> str:
    return _inline(text).replace("|", "\\|")


def _counts(results: Sequence[Result]) -> dict[str, int]:
    counted = Counter(finding.level for result in results for finding in result.findings)
    return {str(level): counted[level] for level in Level}


def _sentence(results: Sequence[Result]) -> str:
    counts = _counts(results)
    plans = len({source for result in results for source in result.sources})
    return (
        f"{_number(counts['error'], 'error')}, {_number(counts['warning'], 'warning')}, "
        f"{counts['undecidable']} undecidable in {_number(plans, 'plan')}"
    )


def _number(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _document(finding: Finding) -> dict[str, str]:
    return {
        "rule": finding.rule,
        "level": str(finding.level),
        "address": finding.address,
        "missing": finding.missing,
        "message": finding.message,
        "fix": finding.fix,
    }
