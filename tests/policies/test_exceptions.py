from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from modules.core.errors import PolicyError
from policies.exceptions import Framework, Kind, PolicyException, load_exceptions
from policies.report import Finding, ScanReport, split_findings, unused_exceptions

ENTRY: dict[str, Any] = {
    "check": "CKV2_AWS_5",
    "kind": "accepted",
    "frameworks": ["terraform_json", "terraform_plan"],
    "resource": "aws_security_group.*proxy*",
    "reason": "The proxy is attached to it.",
    "owner": "platform",
    "expires": date(2027, 1, 1),
}
DEFECT = ENTRY | {"kind": "checkov_defect", "checkov_version": "3.3.30", "evidence": "Its list lacks aws_db_proxy."}


def written(folder: Path, *entries: dict[str, Any]) -> Path:
    file = folder / "exceptions.yaml"
    file.write_text(yaml.safe_dump(list(entries)), encoding="utf-8")
    return file


def test_entries_are_read(tmp_path: Path) -> None:
    accepted, defect = load_exceptions(written(tmp_path, ENTRY, DEFECT), today=date(2026, 12, 31))
    assert (accepted.kind, accepted.frameworks) == (Kind.ACCEPTED, tuple(Framework))
    assert (defect.kind, defect.checkov_version) == (Kind.CHECKOV_DEFECT, "3.3.30")


def test_an_empty_file_is_no_exceptions(tmp_path: Path) -> None:
    file = tmp_path / "exceptions.yaml"
    file.write_text("# none\n", encoding="utf-8")
    assert load_exceptions(file) == ()


def test_an_exception_ends_on_its_day(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as raised:
        load_exceptions(written(tmp_path, ENTRY), today=date(2027, 1, 1))
    assert str(raised.value) == (
        'exceptions.yaml: CKV2_AWS_5 on "aws_security_group.*proxy*" (owner platform) expired on 2027-01-01; an '
        "exception ends on its day; remove it, or let its owner look at the finding again and set a new day"
    )


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (ENTRY | {"owner": ""}, "exceptions.yaml entry 1 owner: String should have at least 1 character"),
        (ENTRY | {"reason": "because"}, "exceptions.yaml entry 1 reason: String should have at least 20 characters"),
        (ENTRY | {"note": "x"}, "exceptions.yaml entry 1 note: Extra inputs are not permitted"),
        (ENTRY | {"check": "everything"}, "exceptions.yaml entry 1 check: String should match pattern"),
        (ENTRY | {"frameworks": []}, "exceptions.yaml entry 1 frameworks: Tuple should have at least 1 item"),
        (ENTRY | {"frameworks": ["helm"]}, "exceptions.yaml entry 1 frameworks.0: Input should be 'terraform_json' or"),
        (ENTRY | {"expires": "soon"}, "exceptions.yaml entry 1 expires: Input should be a valid date"),
        ({"check": "CKV_AWS_1"}, "exceptions.yaml entry 1 owner: Field required"),
        (
            ENTRY | {"kind": "checkov_defect"},
            "a checkov_defect needs checkov_version and evidence; the fields are check",
        ),
        (DEFECT | {"kind": "accepted"}, "only a checkov_defect has checkov_version and evidence; the fields are check"),
    ],
)
def test_wrong_entries_are_refused(tmp_path: Path, entry: dict[str, Any], said: str) -> None:
    with pytest.raises(PolicyError) as raised:
        load_exceptions(written(tmp_path, entry), today=date(2026, 12, 31))
    assert said in str(raised.value)
    assert str(raised.value).endswith("correct the entry")


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "exceptions.yaml"
    with pytest.raises(PolicyError, match=r"^exceptions\.yaml: cannot be read \(No such file or directory\); "):
        load_exceptions(file)
    file.write_text("- [", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"^exceptions\.yaml: is no YAML \("):
        load_exceptions(file)
    file.write_text("check: CKV_AWS_1", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"^exceptions\.yaml the file: Input should be a valid tuple; "):
        load_exceptions(file)


def test_the_committed_file_holds_today() -> None:
    assert [item.check for item in load_exceptions()] == ["CKV2_AWS_5"]


def finding(check: str, address: str, spelling: str = "") -> Finding:
    return Finding(check, "Ensure it is right", address, spelling or address)


def test_an_exception_stands_for_its_check_framework_and_resource_only() -> None:
    exception = PolicyException.model_validate(ENTRY | {"frameworks": ["terraform_json"]})
    covered = finding("CKV2_AWS_5", "aws_security_group.proxy", "resource.proxy")
    others = (
        finding("CKV2_AWS_5", "aws_security_group.function"),
        finding("CKV2_AWS_5", "aws_db_proxy.orders"),
        finding("CKV_AWS_5", "aws_security_group.proxy"),
    )
    failed, excepted = split_findings((covered, *others, covered), Framework.TERRAFORM_JSON, [exception])
    assert failed == tuple(sorted(others))
    assert [item.finding for item in excepted] == [covered]
    assert str(excepted[0]) == (
        "aws_security_group.proxy: CKV2_AWS_5: Ensure it is right. Excepted until 2027-01-01: "
        "The proxy is attached to it."
    )
    assert split_findings([covered], Framework.TERRAFORM_PLAN, [exception]) == ((covered,), ())


def test_a_pattern_may_be_written_as_checkov_names_the_resource() -> None:
    exception = PolicyException.model_validate(ENTRY | {"resource": "resource.shared"})
    _, excepted = split_findings([finding("CKV2_AWS_5", "resource.shared")], Framework.TERRAFORM_JSON, [exception])
    assert [item.exception for item in excepted] == [exception]


def test_an_exception_no_finding_needs_is_told_per_framework() -> None:
    exception = PolicyException.model_validate(ENTRY)
    proxy = finding("CKV2_AWS_5", "aws_security_group.proxy")

    def report(framework: Framework, *findings: Finding) -> ScanReport:
        failed, excepted = split_findings(findings, framework, [exception])
        return ScanReport(framework, "orders", "3.3.30", failed, excepted, 1, 1, 1)

    used, unused = report(Framework.TERRAFORM_JSON, proxy), report(Framework.TERRAFORM_PLAN)
    assert unused_exceptions([used], [exception]) == ()
    (sentence,) = unused_exceptions([used, unused], [exception])
    assert sentence == (
        'exceptions.yaml: CKV2_AWS_5 on "aws_security_group.*proxy*" (owner platform) is needed by no finding in '
        "terraform_plan; an exception that is not needed hides the next real finding; remove it, or narrow its "
        "frameworks"
    )
    assert unused_exceptions([], [exception]) == ()
