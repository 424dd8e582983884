"""Real scans, few because each takes some seconds; what only needs a report is in test_checkov_report.py."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from modules.core.errors import PolicyError
from policies.checkov import find_checkov, scan_plan, scan_synthesized
from policies.exceptions import Framework, load_exceptions
from policies.report import ScanReport, unused_exceptions
from tests.policies.scans import RESOURCES, write_plan, write_synthesized


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[Framework, ScanReport]:
    folder = write_synthesized(tmp_path_factory.mktemp("scan") / "orders", RESOURCES)
    (folder / ".checkov.yaml").write_text("skip-check: [CKV_AWS_27]\nsoft-fail: true\n", encoding="utf-8")
    plan = write_plan(folder / "plan.json", RESOURCES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CKV_SKIP_CHECK", "CKV_AWS_27")
        return {report.framework: report for report in (scan_synthesized(folder), scan_plan(plan))}


@pytest.mark.parametrize("framework", list(Framework))
def test_what_must_fail_fails_and_nothing_else(reports: dict[Framework, ScanReport], framework: Framework) -> None:
    report = reports[framework]
    assert {(finding.check, finding.address) for finding in report.failed} == {
        ("CKV_AWS_27", "aws_sqs_queue.fails_without_encryption"),
        ("CKV2_AWS_5", "aws_security_group.fails_unattached"),
    }
    assert [(item.finding.check, item.finding.address) for item in report.excepted] == [
        ("CKV2_AWS_5", "aws_security_group.database_proxy")
    ]
    assert report.passed > 0
    assert (report.resources_given, report.resources_seen) == (5, 4)  # no check of Checkov's is about aws_db_proxy
    assert not report.is_clean


def test_findings_are_told_with_their_resource(reports: dict[Framework, ScanReport]) -> None:
    with pytest.raises(PolicyError) as raised:
        reports[Framework.TERRAFORM_JSON].raise_if_failed()
    assert str(raised.value) == (
        "orders/cdk.tf.json: policy findings in terraform_json: 2; none is allowed; correct the resource, or add an "
        "entry with a reason and an end to policies/exceptions.yaml:\n"
        "aws_security_group.fails_unattached: CKV2_AWS_5: Ensure that Security Groups are attached to another "
        "resource.\n"
        "aws_sqs_queue.fails_without_encryption: CKV_AWS_27: Ensure all data stored in the SQS queue is encrypted."
    )


def test_every_committed_exception_is_still_needed(reports: dict[Framework, ScanReport]) -> None:
    assert unused_exceptions(reports.values(), load_exceptions()) == ()


def test_checkov_seeing_nothing_is_no_pass(tmp_path: Path) -> None:
    folder = write_synthesized(tmp_path / "orders", {"aws_lambda_alias": {"live": {"name": "live"}}})
    with pytest.raises(PolicyError) as raised:
        scan_synthesized(folder)
    assert str(raised.value).startswith(
        "orders/cdk.tf.json: the terraform_json scan of 1 resources cannot be believed: Checkov wrote no report, as it "
        "does when it sees no resource or crashes; it counts only when"
    )


def executable(file: Path, body: str = "") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def test_the_variable_comes_before_the_project_and_that_before_path(tmp_path: Path) -> None:
    on_path = executable(tmp_path / "bin" / "checkov")
    environment = {"PATH": str(on_path.parent)}
    assert find_checkov(environment, project=tmp_path) == on_path
    own = executable(tmp_path / ".venv-checkov" / "bin" / "checkov")
    assert find_checkov(environment, project=tmp_path) == own
    named = executable(tmp_path / "mine")
    assert find_checkov(environment | {"LAMBDANET_CHECKOV": str(named)}, project=tmp_path) == named


def test_no_checkov_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as raised:
        find_checkov({"PATH": str(tmp_path)}, project=tmp_path)
    assert str(raised.value) == (
        "Checkov was not found; looked for the variable LAMBDANET_CHECKOV, for .venv-checkov/bin/checkov beside the "
        "project's code, and for checkov on PATH; run `make setup`, which installs it into an environment of its own"
    )
    with pytest.raises(PolicyError, match=r'^LAMBDANET_CHECKOV is "absent", which is not an executable program; '):
        find_checkov({"PATH": str(tmp_path), "LAMBDANET_CHECKOV": "absent"}, project=tmp_path)


def scan_with(program: Path, folder: Path, patch: pytest.MonkeyPatch, *, seconds: float = 20.0) -> None:
    patch.setenv("LAMBDANET_CHECKOV", str(program))
    scan_synthesized(write_synthesized(folder / "orders", RESOURCES), timeout_seconds=seconds)


def test_a_crash_is_told_with_its_last_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = executable(tmp_path / "checkov", "echo 'Traceback: no module named x' >&2; exit 2")
    with pytest.raises(PolicyError) as raised:
        scan_with(program, tmp_path, monkeypatch)
    assert str(raised.value) == (
        "orders/cdk.tf.json: the terraform_json scan of 5 resources cannot be believed: Checkov ended with exit code "
        "2; it counts only when Checkov reads everything and every check runs; look at what Checkov said: Traceback: "
        "no module named x"
    )


def test_a_scan_that_hangs_is_killed_with_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pids = tmp_path / "pids"
    program = executable(tmp_path / "checkov", f"sleep 600 & echo $$ $! > {pids}; wait")
    with pytest.raises(
        PolicyError, match=r"^orders/cdk\.tf\.json: Checkov did not end within 1 seconds and was killed;"
    ):
        scan_with(program, tmp_path, monkeypatch, seconds=1.0)
    ids = pids.read_text(encoding="utf-8").split()
    asked = subprocess.run(["ps", "-o", "stat=", "-p", ",".join(ids)], capture_output=True, text=True, check=False)
    assert len(ids) == 2
    assert [state for state in asked.stdout.split() if not state.startswith("Z")] == []


def test_what_cannot_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = executable(tmp_path / "checkov")
    program.write_text("\x7fnot a program", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"^orders/cdk\.tf\.json: Checkov cannot be started \(Exec format error\); "):
        scan_with(program, tmp_path, monkeypatch)


def test_only_a_copy_is_scanned_in_a_clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BC_API_KEY", "secret")
    program = executable(tmp_path / "checkov", f"(pwd; ls -A; ls -A $HOME; env) > {tmp_path}/seen; exit 3")
    folder = write_synthesized(tmp_path / "orders", RESOURCES)
    (folder / ".checkov.yaml").touch()
    with pytest.raises(PolicyError, match="exit code 3"):
        scan_with(program, tmp_path, monkeypatch)
    place, *listed = (tmp_path / "seen").read_text(encoding="utf-8").splitlines()
    assert listed[0] == "cdk.tf.json"
    assert ".checkov.yaml" not in listed
    assert not any(line.startswith("BC_API_KEY") for line in listed)
    assert "LOG_LEVEL=ERROR" in listed
    assert not Path(place).exists()
