"""What a run of the policies found: one form for our own policies and for Checkov's checks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from policies.policy import Severity


class Status(StrEnum):
    """Whether a finding stops a change."""

    FAILED = "failed"
    """It stops it, at or above the severity that a run fails at."""

    UNKNOWN = "unknown"
    """What decides is not known; it is shown, and stops nothing unless the run is told so."""

    SKIPPED = "skipped"
    """The resource skips the check, with a reason (`//.checkov.skip`)."""

    EXCEPTED = "excepted"
    """`exceptions.yaml` accepts it, with a reason, an owner and an end."""

    BASELINE = "baseline"
    """It stood in the baseline already."""


@dataclass(frozen=True, order=True)
class Place:
    """Where a resource is written.

    Attributes:
        file: path below the project's folder, with `/`.
        line: from 1.
    """

    file: str
    line: int


@dataclass(frozen=True, order=True)
class Finding:
    """One check on one resource of one target.

    Attributes:
        id: id of the check, such as `CKV2_LNET_301` or `CKV_AWS_158`.
        severity: how much it matters; checks of Checkov that tell none count as MEDIUM.
        resource: address of the resource.
        target: name of the target, or of the file that was judged.
        message: what fired, with the values that did, or what is unknown.
        fix: what to do.
        status: whether it stops a change.
        title: what holds where the check passes.
        reason: why it is skipped or excepted.
        place: where the construct or the resource is written; None where that is not known.
    """

    id: str
    severity: Severity
    resource: str
    target: str
    message: str
    fix: str
    status: Status = Status.FAILED
    title: str = ""
    reason: str = ""
    place: Place | None = None

    def __str__(self) -> str:
        """`<resource>: <message> (<id>, <severity>); <fix>`."""
        return f"{self.resource}: {self.message} ({self.id}, {self.severity}); {self.fix}"
