"""Findings as workflow commands of GitHub Actions: annotations on the lines of a pull request."""

from __future__ import annotations

from cli.check_formats import Told
from cli.check_formats.sentences import counts, notes
from policies.finding import Finding, Status


def github(told: Told) -> str:
    """A command for each finding that failed or is unknown, and the counts as a last line."""
    lines = [
        _command(told, finding) for finding in told.result.findings if finding.status in (Status.FAILED, Status.UNKNOWN)
    ]
    lines += [f"::warning::{_data(note)}" for note in notes(told.result.summary)]
    return "\n".join([*lines, f"{counts(told.result)}."]) + "\n"


def _command(told: Told, finding: Finding) -> str:
    level = "error" if finding in told.stopping else "warning" if finding.status is Status.FAILED else "notice"
    place = told.result.place_of(finding)
    where = f"file={_property(place.file)},line={place.line}," if place is not None else ""
    title = f"{finding.severity} {finding.id} {finding.title}"
    words = f"{finding.resource} of {finding.target}: {finding.message}\n{finding.fix}"
    return f"::{level} {where}title={_property(title)}::{_data(words)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
