"""How a shift is carried out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from modules.core.errors import ConfigError, Problem


class OnFailure(StrEnum):
    """What happens to the other functions when one of them cannot be shifted."""

    ROLL_BACK_FAILED = "roll-back-failed"
    ROLL_BACK_ALL = "roll-back-all"


class OnInterrupt(StrEnum):
    """What happens to running deployments when the command is ended, or has no time left."""

    LEAVE = "leave"
    ROLL_BACK = "roll-back"


@dataclass(frozen=True)
class ShiftOptions:
    """How a shift is carried out.

    Attributes:
        ignored_alarms: names of alarms that these deployments do not watch.
        reason: why they may be ignored; stands in each deployment's description.
        on_failure: what happens to the other functions when one fails.
        on_interrupt: what happens to running deployments when the command is ended, or has no time left.
        timeout_seconds: how long all of it may take; None for what the traffic and the hooks may take.
        poll_seconds: time between two looks at a deployment.
        settle_seconds: how long a rollback may take until all traffic is back.
    """

    ignored_alarms: Sequence[str] = ()
    reason: str = ""
    on_failure: OnFailure = OnFailure.ROLL_BACK_FAILED
    on_interrupt: OnInterrupt = OnInterrupt.LEAVE
    timeout_seconds: float | None = None
    poll_seconds: float = 5.0
    settle_seconds: float = 300.0

    def __post_init__(self) -> None:
        if bool(self.ignored_alarms) != bool(self.reason.strip()):
            given = "alarms are ignored without a reason" if self.ignored_alarms else "a reason is given for nothing"
            raise ConfigError(
                [
                    Problem(
                        "release shift",
                        given,
                        "an alarm is ignored by its name, with a reason that stands in the deployment's description",
                        "give --ignore-alarm and --reason, or neither",
                    )
                ]
            )


class Clock(Protocol):
    """The time, and waiting."""

    def now(self) -> float:
        """Seconds that only ever grow."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's."""

    def now(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)
