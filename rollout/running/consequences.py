"""What follows from what happened, where nothing is to be started."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import datetime

from rollout.domain.decision import Decision
from rollout.domain.model import RunState, TargetState
from rollout.domain.ports import AlarmReader, Clock, Reading
from rollout.domain.records import RUN, WAVE, Draft
from rollout.domain.scheduler import decide
from rollout.running.ledger import Ledger
from rollout.running.readings import alarms_of, read_alarms

READERS = 16
"""Accounts that are asked for alarms at once."""


def decision_of(ledger: Ledger, *, now: datetime, readings: Mapping[str, Reading]) -> Decision:
    """What is to happen next, where engines apply what is applying."""
    progress = ledger.progress
    return decide(ledger.run, progress, now=now, running=frozenset(progress.applying), readings=readings)


def readings_of(
    ledger: Ledger, names: Sequence[str], alarms: AlarmReader, clock: Clock, pool: Executor
) -> dict[str, Reading]:
    """Alarms of these targets, each read once, several at a time."""
    run, progress = ledger.run, ledger.progress

    def read(name: str) -> Reading:
        return read_alarms(run.by_name[name], alarms_of(run, progress, name), alarms, clock)

    return dict(zip(names, pool.map(read, names), strict=True))


def write_alarmed(ledger: Ledger, alarms: AlarmReader, clock: Clock) -> None:
    """Write that targets of the present wave failed whose alarms fire now, and what follows from it.

    Raises:
        StoreError: the journal cannot be read or written.
    """
    wave = ledger.progress.current_wave
    if wave is None or not wave.watched:
        return
    with ThreadPoolExecutor(READERS, thread_name_prefix="alarms") as pool:
        readings = readings_of(ledger, tuple(wave.watched), alarms, clock, pool)
    decision = decision_of(ledger, now=clock.now(), readings=readings)
    ledger.append([draft for draft in decision.drafts if draft.state == TargetState.FAILED])
    write_consequences(ledger, now=clock.now())


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
