"""The process that runs Checkov's checks: started, asked, and ended with all its children."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from modules.core.errors import PolicyError
from policies.checkov_program import find_checkov, python_of
from policies.scanned import ScannedInput

_PROJECT = Path(__file__).absolute().parents[1]
_SHOWN_CHARACTERS = 400
_CHUNK = 1 << 16
_GRACE_SECONDS = 10.0
"""How much longer an answer is waited for than the runner gives itself."""


class CheckovProcess:
    """One runner; use it in a `with` statement.

    Args:
        folders: folders of further Checkov checks.
        timeout_seconds: how long one input may take.
    """

    def __init__(self, folders: Sequence[Path], timeout_seconds: float) -> None:
        self._folders = [str(folder.absolute()) for folder in folders]
        self._seconds = timeout_seconds
        self._running = ExitStack()
        self._pending = b""
        self.version = ""
        self.checks = frozenset[str]()

    def __enter__(self) -> Self:
        """Start it, and wait until it has loaded every check."""
        try:
            self._start()
            self._write({"folders": self._folders})
            loaded = self._read("start")
            _refuse_doubts(loaded["doubts"])
            self.version, self.checks = str(loaded["version"]), frozenset(loaded["checks"])
        except BaseException:
            self._running.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End it, with all its children."""
        self._running.close()

    def answers(
        self, inputs: Sequence[ScannedInput], without: Sequence[str], at_once: int
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """The answer for each input with its index, in the order in which they come."""
        with TemporaryDirectory(prefix="lambdanet-checkov-", dir=self._home) as scratch:
            waiting = list(enumerate(inputs))[::-1]
            asked = dict[int, Path]()
            while waiting or asked:
                while waiting and len(asked) < at_once:
                    number, scanned = waiting.pop()
                    asked[number] = Path(scratch, str(number))
                    self._ask(number, scanned, asked[number], without)
                answer = self._read("answer")
                if answer.get("number") not in asked:
                    raise self._refusal("gave an answer that nobody asked for")
                shutil.rmtree(asked.pop(answer["number"]))
                yield answer["number"], answer

    def said(self) -> str:
        """The end of what the runner wrote for people."""
        text = Path(self._home, "said").read_text(encoding="utf-8", errors="replace")
        return " ".join(text.split())[-_SHOWN_CHARACTERS:]

    def _ask(self, number: int, scanned: ScannedInput, folder: Path, without: Sequence[str]) -> None:
        folder.mkdir()
        for name, text in scanned.files.items():
            (folder / name).write_text(text, encoding="utf-8")
        self._write(
            {
                "number": number,
                "framework": scanned.framework.value,
                "folder": str(folder),
                "without": list(without),
                "seconds": max(1, round(self._seconds)),
            }
        )

    def _start(self) -> None:
        python = python_of(find_checkov())
        self._home = self._running.enter_context(TemporaryDirectory(prefix="lambdanet-checkov-"))
        said = Path(self._home, "said")
        try:
            self._process = subprocess.Popen(
                [python, "-P", "-m", "policies.runner"],
                cwd=self._home,
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._running.enter_context(said.open("wb")),
                bufsize=0,
                process_group=0,
            )
        except OSError as error:
            raise PolicyError(
                f"Checkov cannot be started ({error.strerror}); policy checks need it; run `make setup`"
            ) from error
        self._running.callback(self._end)

    def _environment(self) -> dict[str, str]:
        """Nothing of the user's: CKV_ and BC_ variables can skip checks or send results away."""
        kept = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL") if key in os.environ}
        return kept | {
            "HOME": self._home,
            "TMPDIR": self._home,  # Checkov's parsers leave caches there
            "PYTHONPATH": str(_PROJECT),
            "CHECKOV_CHECK_FAIL_LEVEL": "NONE",  # the runner tells of it
            "PYTHONUTF8": "1",
            "PYTHONWARNINGS": "ignore",
        }

    def _end(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()

    def _write(self, request: Mapping[str, Any]) -> None:
        if self._process.stdin is None:
            raise RuntimeError("Checkov was started without streams")
        with suppress(BrokenPipeError):  # reading tells what happened
            self._process.stdin.write(json.dumps(request).encode() + b"\n")

    def _read(self, what: str) -> dict[str, Any]:
        if self._process.stdout is None:
            raise RuntimeError("Checkov was started without streams")
        file = self._process.stdout.fileno()
        until = time.monotonic() + self._seconds + _GRACE_SECONDS
        while b"\n" not in self._pending:
            ready, _, _ = select.select([file], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise self._refusal(f"gave no {what} within {self._seconds:g} seconds")
            received = os.read(file, _CHUNK)
            if not received:
                raise self._refusal(f"ended with exit code {self._process.wait()} before its {what}")
            self._pending += received
        line, _, self._pending = self._pending.partition(b"\n")
        with suppress(ValueError):
            found = json.loads(line)
            if isinstance(found, dict):
                return found
        raise self._refusal(f"wrote something else for its {what}")

    def _refusal(self, why: str) -> PolicyError:
        said = self.said()
        return PolicyError(
            f"Checkov {why}; without it nothing is proven; "
            f"{f'look at what it said: {said}' if said else 'run it again, and `make setup` if that does not help'}"
        )


def _refuse_doubts(doubts: Sequence[str]) -> None:
    if doubts:
        raise PolicyError(
            f"Checkov: not every check is loaded: {'; '.join(doubts)}; a run without it would prove less than it says; "
            "mend the check, or run `make setup` where it is one of Checkov's own"
        )
