"""Findings as Markdown for a comment on a pull request: what failed first, everything else folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cli.check_formats import Told
from cli.check_formats.sentences import counts, notes
from policies.finding import Finding, Status

_MOST_CHARACTERS = 60_000
"""GitHub refuses comments of more than 65,536 characters."""

_FOLDED = {
    Status.UNKNOWN: "Unknown: what decides is known only after apply",
    Status.SKIPPED: "Skipped by the resource",
    Status.EXCEPTED: "Excepted in the exceptions file",
    Status.BASELINE: "In the baseline already",
}


def markdown(told: Told) -> str:
    """The comment."""
    result = told.result
    lines = ["## lambdanet check", "", f"{inline(counts(result))}.", ""]
    lines += [f"- {inline(note)}" for note in notes(result.summary)]
    failed = sorted(
        (entry for entry in result.findings if entry.status is Status.FAILED),
        key=lambda entry: (-entry.severity.rank, entry.target, entry.resource, entry.id),
    )
    room = _MOST_CHARACTERS - sum(len(line) + 1 for line in lines)
    if failed:
        room -= _add(lines, ["", *_table(failed)], room)
    for status, title in _FOLDED.items():
        found = [entry for entry in result.findings if entry.status is status]
        if found:
            head = ["", f"<details><summary>{title} ({len(found)})</summary>", "", *_table(found)]
            room -= _add(lines, head, room)
            lines += ["", "</details>"]
    return "\n".join(lines) + "\n"


def _add(lines: list[str], more: Sequence[str], room: int) -> int:
    """Add lines while there is room, and say how many are left out; how many characters were added."""
    used = 0
    for number, line in enumerate(more):
        if used + len(line) + 1 > room:
            lines += ["", f"and {len(more) - number} more; the whole list is what `lambdanet check` prints"]
            return room
        lines.append(line)
        used += len(line) + 1
    return used


def _table(findings: Sequence[Finding]) -> Iterator[str]:
    yield "| | check | resource | what | what to do |"
    yield "|---|---|---|---|---|"
    for entry in findings:
        what = entry.reason if entry.status in (Status.SKIPPED, Status.EXCEPTED, Status.BASELINE) else entry.message
        where = f"`{_code(entry.resource)}`<br>{inline(entry.target)}"
        if entry.place is not None:
            where += f"<br>{inline(f'{entry.place.file}:{entry.place.line}')}"
        check = f"{entry.id}<br>{inline(entry.title)}"
        yield f"| {entry.severity} | {check} | {where} | {inline(what)} | {inline(entry.fix)} |"


def inline(text: str) -> str:
    """Text on one line in which Markdown and HTML mean nothing, and which mentions nobody."""
    line = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace("@", "&#64;")
    for mark in "\\`*_[]|~":
        line = line.replace(mark, f"\\{mark}")
    return line


def _code(text: str) -> str:
    return text.replace("`", "'").replace("|", "\\|")
