"""The emulator with released functions, and `lambdanet release` run in it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cli import terminal
from cli.main import main
from local.emulator import Emulator
from rollout.release import ReleaseTarget
from tests.rollout.release.conftest import REGION, Account

COMMAND = Path(sys.executable).with_name("lambdanet")
TIMEOUT_SECONDS = 120
SLOW, QUICK = 60.0, 0.5


class Ran(NamedTuple):
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def running() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(running: Emulator) -> Emulator:
    running.reset()
    running.set_deployment_minute(QUICK)
    return running


@pytest.fixture
def account(emulator: Emulator) -> Iterator[Account]:
    made: dict[str, Any] = {}

    def client(service: str) -> Any:
        if service not in made:
            made[service] = emulator.client(service, REGION)
        return made[service]

    yield Account(client)
    for each in made.values():
        each.close()


@pytest.fixture
def outputs(tmp_path: Path) -> Callable[..., Path]:
    """A file as `terraform output -json` prints it."""

    def write(*targets: ReleaseTarget, **more: str) -> Path:
        told = [{**vars(target), **more} for target in targets]
        document = {"releases": {"sensitive": False, "type": "dynamic", "value": told}}
        file = tmp_path / "outputs.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        return file

    return write


@pytest.fixture
def begin(emulator: Emulator) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the command, with nothing on PATH: no shell, no AWS command line, no Terraform.

    As from a terminal: a process that a shell starts in the background ignores SIGINT, and so would its children.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with ExitStack() as stack:
        stack.callback(signal.signal, signal.SIGINT, before)

        def started(*arguments: str | Path) -> subprocess.Popen[str]:
            environment = {**emulator.environment(REGION), "COLUMNS": "400", "PATH": ""}
            process = subprocess.Popen(
                [COMMAND, "release", *map(str, arguments)],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=environment,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            return process

        yield started


@pytest.fixture
def run(emulator: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process, which spares a second each time; what it is started with is the same."""
    for name, value in emulator.environment(REGION).items():
        monkeypatch.setenv(name, value)
    for console in (terminal.console, terminal.errors):
        monkeypatch.setattr(console, "_width", 400)

    def ran(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["lambdanet", "release", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return Ran(int(ended.value.code or 0), told.out, told.err)

    return ran
