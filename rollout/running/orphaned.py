"""Looks for states that no declared target has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from rollout.domain.errors import RolloutError
from rollout.domain.model import RunTarget
from rollout.domain.orphans import Known, Orphan, orphans
from rollout.domain.ports import RunStore
from rollout.domain.states import StateFile, StatePlace, state_place
from rollout.running.in_parallel import Told, in_parallel

_WORKERS = 16


class Looking(Protocol):
    """Lists and reads states."""

    def near(self, targets: Iterable[RunTarget]) -> tuple[StateFile, ...]:
        """Every state in the buckets and folders that targets keep theirs in."""
        ...

    def resources(self, target: RunTarget, place: StatePlace) -> int:
        """How many managed resources a state holds, read with a target's credentials."""
        ...


def known_targets(store: RunStore, *, told: Told = lambda *_: None) -> Mapping[StatePlace, Known]:
    """Targets of every run of a store, each with the newest run that had it.

    Args:
        store: where runs are kept.
        told: told how many runs were read, and of how many.

    Raises:
        StoreError: a run cannot be read.
    """
    runs = in_parallel(store.read, store.run_ids(), workers=_WORKERS, told=told)
    return {state_place(target.target): Known(run.id, target) for run in runs for target in run.targets}


def find_orphans(
    declared: Iterable[RunTarget],
    known: Mapping[StatePlace, Known],
    states: Looking,
    *,
    told: Told = lambda *_: None,
) -> tuple[Orphan, ...]:
    """States that hold resources, and that no declared target has.

    Args:
        declared: every target of the configuration.
        known: targets of runs, by the place of their state.
        states: lists and reads states.
        told: told how many states were read, and of how many.

    Raises:
        RolloutError: with a sentence for each bucket that cannot be listed, and each state that cannot be read.
    """
    every = tuple(declared)
    near = (*every, *(each.target for each in known.values()))
    found = orphans(states.near(near), (each.target for each in every), known)
    readers: dict[str, RunTarget] = {}
    for target in near:
        readers.setdefault(state_place(target.target).bucket, target)

    def counted(orphan: Orphan) -> Orphan | str:
        place = orphan.file.place
        try:
            return replace(orphan, resources=states.resources(readers[place.bucket], place))
        except RolloutError as error:
            return str(error)

    read = in_parallel(counted, found, workers=_WORKERS, told=told)
    problems = [each for each in read if isinstance(each, str)]
    if problems:
        raise RolloutError("\n".join(problems))
    return tuple(each for each in read if isinstance(each, Orphan) and each.resources)
