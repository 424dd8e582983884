"""Releases the lock of a state whose holder is dead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from rollout.domain.errors import RolloutError
from rollout.domain.model import RunTarget
from rollout.domain.ports import RunStore
from rollout.domain.records import NOTED, RUN, Draft
from rollout.domain.states import StateFound, StateLock


class Unlocking(Protocol):
    """Releases locks."""

    def unlock(self, target: RunTarget, lock_id: str) -> None:
        """Release the lock of a target's state.

        Raises:
            PlanError: Terraform refuses.
        """
        ...


@dataclass(frozen=True)
class Unlocked:
    """A lock that was released.

    Attributes:
        lock: who held it.
        run: the newest run with the target, whose journal tells of it; empty where no run has the target.
    """

    lock: StateLock
    run: str


def unlock(
    target: RunTarget,
    store: RunStore,
    unlocking: Unlocking,
    *,
    state_of: Callable[[RunTarget], StateFound],
    lock_id: str,
    reason: str,
) -> Unlocked:
    """Release the lock of a target's state, and note it in the journal of the newest run with the target.

    Args:
        target: the target.
        store: where runs are kept.
        unlocking: releases locks.
        state_of: reads who holds the lock.
        lock_id: id of the lock that is known to be dead.
        reason: why it is.

    Raises:
        RolloutError: no reason is given, the state is not locked or by another lock, its lock is a process on this
            machine, or a rollout is going on.
        PlanError: Terraform refuses.
    """
    if not reason.strip():
        raise RolloutError(f"{target.name}: --reason is empty; the reason stands in the journal; say why it is dead")
    lock = _dead_lock(target, state_of(target), lock_id)
    owner = store.owner()
    if owner is not None:
        raise RolloutError(
            f"{target.name}: run {owner.run} goes on, carried out by {owner.by} (process {owner.pid} on {owner.host}) "
            f"since {owner.since:%Y-%m-%d %H:%M} UTC; the lock may be its own; let it end, or pause it"
        )
    unlocking.unlock(target, lock_id)
    run_id = next((each for each in reversed(store.run_ids()) if target.name in store.read(each).by_name), "")
    if run_id:
        told = f"{target.name}: {lock} was released: {reason.strip()}"
        store.journal(run_id).append((Draft(RUN, NOTED, told, {"target": target.name, "lock_id": lock_id}),))
    return Unlocked(lock, run_id)


def _dead_lock(target: RunTarget, state: StateFound, lock_id: str) -> StateLock:
    if state.problem:
        raise RolloutError(state.problem)
    if state.lock is None:
        raise RolloutError(f"{target.name}: {state.place} is not locked; there is nothing to release; go on")
    if state.place.is_local:
        raise RolloutError(
            f"{target.name}: {state.place} is locked by a process on this machine ({state.lock}); such a lock ends "
            "with its process; end that"
        )
    if state.lock.id != lock_id:
        raise RolloutError(
            f"{target.name}: --lock-id is {lock_id}; {state.place} has {state.lock}; it was taken anew since, so its "
            "holder may live; look again"
        )
    return state.lock
