"""Checkov's own report, and whether it can be believed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import BaseModel, ValidationError

from modules.core.errors import PolicyError
from policies.exceptions import PolicyException
from policies.report import Finding, ScanReport, split_findings
from policies.scanned import ScannedInput

_SHOWN_CHARACTERS = 400
_NOTHING_FAILED, _SOMETHING_FAILED = 0, 1


class _Record(BaseModel):
    check_id: str
    check_name: str
    resource: str


class _Results(BaseModel):
    passed_checks: list[_Record]
    failed_checks: list[_Record]
    skipped_checks: list[_Record]
    parsing_errors: list[str]


class _Summary(BaseModel):
    passed: int
    failed: int
    skipped: int
    parsing_errors: int
    checkov_version: str


class _Report(BaseModel):
    check_type: str
    results: _Results
    summary: _Summary

    def addresses(self, scanned: ScannedInput) -> frozenset[str]:
        """The given resources that a check gave a verdict on."""
        records = (*self.results.passed_checks, *self.results.failed_checks)
        return scanned.addresses & {scanned.address_of(record.resource) for record in records}


def read_report(
    scanned: ScannedInput,
    exceptions: Iterable[PolicyException],
    *,
    returncode: int,
    stdout: str,
    stderr: str,
) -> ScanReport:
    """The result of a run of Checkov, when everything in it fits what was given.

    Raises:
        PolicyError: something does not fit, so the run proves nothing.
    """
    try:
        if returncode not in {_NOTHING_FAILED, _SOMETHING_FAILED}:
            raise _refusal(scanned, f"Checkov ended with exit code {returncode}", stderr or stdout)
        report = _Report.model_validate_json(stdout)
    except ValidationError as error:
        why = "Checkov wrote no report, as it does when it sees no resource or crashes"
        raise _refusal(scanned, why, stderr or stdout) from error
    for doubt in _doubts(scanned, report, returncode, stderr):
        raise _refusal(scanned, doubt, stderr)
    findings = (
        Finding(record.check_id, record.check_name, scanned.address_of(record.resource), record.resource)
        for record in report.results.failed_checks
    )
    failed, excepted = split_findings(findings, scanned.framework, exceptions)
    return ScanReport(
        framework=scanned.framework,
        place=scanned.place,
        checkov_version=report.summary.checkov_version,
        failed=failed,
        excepted=excepted,
        passed=report.summary.passed,
        resources_given=len(scanned.addresses),
        resources_seen=len(report.addresses(scanned)),
    )


def _doubts(scanned: ScannedInput, report: _Report, returncode: int, stderr: str) -> Iterator[str]:
    results, summary = report.results, report.summary
    failed, passed = len(results.failed_checks), len(results.passed_checks)
    if stderr.strip():
        yield "Checkov reported errors of its own"
    if report.check_type != scanned.framework:
        yield f"Checkov ran {report.check_type}"
    if summary.parsing_errors or results.parsing_errors:
        yield f"Checkov could not parse {', '.join(results.parsing_errors) or 'a file'}"
    if summary.skipped or results.skipped_checks:
        yield "checks were skipped, which only policies/exceptions.yaml may do"
    if (failed, passed) != (summary.failed, summary.passed):
        yield "its lists of results do not fit its own counts"
    if returncode != (_SOMETHING_FAILED if failed else _NOTHING_FAILED):
        yield f"exit code {returncode} does not fit {failed} failed checks"
    if not report.addresses(scanned):
        yield "no check gave a verdict on any of the resources"


def _refusal(scanned: ScannedInput, why: str, said: str) -> PolicyError:
    shown = " ".join(said.split())[-_SHOWN_CHARACTERS:]
    return PolicyError(
        f"{scanned.place}: the {scanned.framework} scan of {len(scanned.addresses)} resources cannot be believed: "
        f"{why}; it counts only when Checkov reads everything and every check runs; "
        f"{f'look at what Checkov said: {shown}' if shown else 'run Checkov by hand to see why'}"
    )
