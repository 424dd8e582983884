"""What is to happen next, as the scheduler says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rollout.domain.records import Draft


@dataclass(frozen=True)
class Decision:
    """What is to happen next. Whoever carries it out appends `drafts` first, then starts, then waits.

    Attributes:
        drafts: changes of state to write, in order.
        start: targets whose apply is to begin, in order; their record `applying` is among the drafts.
        recover: those of `start` whose apply began before, and nobody knows how it ended.
        read_alarms: targets whose alarms are to be read, as their wave is running or baking; at each poll, and at
            `next_at` before the scheduler is asked again.
        next_at: when to ask again even if nothing happens, at once where it is not later than now; None where only an
            event changes anything.
        is_over: whether the run waits for a person or has ended, and no apply is running.
    """

    drafts: tuple[Draft, ...] = ()
    start: tuple[str, ...] = ()
    recover: frozenset[str] = frozenset()
    read_alarms: tuple[str, ...] = ()
    next_at: datetime | None = None
    is_over: bool = False
