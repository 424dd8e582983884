from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from modules.core.errors import PolicyError
from policies.exceptions import Framework, Kind, load_exceptions

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
    assert load_exceptions() == ()
