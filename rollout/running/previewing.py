"""What would happen next, without anything being written or started."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rollout.domain.model import Run
from rollout.domain.ports import Journal
from rollout.domain.progress import Progress
from rollout.domain.records import Draft
from rollout.domain.scheduler import decide
from rollout.running.ledger import add_drafts


@dataclass(frozen=True)
class Preview:
    """What would happen next.

    Attributes:
        start: targets that would start now, in order.
        progress: how far the run would be.
    """

    start: tuple[str, ...]
    progress: Progress


def previewed(run: Run, journal: Journal, drafts: Sequence[Draft], *, now: datetime) -> Preview:
    """What would start after these drafts.

    Args:
        run: the run.
        journal: its journal; is only read.
        drafts: what would be written first.
        now: the time.

    Raises:
        StoreError: the journal cannot be read.
    """
    records = journal.read()
    numbers = {record.subject: record.number for record in records}
    progress = Progress.of(run, records)
    add_drafts(progress, numbers, drafts, at=now)
    while True:
        decision = decide(run, progress, now=now, running=frozenset(), readings={})
        if decision.start or decision.is_over or not decision.drafts:
            add_drafts(progress, numbers, () if decision.start else decision.drafts, at=now)
            return Preview(decision.start, progress)
        add_drafts(progress, numbers, decision.drafts, at=now)
