"""`make demo`, as a new user runs it: the apply level of the stack orders_api."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.apply.secrecy import leaks, written

pytestmark = pytest.mark.apply
COMMAND = Path(sys.executable).with_name("lambdanet")
TIMEOUT_SECONDS = 900
STEPS = (
    "validate the configuration",
    "start the emulator",
    "synthesize",
    "check how functions and stores are wired",
    "judge the synthesized JSON by every policy",
    "terraform init and validate",
    "terraform plan",
    "judge the plan by every policy",
    "apply",
    "read back",
    "plan again",
    "change one thing",
    "destroy",
    "compare with the listed gaps",
)
CANARIES = {
    "AWS_ACCESS_KEY_ID": "canary-access-key-id",
    "AWS_SECRET_ACCESS_KEY": "canary-secret-access-key",
    "AWS_SESSION_TOKEN": "canary-session-token",
    "DB_PASSWORD": "canary-password",
    "TF_VAR_password": "canary-variable",
}
"""What a user's environment may hold that nobody must read."""

MASTER_PASSWORD = "P@55w0rd!"
"""What the emulator's RDS puts into the secret that it manages."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path, Path]:
    """One run of the demo, its report, and the folder its temporary files went to."""
    report, scratch = tmp_path_factory.mktemp("report"), tmp_path_factory.mktemp("scratch")
    ran = subprocess.run(
        [COMMAND, "demo", "--report", str(report)],
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT_SECONDS,
        env={**os.environ, **CANARIES, "TMPDIR": str(scratch), "COLUMNS": "160"},
    )
    return ran, report, scratch


def test_every_step_holds(demo: tuple[subprocess.CompletedProcess[str], Path, Path]) -> None:
    ran, _, _ = demo

    assert ran.returncode == 0, ran.stdout + ran.stderr
    marks = re.findall(r"^([✓✗]) (.+?) {2,}", ran.stdout, flags=re.MULTILINE)
    assert marks == [("✓", step) for step in STEPS]
    assert ran.stderr == ""


def test_the_report_states_the_numbers(demo: tuple[subprocess.CompletedProcess[str], Path, Path]) -> None:
    text = (demo[1] / "report.md").read_text(encoding="utf-8")

    numbers = dict(re.findall(r"^\| ([\w ]+) \| \*\*(.+?)\*\* \|$", text, flags=re.MULTILINE))
    assert numbers["resources planned"] == numbers["resources applied"]
    assert int(numbers["resources applied"]) > 80
    held, total = re.findall(r"\d+", numbers["facts read back"])
    assert held == total
    assert int(total) > 100
    assert numbers["changes in the second plan"] == "0"
    assert numbers["resources that one change touches"] == "1"
    assert numbers["resources left after destroy"] == "0"
    assert numbers["policies and Checkov"].count(", 0 failed, 0 unknown, 0 accepted") == 2


def test_the_emulator_holds_everything_without_exception(
    demo: tuple[subprocess.CompletedProcess[str], Path, Path],
) -> None:
    text = (demo[1] / "report.md").read_text(encoding="utf-8")

    assert "Nothing: the second plan is empty without any exception." in text


def test_one_page_and_a_picture_are_written(demo: tuple[subprocess.CompletedProcess[str], Path, Path]) -> None:
    assert sorted(file.name for file in demo[1].iterdir()) == ["report.html", "report.md", "stack.svg"]
    assert (demo[1] / "stack.svg").read_text(encoding="utf-8") in (demo[1] / "report.html").read_text(encoding="utf-8")


def test_no_secret_is_told_or_reported(demo: tuple[subprocess.CompletedProcess[str], Path, Path]) -> None:
    ran, report, _ = demo
    told = {"stdout": ran.stdout, "stderr": ran.stderr, **written(report)}

    assert len(told) > 3
    assert leaks({*CANARIES.values(), MASTER_PASSWORD}, told) == []


def test_nothing_is_left_on_the_machine(demo: tuple[subprocess.CompletedProcess[str], Path, Path]) -> None:
    assert list(demo[2].iterdir()) == []
