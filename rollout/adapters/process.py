"""One command line run to its end, in a process group of its own, with nothing left behind."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Event

from modules.core.errors import TargetError
from rollout.adapters.termination import termination_as_exit

_TICK_SECONDS = 0.1
_DRAIN_SECONDS = 2.0
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


class _Streams:
    """Both outputs of a process, read as they come; whole lines of standard output go to `on_line`."""

    def __init__(self, process: subprocess.Popen[bytes], on_line: Callable[[str], None] | None) -> None:
        assert process.stdout is not None  # noqa: S101  started with pipes below; says so to the type checker
        assert process.stderr is not None  # noqa: S101  the same
        self.on_line = on_line
        self._selector = selectors.DefaultSelector()
        self._texts = {process.stdout.fileno(): bytearray(), process.stderr.fileno(): bytearray()}
        self._stdout, self._stderr = self._texts
        self._told = 0
        for descriptor in self._texts:
            self._selector.register(descriptor, selectors.EVENT_READ)

    @property
    def are_open(self) -> bool:
        return bool(self._selector.get_map())

    def read(self, seconds: float) -> None:
        """Take what comes within that time."""
        for key, _ in self._selector.select(seconds):
            chunk = os.read(key.fd, _CHUNK_BYTES)
            if not chunk:
                self._selector.unregister(key.fd)
            self._texts[key.fd] += chunk
            if key.fd == self._stdout:
                self._tell()

    def _tell(self) -> None:
        if self.on_line is None:
            return
        text = self._texts[self._stdout]
        while (end := text.find(b"\n", self._told)) >= 0:
            line = text[self._told : end].decode(errors="replace")
            self._told = end + 1
            self.on_line(line)

    def drain(self) -> None:
        """Read to the end; a process that left the group may hold the streams, so not for ever."""
        deadline = time.monotonic() + _DRAIN_SECONDS
        while self.are_open and time.monotonic() < deadline:
            self.read(_TICK_SECONDS)

    def texts(self) -> tuple[str, str]:
        return (
            self._texts[self._stdout].decode(errors="replace"),
            self._texts[self._stderr].decode(errors="replace"),
        )

    def close(self) -> None:
        self._selector.close()


def run(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    timeout_seconds: float,
    grace_seconds: float,
    on_line: Callable[[str], None] | None = None,
    interrupt: Event | None = None,
) -> Finished:
    """Run `command` in `folder` until it ends, its time is over, or `interrupt` is set.

    A process that has to stop gets SIGINT with its whole group, as from a terminal, so that Terraform ends
    what it is doing and writes its state; whatever is left after `grace_seconds` is killed. This holds for
    every way out: time over, `interrupt`, KeyboardInterrupt, SIGTERM or SIGHUP (which raise SystemExit while this
    runs in the main thread), or an exception from `on_line`.

    Raises:
        TargetError: the command cannot be started.
    """
    with termination_as_exit(), _started(command, folder, environment) as process:
        streams = _Streams(process, on_line)
        try:
            ending = _follow(process, streams, time.monotonic() + timeout_seconds, interrupt or Event())
            if ending is not Ending.BY_ITSELF:
                _stop(process, streams, grace_seconds)
            _kill_group(process)
            streams.drain()
        except BaseException:
            _stop(process, streams, grace_seconds)
            raise
        finally:
            _kill_group(process)
            streams.close()
    stdout, stderr = streams.texts()
    return Finished(process.returncode, stdout, stderr, ending)


def _started(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            process_group=0,
        )
    except OSError as error:
        raise TargetError(
            f"{folder.name}: {Path(command[0]).name} cannot be started ({error.strerror}: {error.filename}); "
            "check that the file is an executable program and that the folder exists"
        ) from error


def _follow(process: subprocess.Popen[bytes], streams: _Streams, deadline: float, interrupt: Event) -> Ending:
    while process.poll() is None:
        _read_or_wait(process, streams)
        if interrupt.is_set():
            return Ending.INTERRUPTED
        if time.monotonic() >= deadline:
            return Ending.TIMED_OUT
    return Ending.BY_ITSELF


def _stop(process: subprocess.Popen[bytes], streams: _Streams, grace_seconds: float) -> None:
    """Ask the group to stop, go on reading so that it can, and return when it has or the grace is over."""
    streams.on_line = None
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
    deadline = time.monotonic() + grace_seconds
    while process.poll() is None and time.monotonic() < deadline:
        _read_or_wait(process, streams)


def _read_or_wait(process: subprocess.Popen[bytes], streams: _Streams) -> None:
    if streams.are_open:
        streams.read(_TICK_SECONDS)
    else:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_TICK_SECONDS)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the group: the process itself, a provider, a provisioner's command."""
    with suppress(ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
        os.killpg(process.pid, signal.SIGKILL)
