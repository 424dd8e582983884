from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modules.core.errors import PolicyError
from policies.checkov_report import read_report
from policies.report import ScanReport
from policies.scanned import read_synthesized
from tests.policies.scans import write_synthesized


def record(check: str, resource: str) -> dict[str, Any]:
    return {"check_id": check, "check_name": "Ensure it is right", "resource": resource, "guideline": None}


def report_of(
    *,
    passed: tuple[str, ...] = ("aws_sqs_queue.orders",),
    failed: tuple[str, ...] = (),
    parsing_errors: tuple[str, ...] = (),
    skipped: tuple[str, ...] = (),
    framework: str = "terraform_json",
    summary: dict[str, int] | None = None,
) -> str:
    results = {
        "passed_checks": [record("CKV_AWS_1", name) for name in passed],
        "failed_checks": [record("CKV_AWS_2", name) for name in failed],
        "skipped_checks": [record("CKV_AWS_3", name) for name in skipped],
        "parsing_errors": list(parsing_errors),
    }
    counts = {
        "passed": len(passed),
        "failed": len(failed),
        "skipped": len(skipped),
        "parsing_errors": len(parsing_errors),
        "resource_count": 0,
        "checkov_version": "3.3.30",
    }
    return json.dumps({"check_type": framework, "results": results, "summary": counts | (summary or {})})


def read(folder: Path, stdout: str, *, returncode: int = 0, stderr: str = "") -> ScanReport:
    resources: dict[str, Any] = {"aws_sqs_queue": {"orders": {}, "jobs": {}}, "aws_vpc": {"main": {}}}
    data: dict[str, Any] = {"aws_iam_policy_document": {"assume": {}}}
    scanned = read_synthesized(write_synthesized(folder / "orders", resources, data=data))
    return read_report(scanned, (), returncode=returncode, stdout=stdout, stderr=stderr)


def test_a_report_that_fits_is_believed(tmp_path: Path) -> None:
    stdout = report_of(
        passed=("resource.orders", "aws_sqs_queue.orders", "data.assume"),
        failed=("resource.jobs", "aws_iam_policy_document.assume", "aws.default"),
    )
    report = read(tmp_path, stdout, returncode=1)
    assert [finding.address for finding in report.failed] == [
        "aws.default",
        "aws_sqs_queue.jobs",
        "data.aws_iam_policy_document.assume",
    ]
    assert (report.passed, report.resources_given, report.resources_seen) == (3, 3, 2)
    assert report.checkov_version == "3.3.30"
    assert read(tmp_path, report_of()).is_clean


@pytest.mark.parametrize(
    ("stdout", "returncode", "stderr", "doubt"),
    [
        (report_of(), 2, "", "Checkov ended with exit code 2"),
        (report_of(), -9, "", "Checkov ended with exit code -9"),
        ("", 0, "", "Checkov wrote no report"),
        ("Traceback", 1, "", "Checkov wrote no report"),
        ('{"passed": 0, "failed": 0}', 0, "", "Checkov wrote no report"),
        ("[]", 0, "", "Checkov wrote no report"),
        (report_of(), 0, "[ERROR] Failed to run check CKV_AWS_9", "Checkov reported errors of its own"),
        (report_of(framework="terraform"), 0, "", "Checkov ran terraform"),
        (report_of(parsing_errors=("cdk.tf.json",)), 0, "", "Checkov could not parse cdk.tf.json"),
        (report_of(summary={"parsing_errors": 1}), 0, "", "Checkov could not parse a file"),
        (report_of(skipped=("aws_vpc.main",)), 0, "", "checks were skipped, which only policies/exceptions.yaml"),
        (report_of(passed=("aws_vpc.main",), summary={"passed": 2}), 0, "", "do not fit its own counts"),
        (report_of(failed=("aws_vpc.main",)), 0, "", "exit code 0 does not fit 1 failed checks"),
        (report_of(), 1, "", "exit code 1 does not fit 0 failed checks"),
        (report_of(passed=()), 0, "", "no check gave a verdict on any of the resources"),
        (report_of(passed=("aws.default", "resource.other")), 0, "", "no check gave a verdict on any of the resources"),
    ],
)
def test_a_report_that_does_not_fit_is_refused(
    tmp_path: Path, stdout: str, returncode: int, stderr: str, doubt: str
) -> None:
    with pytest.raises(PolicyError) as raised:
        read(tmp_path, stdout, returncode=returncode, stderr=stderr)
    sentence = str(raised.value)
    assert sentence.startswith("orders/cdk.tf.json: the terraform_json scan of 3 resources cannot be believed: ")
    assert doubt in sentence
    assert sentence.endswith(("run Checkov by hand to see why", (stderr or stdout)[-20:]))
