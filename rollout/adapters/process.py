"""One command line run to its end, in a process group of its own, with nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Event
from typing import IO

from modules.core.errors import TargetError
from rollout.adapters.termination import termination_as_exit

_TICK_SECONDS = 0.1
_CHUNK_BYTES = 65536


class Ending(StrEnum):
    """Why a process ended."""

    BY_ITSELF = "by itself"
    TIMED_OUT = "timed out"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class Finished:
    """What is left of a process: exit code (negative: a signal killed it), output, and why it ended."""

    returncode: int
    stdout: str
    stderr: str
    ending: Ending

    @property
    def was_killed(self) -> bool:
        """Whether it had to be killed, or somebody else killed it."""
        return self.returncode == -signal.SIGKILL


class _Outputs:
    """Both outputs of a process, in files; whole lines of standard output go to `on_line` as they come.

    Files, not pipes: a process whose parent was killed writes on, and ends what it is doing. They have no name, so
    that nothing stays behind. They are read by position, as the offset is the process's.
    """

    def __init__(self, on_line: Callable[[str], None] | None) -> None:
        self.on_line = on_line
        self.stdout = tempfile.TemporaryFile()  # noqa: SIM115  # closed by close()
        self.stderr = tempfile.TemporaryFile()  # noqa: SIM115  # the same
        self._told = 0

    def tell(self) -> None:
        """Tell the lines that have come."""
        while self.on_line is not None:
            chunk = os.pread(self.stdout.fileno(), _CHUNK_BYTES, self._told)
            if b"\n" not in chunk:
                if len(chunk) < _CHUNK_BYTES:
                    return
                chunk = self._long_line(chunk)
                if not chunk:
                    return
            for line in chunk[: chunk.rindex(b"\n")].split(b"\n"):
                self._told += len(line) + 1
                if self.on_line is not None:
                    self.on_line(line.decode(errors="replace"))

    def _long_line(self, chunk: bytes) -> bytes:
        """More of a line that is longer than a chunk; empty where it has no end yet."""
        while b"\n" not in chunk:
            more = os.pread(self.stdout.fileno(), _CHUNK_BYTES, self._told + len(chunk))
            if not more:
                return b""
            chunk += more
        return chunk

    def texts(self) -> tuple[str, str]:
        """Everything that was written."""
        return _text(self.stdout), _text(self.stderr)

    def close(self) -> None:
        self.stdout.close()
        self.stderr.close()


def _text(file: IO[bytes]) -> str:
    size = os.fstat(file.fileno()).st_size
    return os.pread(file.fileno(), size, 0).decode(errors="replace")


def run(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    timeout_seconds: float,
    grace_seconds: float,
    on_line: Callable[[str], None] | None = None,
    interrupt: Event | None = None,
    inherited: Sequence[int] = (),
) -> Finished:
    """Run `command` in `folder` until it ends, its time is over, or `interrupt` is set.

    A process that has to stop gets SIGINT with its whole group, as from a terminal, so that Terraform ends
    what it is doing and writes its state; whatever is left after `grace_seconds` is killed. This holds for
    every way out: time over, `interrupt`, KeyboardInterrupt, SIGTERM or SIGHUP (which raise SystemExit while this
    runs in the main thread), or an exception from `on_line`. Where this process itself is killed, the command runs on
    to its end.

    Args:
        command: program and arguments.
        folder: the working folder.
        environment: all of the environment.
        timeout_seconds: how long it may take.
        grace_seconds: how long it may take to stop.
        on_line: told each line of standard output.
        interrupt: once set, the command is asked to stop.
        inherited: open files that the process keeps open, such as a lock that holds as long as it runs.

    Raises:
        TargetError: the command cannot be started.
    """
    outputs = _Outputs(on_line)
    try:
        with termination_as_exit(), _started(command, folder, environment, outputs, inherited) as process:
            try:
                ending = _follow(process, outputs, time.monotonic() + timeout_seconds, interrupt or Event())
                if ending is not Ending.BY_ITSELF:
                    _stop(process, outputs, grace_seconds)
                _kill_group(process)
                process.wait()
                outputs.tell()
            except BaseException:
                _stop(process, outputs, grace_seconds)
                raise
            finally:
                _kill_group(process)
        stdout, stderr = outputs.texts()
    finally:
        outputs.close()
    return Finished(process.returncode, stdout, stderr, ending)


def _started(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], outputs: _Outputs, inherited: Sequence[int]
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=outputs.stdout,
            stderr=outputs.stderr,
            process_group=0,
            pass_fds=tuple(inherited),
        )
    except OSError as error:
        raise TargetError(
            f"{folder.name}: {Path(command[0]).name} cannot be started ({error.strerror}: {error.filename}); "
            "check that the file is an executable program and that the folder exists"
        ) from error


def _follow(process: subprocess.Popen[bytes], outputs: _Outputs, deadline: float, interrupt: Event) -> Ending:
    while not _ended(process):
        outputs.tell()
        if interrupt.is_set():
            return Ending.INTERRUPTED
        if time.monotonic() >= deadline:
            return Ending.TIMED_OUT
    return Ending.BY_ITSELF


def _stop(process: subprocess.Popen[bytes], outputs: _Outputs, grace_seconds: float) -> None:
    """Ask the group to stop, and return when it has or the grace is over."""
    outputs.on_line = None
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
    deadline = time.monotonic() + grace_seconds
    while not _ended(process) and time.monotonic() < deadline:
        pass


def _ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether it has, after a tick at most."""
    try:
        process.wait(_TICK_SECONDS)
    except subprocess.TimeoutExpired:
        return False
    return True


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the group: the process itself, a provider, a provisioner's command."""
    with suppress(ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
        os.killpg(process.pid, signal.SIGKILL)
