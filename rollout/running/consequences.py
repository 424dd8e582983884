"""What follows from what happened, where nothing is to be started."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from rollout.domain.decision import Decision
from rollout.domain.model import RunState, TargetState
from rollout.domain.ports import Reading
from rollout.domain.records import RUN, WAVE, Draft
from rollout.domain.scheduler import decide
from rollout.running.ledger import Ledger


def decision_of(ledger: Ledger, *, now: datetime, readings: Mapping[str, Reading]) -> Decision:
    """What is to happen next, where engines apply what is applying."""
    progress = ledger.progress
    return decide(ledger.run, progress, now=now, running=frozenset(progress.applying), readings=readings)


def write_consequences(ledger: Ledger, *, now: datetime) -> None:
    """Write that targets are skipped, and that the run is stopped, where what failed asks for it.

    Raises:
        StoreError: the journal cannot be read or written.
    """
    while drafts := [draft for draft in decision_of(ledger, now=now, readings={}).drafts if _is_consequence(draft)]:
        ledger.append(drafts)


def _is_consequence(draft: Draft) -> bool:
    if draft.subject == RUN:
        return draft.state == RunState.STOPPED
    return not draft.subject.startswith(WAVE) and draft.state in {TargetState.SKIPPED, TargetState.DONE}
