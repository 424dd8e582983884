"""What the emulator could not do, as both its process and its users see it."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, dataclass

FAILURES_PATH = "/moto-api/failures"
"""Where the server lists its failures; below moto's own prefix, which no AWS service uses."""


@dataclass(frozen=True)
class EmulatorFailure:
    """One request that the emulator could not answer as AWS would.

    Attributes:
        service: the service as boto3 names it, such as `rds`.
        action: the API action, such as `ModifyDBProxy`; or method and path, where moto knows no such path.
        message: why, in moto's own words.
    """

    service: str
    action: str
    message: str

    def __str__(self) -> str:
        """The failure as one line of a report."""
        return f"{self.service} {self.action}: {self.message}"


class FailureLog:
    """The failures of one server, in order, each kept once."""

    def __init__(self) -> None:
        self._failures: dict[EmulatorFailure, None] = {}
        self._lock = threading.Lock()

    def add(self, failure: EmulatorFailure) -> None:
        """Keep one failure; a retry of the same request adds nothing."""
        with self._lock:
            self._failures[failure] = None

    def clear(self) -> None:
        """Forget them all."""
        with self._lock:
            self._failures.clear()

    def as_json(self) -> bytes:
        """The list as the parent process reads it."""
        with self._lock:
            return json.dumps([asdict(failure) for failure in self._failures]).encode()
