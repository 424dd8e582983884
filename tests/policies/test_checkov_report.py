from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modules.core.errors import PolicyError
from policies.checkov_report import CheckovRecord, CheckovReport, read_answer
from policies.policy import Severity
from policies.scanned import read_synthesized
from tests.policies.scans import write_synthesized

RESOURCES: dict[str, Any] = {"aws_sqs_queue": {"orders": {}, "jobs": {}}, "aws_vpc": {"main": {}}}
DATA: dict[str, Any] = {"aws_iam_policy_document": {"assume": {}}}
EVERYTHING = [
    "aws_sqs_queue.jobs",
    "aws_sqs_queue.orders",
    "aws_vpc.main",
    "data.aws_iam_policy_document.assume",
    "provider.aws",
]


def answer(**changes: Any) -> dict[str, Any]:
    base = {"number": 0, "failed": [], "passed": [], "handed_over": EVERYTHING, "doubts": []}
    return {**base, **changes}


def read(folder: Path, given: dict[str, Any], said: str = "") -> CheckovReport:
    scanned = read_synthesized(write_synthesized(folder / "orders", RESOURCES, data=DATA))
    return read_answer(scanned, given, "3.3.30", said)


def test_an_answer_that_fits_is_believed(tmp_path: Path) -> None:
    failed = [
        ("CKV_AWS_2", "Ensure it", "aws_vpc.main", "HIGH", "cdk.tf.json"),
        ("CKV_AWS_9", "Ensure that", "aws_sqs_queue.jobs", None, "cdk.tf.json"),
        ("CKV_AWS_1", "Ensure this", "aws_sqs_queue.jobs", None, "cdk.tf.json"),
    ]
    passed = [("CKV_AWS_1", "aws_vpc.main"), ("CKV_AWS_3", "provider.aws")]
    report = read(tmp_path, answer(failed=failed, passed=passed))
    assert [(one.address, one.check) for one in report.failed] == [
        ("aws_sqs_queue.jobs", "CKV_AWS_1"),
        ("aws_sqs_queue.jobs", "CKV_AWS_9"),
        ("aws_vpc.main", "CKV_AWS_2"),
    ]
    assert report.failed[2] == CheckovRecord("CKV_AWS_2", "Ensure it", "aws_vpc.main", Severity.HIGH, "cdk.tf.json")
    assert (report.passed, report.resources_given, report.resources_seen) == (2, 3, 2)
    assert (report.checkov_version, report.place) == ("3.3.30", "orders/cdk.tf.json")


@pytest.mark.parametrize(
    ("given", "doubt"),
    [
        ({"number": 0, "ended": 1}, "Checkov ended with exit code 1 before its answer"),
        ({"number": 0, "ended": -14}, "Checkov did not end in the time that it was given, and was killed"),
        (answer(doubts=["check CKV_AWS_9 failed on aws_vpc.main (KeyError: 'a')"]), "check CKV_AWS_9 failed on aws_vp"),
        ({"number": 0, "doubts": []}, "the runner's answer has another form (Field required)"),
        (answer(more=1), "the runner's answer has another form (Extra inputs are not permitted)"),
        (answer(failed=[["CKV_AWS_1"]]), "the runner's answer has another form (Field required)"),
        (answer(handed_over=[]), "did not see aws_sqs_queue.jobs, aws_sqs_queue.orders, aws_vpc.main, data.aws_iam"),
        (answer(handed_over=EVERYTHING[1:]), "Checkov did not see aws_sqs_queue.jobs; it counts"),
        (answer(handed_over=EVERYTHING[:3]), "Checkov did not see data.aws_iam_policy_document.assume; it counts"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(tmp_path: Path, given: dict[str, Any], doubt: str) -> None:
    with pytest.raises(PolicyError) as raised:
        read(tmp_path, given, said="and this")
    sentence = str(raised.value)
    assert sentence.startswith("orders/cdk.tf.json: the terraform_json scan of 3 resources cannot be believed: ")
    assert doubt in sentence
    advice = "look at what Checkov said: and this" if "ended" in given else "mend what is named, or leave the check out"
    assert sentence.endswith(f"; {advice}")
