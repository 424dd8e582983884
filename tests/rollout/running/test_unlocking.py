"""A dead lock is released, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rollout.domain.errors import RolloutError
from rollout.domain.model import RunTarget
from rollout.domain.ports import Owner
from rollout.domain.progress import Progress
from rollout.domain.states import StateFound, StateLock, StatePlace
from rollout.running.unlocking import Unlocked, unlock
from tests.modules.core.test_target import target
from tests.rollout.running.planning_fakes import MemoryStore
from tests.rollout.running.test_returning import run

ONE = RunTarget(target())
NAME = ONE.name
LOCK = StateLock("5c0d", "OperationTypeApply", "ci@runner", datetime(2026, 11, 21, 9, 30, tzinfo=UTC))
TOLD = "lock 5c0d of OperationTypeApply, held by ci@runner since 2026-11-21 09:30 UTC"
PLACE = StatePlace("acme-state", f"acme/{NAME}.tfstate", "eu-west-1")
LOCKED = StateFound(PLACE, exists=True, lock=LOCK)


class Releasing:
    """Notes what is released."""

    def __init__(self) -> None:
        self.released: list[tuple[str, str]] = []

    def unlock(self, target: RunTarget, lock_id: str) -> None:
        self.released.append((target.name, lock_id))


class Owned(MemoryStore):
    """A store whose lock somebody holds."""

    def owner(self) -> Owner | None:
        return Owner("20261121-000000-aaaaaa", "me", "here", 7, datetime(2026, 11, 21, 9, tzinfo=UTC))


def refused(found: StateFound, *, lock_id: str = "5c0d", reason: str = "dead", store: MemoryStore | None = None) -> str:
    releasing = Releasing()
    with pytest.raises(RolloutError) as error:
        unlock(ONE, store or MemoryStore(), releasing, state_of=lambda _: found, lock_id=lock_id, reason=reason)
    assert releasing.released == []
    return str(error.value)


def test_a_lock_is_released_and_noted_in_the_newest_run_with_the_target() -> None:
    store, releasing = MemoryStore(), Releasing()
    for day, each in ((1, ONE), (2, ONE), (3, RunTarget(target(stack="another")))):
        store.create(run(day, each))
    found = unlock(ONE, store, releasing, state_of=lambda _: LOCKED, lock_id="5c0d", reason=" its runner is gone ")
    newest = run(2, ONE)
    assert found == Unlocked(LOCK, newest.id)
    assert releasing.released == [(NAME, "5c0d")]
    (record,) = store.journal(newest.id).records
    assert (record.subject, record.state) == ("run", "noted")
    assert record.draft.reason == f"{NAME}: {TOLD} was released: its runner is gone"
    assert Progress.of(newest, [record]).run_state == "planned"


def test_without_a_run_nothing_is_noted() -> None:
    found = unlock(ONE, MemoryStore(), Releasing(), state_of=lambda _: LOCKED, lock_id="5c0d", reason="dead")
    assert found == Unlocked(LOCK, "")


def test_what_is_refused() -> None:
    assert refused(LOCKED, reason=" ") == (
        f"{NAME}: --reason is empty; the reason stands in the journal; say why it is dead"
    )
    assert refused(StateFound(PLACE)) == f"{NAME}: {PLACE} is not locked; there is nothing to release; go on"
    assert refused(StateFound(PLACE, problem="no bucket; make it")) == "no bucket; make it"
    assert refused(LOCKED, lock_id="other") == (
        f"{NAME}: --lock-id is other; {PLACE} has {TOLD}; it was taken anew since, so its holder may live; look again"
    )
    local = StatePlace("", f"terraform.{NAME}.tfstate")
    assert refused(StateFound(local, exists=True, lock=LOCK)) == (
        f"{NAME}: {local} is locked by a process on this machine ({TOLD}); such a lock ends with its process; end that"
    )
    assert refused(LOCKED, store=Owned()) == (
        f"{NAME}: run 20261121-000000-aaaaaa goes on, carried out by me (process 7 on here) since 2026-11-21 09:00 "
        "UTC; the lock may be its own; let it end, or pause it"
    )
