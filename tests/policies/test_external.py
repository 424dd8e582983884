"""Policies as checks of the stock Checkov: its command, from another folder, says what our own Python says."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

import policies
from policies.catalogue import catalogue
from policies.checkov import find_checkov
from policies.inputs import find_inputs, read_input
from policies.judging import judged
from policies.policy import Outcome, Severity
from policies.view import View
from tests.policies.scans import write_plan, write_synthesized

FOLDER = Path(policies.__file__).with_name("external")
(POLICY,) = (policy for policy in catalogue() if policy.id == "CKV2_LNET_301")
SKIP = {"//": {"checkov": {"skip": [{"id": POLICY.id, "comment": "a test database"}]}}}


def resources(*, skipped: bool) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(POLICY.samples[0]["resource"]))
    proxies = found["aws_db_proxy"]
    if skipped:
        proxies["skipped_fails_without_tls"] = {**proxies["fails_without_tls"], **SKIP}
    return found


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LOG_LEVEL": "ERROR"}
    options = ("--external-checks-dir", str(FOLDER), "--skip-download", "--output", "json", "--compact")
    command: list[str | Path] = [find_checkov(), *arguments, *options]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def ours(path: Path) -> set[tuple[str, str, str]]:
    """Id, name of the resource, and outcome."""
    (found,) = find_inputs([path])
    given = read_input(found)
    view = View(given.plan, account=given.account, region=given.region)
    return {
        (policy.id, verdict.address.rpartition(".")[2], verdict.outcome.value)
        for policy, verdict in judged(view, catalogue())
        if verdict.outcome is not Outcome.UNKNOWN
    }


def theirs(results: dict[str, list[dict[str, Any]]]) -> set[tuple[str, str, str]]:
    """The same of a report of Checkov's."""
    return {
        (record["check_id"], record["resource"].rpartition(".")[2], outcome)
        for outcome in ("passed", "failed", "skipped")
        for record in results[f"{outcome}_checks"]
        if record["check_id"].startswith("CKV2_LNET_")
    }


@pytest.mark.parametrize("framework", ["terraform_json", "terraform_plan"])
def test_the_stock_command_says_what_our_own_python_says(tmp_path: Path, framework: str) -> None:
    if framework == "terraform_json":
        path = write_synthesized(tmp_path / "orders", resources(skipped=True))
        finished = run(tmp_path, "--framework", framework, "--directory", "orders")
    else:
        path = write_plan(tmp_path / "plan.json", resources(skipped=False))
        finished = run(tmp_path, "--framework", framework, "--file", "plan.json")
    assert finished.stderr == ""
    results = json.loads(finished.stdout)["results"]
    assert results["parsing_errors"] == []
    expected = ours(path)
    if framework == "terraform_json":
        skipped = (POLICY.id, "skipped_fails_without_tls")
        expected = expected - {(*skipped, "failed")} | {(*skipped, "skipped")}
    assert theirs(results) == expected
    assert {(POLICY.id, "fails_without_tls", "failed"), (POLICY.id, "passes_with_tls", "passed")} <= expected
    (record,) = (
        record
        for record in results["failed_checks"]
        if record["check_id"] == POLICY.id and record["resource"].endswith(".fails_without_tls")
    )
    assert record["severity"] == Severity.HIGH
    assert record["guideline"] == POLICY.fix
    assert record["details"][0].startswith("aws_db_proxy.fails_without_tls: require_tls is not true, so that ")


def test_the_stock_command_ends_where_a_policy_cannot_judge(tmp_path: Path) -> None:
    folder = write_synthesized(tmp_path / "orders", resources(skipped=False))
    (folder / "main.tf").touch()
    finished = run(tmp_path, "--framework", "terraform_json", "--directory", "orders")
    assert finished.returncode == 2
    assert "also holds main.tf, which is not read here; judge its plan instead" in finished.stderr
