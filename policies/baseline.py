"""Findings that stood before policies were asked: told, and in nobody's way until they are mended.

    {"format": 1, "findings": [{"target": "…", "resource": "…", "check": "…", "status": "failed"}]}

An entry stands for one check on one resource of one target. One that was unknown does not stand for a failure.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from modules.core.errors import PolicyError
from policies.finding import Finding, Status

FORMAT = 1
"""Number of the file's form."""

_KEPT = (Status.FAILED, Status.UNKNOWN, Status.BASELINE)


@dataclass(frozen=True, order=True)
class Entry:
    """One finding of a baseline.

    Attributes:
        target: name of the target or of the judged file.
        resource: address.
        check: id of the check.
        status: `failed`, which stands for `unknown` too, or `unknown`.
    """

    target: str
    resource: str
    check: str
    status: Status

    def __str__(self) -> str:
        """`<target> <resource>: <check>`."""
        return f"{self.target} {self.resource}: {self.check}"


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    target: str = Field(min_length=1)
    resource: str = Field(min_length=1)
    check: str = Field(min_length=1)
    status: str = Field(pattern=f"^({Status.FAILED}|{Status.UNKNOWN})$")


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    format: int = Field(ge=FORMAT, le=FORMAT)
    findings: list[_Row]


@dataclass(frozen=True)
class Baseline:
    """What stood before.

    Attributes:
        entries: sorted.
    """

    entries: tuple[Entry, ...] = ()

    def holds(self, finding: Finding) -> Entry | None:
        """The entry that stands for a finding; one that was unknown stands for no failure."""
        entry = self._known.get((finding.target, finding.resource, finding.id))
        if entry is None or (entry.status is Status.UNKNOWN and finding.status is Status.FAILED):
            return None
        return entry

    def gone(self, used: Collection[Entry], targets: Collection[str]) -> tuple[Entry, ...]:
        """Entries of the judged targets that no finding has any more."""
        return tuple(entry for entry in self.entries if entry.target in targets and entry not in used)

    @cached_property
    def _known(self) -> dict[tuple[str, str, str], Entry]:
        ordered = sorted(self.entries, key=lambda entry: entry.status is Status.FAILED)
        return {(entry.target, entry.resource, entry.check): entry for entry in ordered}


def read_baseline(file: Path) -> Baseline:
    """Read a baseline.

    Raises:
        PolicyError: it cannot be read, or has another form.
    """
    try:
        read = _File.model_validate_json(file.read_bytes())
    except OSError as error:
        raise PolicyError(
            f"{file}: cannot be read ({error.strerror}); without its baseline a run tells old findings as new; name "
            "the file, or write one with --write-baseline"
        ) from error
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise PolicyError(
            f"{file}{f' {where}' if where else ''}: {problem['msg']}; a baseline is what --write-baseline writes; "
            "write it again"
        ) from error
    return Baseline(
        tuple(sorted({Entry(row.target, row.resource, row.check, Status(row.status)) for row in read.findings}))
    )


def baseline_text(findings: Iterable[Finding], targets: Collection[str], before: Baseline | None = None) -> str:
    """The file for a run: what failed or is unknown, and what stood for the targets that were not judged.

    Args:
        findings: of the run.
        targets: that were judged.
        before: the baseline of the run.
    """
    old = before or Baseline()
    entries = {entry for entry in old.entries if entry.target not in targets}
    for finding in findings:
        if finding.status in _KEPT:
            entries.add(old.holds(finding) or _entry(finding, finding.status))
    rows = [
        {"target": entry.target, "resource": entry.resource, "check": entry.check, "status": str(entry.status)}
        for entry in sorted(entries)
    ]
    return json.dumps({"format": FORMAT, "findings": rows}, indent=2) + "\n"


def _entry(finding: Finding, status: Status) -> Entry:
    return Entry(finding.target, finding.resource, finding.id, status)
