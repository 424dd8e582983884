"""Scans by the Checkov of `checkov_server.py`, which take a third of the CPU of a process for each."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import pytest

from policies import checkov

_SERVER = Path(__file__).with_name("checkov_server.py")


class CheckovProcess:
    """One Checkov for many scans, started by the first; use it in a `with` statement."""

    def __init__(self) -> None:
        self._running = ExitStack()
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        """Start nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._running.close()

    @contextmanager
    def scans(self) -> Iterator[None]:
        """Every scan within is made by this Checkov."""

        def run(
            command: Sequence[str], folder: Path, environment: Mapping[str, str], *_: object
        ) -> tuple[int, str, str]:
            answer = self._answer({"command": list(command), "folder": str(folder), "environment": dict(environment)})
            return answer["returncode"], answer["stdout"], answer["stderr"]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(checkov, "_run", run)
            yield

    def _answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        self._process = process = self._process or self._start()
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("Checkov was started without streams")
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        answer: dict[str, Any] = json.loads(process.stdout.readline())
        return answer

    def _start(self) -> subprocess.Popen[str]:
        home = self._running.enter_context(TemporaryDirectory(prefix="lambdanet-checkov-"))
        process = subprocess.Popen(
            [checkov.find_checkov().with_name("python"), _SERVER],
            env=checkov._environment(Path(home)),  # that of each scan
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._running.enter_context(process)
        self._running.callback(process.kill)
        return process
