"""Where targets keep their Terraform state, and what may stand in its way."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from modules.core.target import S3Backend, Target

STATE_SUFFIX = ".tfstate"
LOCK_SUFFIX = ".tflock"
"""What Terraform's S3 backend adds to the key of a state for its lock object (`use_lockfile`)."""

_LOCAL_PREFIX = "terraform."


@dataclass(frozen=True, order=True)
class StatePlace:
    """Where a state is kept.

    Attributes:
        bucket: S3 bucket; empty for a file beside the project.
        key: the object's key, or the file's name.
        region: region of the bucket; empty for a file.
    """

    bucket: str
    key: str
    region: str = ""

    def __str__(self) -> str:
        """Such as `s3://acme-state/acme/dev-main-us-east-1-orders_api.tfstate`."""
        return f"s3://{self.bucket}/{self.key}" if self.bucket else self.key

    @property
    def is_local(self) -> bool:
        """Whether it is a file beside the project."""
        return not self.bucket

    @property
    def name(self) -> str:
        """Name of the target that it is the state of."""
        return (
            self.key.rpartition("/")[2].removesuffix(STATE_SUFFIX).removeprefix(_LOCAL_PREFIX if self.is_local else "")
        )


def state_place(target: Target) -> StatePlace:
    """Where a target keeps its state, as its stack's backend says."""
    backend = target.backend
    if isinstance(backend, S3Backend):
        return StatePlace(backend.bucket, f"{target.org}/{target.name}{STATE_SUFFIX}", backend.region)
    return StatePlace("", f"{_LOCAL_PREFIX}{target.name}{STATE_SUFFIX}")


@dataclass(frozen=True)
class StateLock:
    """Who holds the lock of a state, as Terraform writes it.

    Attributes:
        id: what `terraform force-unlock` takes.
        operation: such as `OperationTypeApply`.
        who: user and host.
        since: since when; None where that cannot be read.
    """

    id: str
    operation: str = ""
    who: str = ""
    since: datetime | None = None

    @classmethod
    def from_json(cls, content: bytes) -> StateLock:
        """From Terraform's lock file; what cannot be read of it stays empty."""
        try:
            found = json.loads(content)
        except ValueError:
            found = {}
        told = found if isinstance(found, dict) else {}
        return cls(
            id=str(told.get("ID") or ""),
            operation=str(told.get("Operation") or ""),
            who=str(told.get("Who") or ""),
            since=_time(str(told.get("Created") or "")),
        )

    def __str__(self) -> str:
        """Such as `lock 5c0d… of OperationTypeApply, held by ci@runner since 2026-11-21 09:30 UTC`."""
        since = f" since {self.since:%Y-%m-%d %H:%M} UTC" if self.since else ""
        return (
            f"lock {self.id or 'without an id'}{f' of {self.operation}' if self.operation else ''}, "
            f"held by {self.who or 'somebody'}{since}"
        )


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class StateFound:
    """What was found where a state is kept.

    Attributes:
        place: where.
        exists: whether there is a state.
        lock: who holds its lock; None where nobody does.
        problem: why it cannot be read, as a sentence; empty otherwise.
    """

    place: StatePlace
    exists: bool = False
    lock: StateLock | None = None
    problem: str = ""


@dataclass(frozen=True, order=True)
class StateFile:
    """A state that is there, whether or not a target is declared for it.

    Attributes:
        place: where.
        changed_at: when it was written last, with a time zone.
        size_bytes: its size.
    """

    place: StatePlace
    changed_at: datetime
    size_bytes: int
