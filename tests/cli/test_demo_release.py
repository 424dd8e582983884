"""`make demo-release`, as a new user runs it: a release on the emulator from the first version to the last."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.apply
COMMAND = Path(sys.executable).with_name("lambdanet")
TIMEOUT_SECONDS = 600
STEPS = (
    "start the emulator",
    "synthesize version 1",
    "apply version 1",
    "release the first version",
    "apply version 2: publish, shift nothing",
    "shift 10 percent, raise an alarm",
    "read back the rollback",
    "apply version 3: publish, shift nothing",
    "shift to the end",
    "read back the release",
    "delete the version nothing names",
    "plan again",
    "destroy",
)
NAME = "acme-dev-orders-release-api"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """One run of the demo, and the folder its temporary files went to."""
    scratch = tmp_path_factory.mktemp("scratch")
    ran = subprocess.run(
        [COMMAND, "demo-release"],
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT_SECONDS,
        env={**os.environ, "TMPDIR": str(scratch), "COLUMNS": "1000"},
    )
    return ran, scratch


def test_every_step_of_a_release_holds(demo: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    ran, scratch = demo

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert re.findall(r"^([✓✗]) (.+?) {2,}", ran.stdout, flags=re.MULTILINE) == [("✓", step) for step in STEPS]
    assert ran.stderr == ""
    assert list(scratch.iterdir()) == []


def test_what_is_told_is_what_lambda_and_codedeploy_say(demo: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    told = re.sub(r"d-[A-Z0-9]{9}", "d-X", demo[0].stdout)

    assert (
        f"rolled back: {NAME}:live: deployment d-X from version 1 to 2 ended as Stopped (ALARM_ACTIVE: Alarms have "
        f"been activated, and the deployment has been stopped: {NAME}-version-errors); AllowTraffic Failed; in ALARM: "
        f"{NAME}-version-errors; all traffic is at version 1 (rolled back by d-X)\n"
    ) in told
    assert f"shifted: {NAME}:live: all traffic went from version 1 to 3 (deployment d-X)\n" in told
    assert (
        'alias and versions: alias live "3", weights {}, versions ["1", "2", "3"], versions with code of their own 3\n'
    ) in told
    assert re.search(r"^every step held, \d+ s$", told, flags=re.MULTILINE)
