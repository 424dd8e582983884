"""A rollout ended from outside, as a process: Ctrl-C lets Terraform end, kill -9 too, and `resume` goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.rollout.looking_project import DEV, PROD, Project

COMMAND = Path(sys.executable).with_name("lambdanet")
_MAIN = """
import json, os
from pathlib import Path
out, here = Path(os.environ["CDKTF_OUTDIR"]), Path(__file__).parent
for name in {names!r}:
    root = out / "stacks" / name
    root.mkdir(parents=True)
    began, applied = (f"echo {{name}} >> {{here}}/{{file}}" for file in ("began", "applied"))
    command = f"{{began}}; until [ -e {{here}}/go ]; do sleep 0.02; done; {{applied}}"
    resource = {{"input": "1", "provisioner": [{{"local-exec": {{"command": command}}}}]}}
    backend = {{"local": {{"path": f"../../../terraform.{{name}}.tfstate"}}}}
    document = {{"terraform": {{"backend": backend}}, "resource": {{"terraform_data": {{"release": resource}}}}}}
    (root / "cdk.tf.json").write_text(json.dumps(document))
(out / "manifest.json").write_text(json.dumps({{"stacks": {{}}}}))
"""


class Interrupted:
    """A planned run of two targets, one after the other, whose applies go on until they are let."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.project = folder, Project(folder)
        (folder / "main.py").write_text(_MAIN.format(names=(DEV, PROD)), encoding="utf-8")
        rollout = "waves: [{name: all, gate: {bake_minutes: 0, off_reason: a test}}]\n"
        (self.project.environments / "rollout.yaml").write_text(rollout, encoding="utf-8")
        self.project.ends(0, "plan")

    def start(self, command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [COMMAND, "rollout", command, "--environments", self.project.environments],
            env={**os.environ, **self.project.variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def lines(self, name: str) -> list[str]:
        file = self.folder / name
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []

    def let(self) -> None:
        (self.folder / "go").touch()


def reached(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 30
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def heard(process: subprocess.Popen[str], words: str) -> bool:
    assert process.stdout is not None
    too_late = threading.Timer(30, process.kill)
    too_late.start()
    try:
        return any(words in line for line in process.stdout)
    finally:
        too_late.cancel()


@pytest.fixture
def world(tmp_path: Path) -> Interrupted:
    return Interrupted(tmp_path)


def test_a_signal_lets_running_applies_end_and_starts_nothing_more(world: Interrupted) -> None:
    process = world.start("apply")
    assert reached(lambda: world.lines("began") == [DEV])

    process.send_signal(signal.SIGTERM)
    assert heard(process, "nothing more starts")
    world.let()
    told, _ = process.communicate(timeout=30)

    assert process.returncode == 143, told
    assert world.lines("applied") == [DEV]
    found = world.project.json(0, "status")
    assert (found["state"], found["counts"]) == ("paused", {"planned": 1, "baking": 1})
    assert found["reason"] == "told to stop by SIGTERM; `resume` goes on"

    world.project.ends(0, "resume")
    assert world.lines("applied") == [DEV, PROD]


def test_a_second_signal_stops_terraform_and_resume_applies_what_is_left(world: Interrupted) -> None:
    process = world.start("apply")
    assert reached(lambda: world.lines("began") == [DEV])

    process.send_signal(signal.SIGINT)
    assert heard(process, "nothing more starts")
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=60)

    assert process.returncode == 130, told
    assert f"{DEV}: " in told
    assert "`resume` finds out what is left of it" in told
    assert world.lines("applied") == []
    found = world.project.json(0, "status")
    assert (found["state"], found["counts"]) == ("paused", {"planned": 1, "applying": 1})

    world.let()
    world.project.ends(0, "resume")
    assert world.lines("applied") == [DEV, PROD]


def test_killed_while_terraform_applies_each_target_is_applied_once(world: Interrupted) -> None:
    process = world.start("apply")
    assert reached(lambda: world.lines("began") == [DEV])

    process.kill()
    process.communicate(timeout=30)
    world.let()

    assert world.project.ends(0, "resume").splitlines()[-1].endswith(": completed")
    assert world.lines("began") == world.lines("applied") == [DEV, PROD]
    found = world.project.json(0, "status")
    assert [(each["name"], each["attempts"]) for each in found["targets"]] == [(DEV, 2), (PROD, 1)]
