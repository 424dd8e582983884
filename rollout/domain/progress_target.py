"""How far one target is, and a person's word on all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rollout.domain.model import PlanFacts, TargetState
from rollout.domain.progress_queue import BatchProgress, WaveProgress


@dataclass(frozen=True)
class Limits:
    """A person's word on every batch, while the run goes on; None where the batch's own number counts.

    Attributes:
        max_concurrent: how many targets are applied at once, at least 1.
        failure_tolerance: how many may fail before nothing more starts.
    """

    max_concurrent: int | None = None
    failure_tolerance: int | None = None


@dataclass(eq=False)
class TargetProgress:
    """How far a target is.

    Attributes:
        place: its place in the order of the waves, from 0.
        wave: its wave.
        batch: its batch.
        since: since when it is in its state.
        state: its state.
        reason: why it is.
        facts: of its plan; None before it was planned.
        attempts: how many applies began.
        how: it was applied, as in `ApplyOutcome`.
        begun: digest of the plan whose apply began last.
        is_applied: whether the last apply that began ended well.
        is_cut_short: whether the run stopped before its alarms were watched to the end.
        waited: its state before its apply, or before it was skipped.
        waited_reason: why it was in that state.
        upstreams_left: how many of the targets that it builds on are not applied.
        upstreams_lost: how many of them failed or are skipped.
    """

    place: int
    wave: WaveProgress
    batch: BatchProgress
    since: datetime
    state: TargetState = TargetState.PENDING
    reason: str = ""
    facts: PlanFacts | None = None
    attempts: int = 0
    how: str = ""
    begun: str = ""
    is_applied: bool = False
    is_cut_short: bool = False
    waited: TargetState = TargetState.PENDING
    waited_reason: str = ""
    upstreams_left: int = 0
    upstreams_lost: int = 0
