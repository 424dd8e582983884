"""What a run needs of Checkov: a report for each input. `policies.checkov.scan` is it; tests bring their own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from policies.exceptions import Framework
from policies.policy import Severity
from policies.scanned import ScannedInput

BUILT_IN_SEVERITY = Severity.MEDIUM
"""Severity of Checkov's own checks: they tell none without the service that Checkov belongs to, and a run fails at
MEDIUM by default, so that none of them is passed over."""


class Record(Protocol):
    """One check of Checkov that failed on one resource."""

    @property
    def check(self) -> str:
        """Its id."""

    @property
    def title(self) -> str:
        """What it asks for."""

    @property
    def address(self) -> str:
        """The resource."""

    @property
    def severity(self) -> Severity | None:
        """None where it tells none."""


class Report(Protocol):
    """What Checkov says of one input."""

    @property
    def framework(self) -> Framework:
        """What was scanned."""

    @property
    def place(self) -> str:
        """The input's place."""

    @property
    def checkov_version(self) -> str:
        """Version of Checkov."""

    @property
    def failed(self) -> Sequence[Record]:
        """Every check that failed, whether it is skipped or not."""

    @property
    def passed(self) -> int:
        """How many times a check passed on a resource."""

    @property
    def known(self) -> Collection[str]:
        """Ids of all checks that Checkov has, those that did not run too."""


class Scan(Protocol):
    """Runs Checkov over inputs."""

    def __call__(
        self,
        inputs: Sequence[ScannedInput],
        *,
        without: Collection[str],
        progress: Callable[[int, int], None] | None = None,
    ) -> Sequence[Report]:
        """A report for each input, in their order."""
