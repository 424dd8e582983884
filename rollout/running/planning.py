"""Runs planned: one root for each target kept, then plans of all targets, what they build on first."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from datetime import datetime

from rollout.domain.errors import RolloutError
from rollout.domain.model import Run, RunKind, RunState, RunTarget, TargetState
from rollout.domain.naming import said_once
from rollout.domain.ports import Part
from rollout.domain.progress import Progress
from rollout.domain.waves import Resolved
from rollout.running.in_parallel import Told, in_parallel
from rollout.running.planning_queue import Planning, PlanningQueue, unplanned

__all__ = ["Planning", "due", "new_run", "plan_more", "plan_run", "unplanned"]

_PLANNABLE = frozenset({TargetState.PENDING, TargetState.BLOCKED, TargetState.PLANNED})
_RANDOM_BYTES = 3


def new_run(
    resolved: Resolved,
    *,
    now: datetime,
    suite_version: str,
    kind: RunKind = RunKind.ROLLOUT,
    revision: str = "",
    source_run: str = "",
) -> Run:
    """A run with a new id.

    Args:
        resolved: its targets and waves.
        now: the time, in UTC; the id begins with it, so that ids sort by time.
        suite_version: version of the suite.
        kind: what it does.
        revision: what is planned, such as a commit.
        source_run: the run whose configuration a rollback plans anew.

    Raises:
        RolloutError: it has no target.
    """
    if not resolved.targets:
        raise RolloutError("a run without targets changes nothing; name a target below environments/, or another one")
    return Run(
        id=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(_RANDOM_BYTES)}",
        kind=kind,
        created_at=now,
        suite_version=suite_version,
        targets=resolved.targets,
        waves=resolved.waves,
        revision=revision,
        source_run=source_run,
    )


def plan_run(
    planning: Planning, run: Run, root_of: Callable[[RunTarget], bytes], *, told: Told = lambda *_: None
) -> Progress:
    """Keep a new run with the root of each target, and plan every target.

    A target that builds on one which is not applied yet, and is to change, is blocked: it is planned later, against
    what is there then. A target that cannot be planned stays pending, with the reason.

    Args:
        planning: what plans are made with.
        run: the run; the store does not know it yet.
        root_of: the packed Terraform root of a target; called from several threads.
        told: told how many roots are kept, and of how many.

    Raises:
        StoreError: the run cannot be kept.
    """
    planning.store.create(run)

    def keep(target: RunTarget) -> None:
        planning.store.put(run.id, target.name, Part.ROOT, root_of(target))

    in_parallel(keep, run.targets, workers=planning.workers, told=told)
    progress = Progress(run)
    PlanningQueue(planning, progress, tuple(progress.names)).plan()
    return progress


def plan_more(planning: Planning, run: Run, *, now: datetime, only: Collection[str] = ()) -> Progress:
    """Plan what a run has to be planned yet: what is blocked or could not be planned, and what has expired.

    A target that is planned already is blocked where what it builds on is to change now and was not before.

    Args:
        planning: what plans are made with.
        run: the run.
        now: the time.
        only: names of targets that are planned again even though their plans hold; empty for what is due.

    Raises:
        LockedError: a rollout is going on.
        RolloutError: a named target is not in the run, or has been applied.
        StoreError: the journal cannot be read or written.
    """
    with planning.store.locked(run.id):
        progress = Progress.of(run, planning.store.journal(run.id).read())
        _require_plannable(progress, only)
        wanted = tuple(only) or due(progress, now=now)
        PlanningQueue(planning, progress, wanted, _planned_above(progress, wanted)).plan()
    return progress


def due(progress: Progress, *, now: datetime) -> tuple[str, ...]:
    """Targets that have to be planned: pending, blocked, or planned too long ago; in the order of the waves."""
    found = []
    for name in progress.names:
        state, facts = progress.state(name), progress.facts(name)
        is_expired = state is TargetState.PLANNED and (facts is None or facts.expires_at <= now)
        if state in {TargetState.PENDING, TargetState.BLOCKED} or is_expired:
            found.append(name)
    return tuple(found)


def _require_plannable(progress: Progress, names: Collection[str]) -> None:
    run = progress.run
    problems = []
    for name in names:
        if name not in run.by_name:
            problems.append(
                f'run {run.id}: has no target "{name}"; `lambdanet rollout status` lists them; name another'
            )
        elif progress.state(name) not in _PLANNABLE:
            problems.append(
                f"{name}: is {progress.state(name)} in run {run.id}; a target is planned before it is applied; resume "
                "the run, or plan a new one"
            )
    if progress.run_state is RunState.COMPLETED:
        problems.append(f"run {run.id}: is completed; nothing of it is planned any more; plan a new run")
    if problems:
        raise RolloutError("\n".join(said_once(problems)))


def _planned_above(progress: Progress, names: Collection[str]) -> tuple[str, ...]:
    """Targets that are planned, and build on one of these, on one that does, and so on."""
    found: dict[str, None] = {}
    left, named = list(names), frozenset(names)
    while left:
        for dependent in progress.dependents(left.pop()):
            if dependent not in found and dependent not in named and progress.state(dependent) is TargetState.PLANNED:
                found[dependent] = None
                left.append(dependent)
    return tuple(found)
