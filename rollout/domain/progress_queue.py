"""How far batches and waves are, kept so that one event costs the same in a fleet of ten and of ten thousand."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from rollout.domain.model import Batch, TargetState, Wave, WaveState

WAITING = (TargetState.PENDING, TargetState.BLOCKED, TargetState.PLANNED)
"""States of a target whose apply has not begun."""

_BEGUN = (TargetState.APPLYING, TargetState.BAKING, TargetState.DONE, TargetState.FAILED)


@dataclass(eq=False)
class BatchProgress:
    """How far a batch is.

    Attributes:
        batch: its targets and limits.
        counts: how many of its targets are in each state.
        ready: places of targets that are planned and whose upstreams are applied, in order.
    """

    batch: Batch
    counts: Counter[TargetState]
    ready: list[int] = field(default_factory=list)

    @property
    def applying(self) -> int:
        """How many applies have begun and are not known to have ended."""
        return self.counts[TargetState.APPLYING]

    @property
    def failures(self) -> int:
        """How many of its targets failed."""
        return self.counts[TargetState.FAILED]

    @property
    def has_begun(self) -> bool:
        """Whether the apply of one of its targets has begun."""
        return any(self.counts[state] for state in _BEGUN)

    @property
    def is_settled(self) -> bool:
        """Whether nothing of it is left to apply."""
        return not self.applying and not any(self.counts[state] for state in WAITING)

    def set_ready(self, place: int, *, ready: bool) -> None:
        """Put a target among those that may start, or take it out."""
        at = bisect_left(self.ready, place)
        stands = at < len(self.ready) and self.ready[at] == place
        if ready and not stands:
            insort(self.ready, place)
        elif stands and not ready:
            del self.ready[at]


@dataclass(eq=False)
class WaveProgress:
    """How far a wave is.

    Attributes:
        place: its place among the waves, from 0.
        wave: its targets, gate and limits.
        batches: how far each batch is.
        since: since when it is in its state.
        state: its state.
        approved: digest of its plans that a person approved; empty before.
        is_accepted: whether a person accepted alarms without data.
        baking: names of targets that bake, in the order of their applies.
        watched: those of them that have alarms to be read.
        digest: of its plans together, where it is known; it is cleared when one of them changes.
    """

    place: int
    wave: Wave
    batches: tuple[BatchProgress, ...]
    since: datetime
    state: WaveState = WaveState.PENDING
    approved: str = ""
    is_accepted: bool = False
    baking: dict[str, None] = field(default_factory=dict)
    watched: dict[str, None] = field(default_factory=dict)
    digest: str = ""

    @property
    def open_batch(self) -> BatchProgress | None:
        """The first batch that is not settled."""
        return next((batch for batch in self.batches if not batch.is_settled), None)

    @property
    def is_settled(self) -> bool:
        """Whether nothing of it is left to apply."""
        return self.open_batch is None
