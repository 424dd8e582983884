"""What a run found, counted, and as the JSON that other programs read.

    {
      "format": 1,
      "summary": {
        "status": {"failed": 1, "unknown": 0, "skipped": 0, "excepted": 0, "baseline": 0},
        "severity": {"CRITICAL": 0, "HIGH": 1, "MEDIUM": 0, "LOW": 0},        of what failed
        "targets": ["…"], "left_out": ["…"], "inputs": 2, "resources": 61, "policies": 68, "passed": 810,
        "checkov": "3.3.30", "unneeded_skips": ["…"], "unneeded_exceptions": ["…"], "gone": ["…"]
      },
      "findings": [{"id", "severity", "resource", "target", "message", "fix", "status", "title", "reason", "place"}]
    }

`place` is null, or `{"file", "line"}`. Fields are only ever added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from policies.finding import Finding, Place, Status
from policies.policy import Severity

FORMAT = 1
"""Number of the JSON's form."""


@dataclass(frozen=True)
class Summary:
    """What was judged, and what is to be known beside the findings.

    Attributes:
        targets: names of what was judged, sorted.
        inputs: how many plans and synthesized stacks.
        resources: how many resources, each counted once in each target.
        policies: how many of our own policies judged them.
        passed: how many times a check passed on a resource.
        checkov: version of Checkov.
        left_out: targets that were not judged, as nothing that they are made of has changed.
        unneeded_skips: a sentence for each skip that no finding needs.
        unneeded_exceptions: a sentence for each exception that no finding needs; the run fails.
        gone: findings of the baseline that do not occur any more.
    """

    targets: tuple[str, ...]
    inputs: int
    resources: int
    policies: int
    passed: int
    checkov: str
    left_out: tuple[str, ...] = ()
    unneeded_skips: tuple[str, ...] = ()
    unneeded_exceptions: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckResult:
    """The result of a run.

    Attributes:
        findings: every one, whatever its status, by target, resource and check.
        summary: what was judged.
        files: the judged file or folder, by target.
    """

    findings: tuple[Finding, ...]
    summary: Summary
    files: Mapping[str, str] = field(default_factory=dict, repr=False)

    def count(self, status: Status) -> int:
        """How many findings have a status."""
        return sum(finding.status is status for finding in self.findings)

    def stopping(self, fail_on: Severity, *, unknown: bool = False) -> tuple[Finding, ...]:
        """Findings that stop a change.

        Args:
            fail_on: the least severity that does.
            unknown: whether what could not be told does too.
        """
        stops = {Status.FAILED, Status.UNKNOWN} if unknown else {Status.FAILED}
        return tuple(entry for entry in self.findings if entry.status in stops and entry.severity.rank >= fail_on.rank)

    def place_of(self, finding: Finding) -> Place | None:
        """Where it is written, or else the judged file."""
        file = self.files.get(finding.target)
        return finding.place or (Place(file, 1) if file else None)

    def as_json(self) -> dict[str, Any]:
        """The document described above."""
        status = Counter(finding.status for finding in self.findings)
        severity = Counter(finding.severity for finding in self.findings if finding.status is Status.FAILED)
        told = self.summary
        return {
            "format": FORMAT,
            "summary": {
                "status": {str(entry): status[entry] for entry in Status},
                "severity": {str(entry): severity[entry] for entry in reversed(Severity)},
                "targets": list(told.targets),
                "left_out": list(told.left_out),
                "inputs": told.inputs,
                "resources": told.resources,
                "policies": told.policies,
                "passed": told.passed,
                "checkov": told.checkov,
                "unneeded_skips": list(told.unneeded_skips),
                "unneeded_exceptions": list(told.unneeded_exceptions),
                "gone": list(told.gone),
            },
            "findings": [_document(finding) for finding in self.findings],
        }


def _document(finding: Finding) -> dict[str, Any]:
    place = finding.place
    return {
        "id": finding.id,
        "severity": str(finding.severity),
        "resource": finding.resource,
        "target": finding.target,
        "message": finding.message,
        "fix": finding.fix,
        "status": str(finding.status),
        "title": finding.title,
        "reason": finding.reason,
        "place": None if place is None else {"file": place.file, "line": place.line},
    }
