"""Whether the plans of a run are what was reviewed, before anything of it is applied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from rollout.domain.digest import plan_digest
from rollout.domain.errors import StoreError
from rollout.domain.model import PlanFacts, Run, TargetState
from rollout.domain.ports import Part, RunStore
from rollout.domain.progress import Progress
from rollout.running.in_parallel import in_parallel

_READERS = 8
_PLANNED = frozenset({TargetState.PLANNED, TargetState.APPLYING})


def planned(run: Run, progress: Progress) -> tuple[str, ...]:
    """Targets whose plan is still to be applied, or whose apply nobody saw the end of, in order."""
    return tuple(target.name for target in run.targets if progress.state(target.name) in _PLANNED)


def expired(run: Run, progress: Progress, *, now: datetime) -> tuple[str, ...]:
    """A sentence for each plan that may not be applied any more."""
    sentences = []
    for target in run.targets:
        facts = progress.facts(target.name)
        if facts is not None and progress.state(target.name) is TargetState.PLANNED and facts.expires_at <= now:
            sentences.append(
                f"{target.name}: its plan expired at {moment(facts.expires_at)}; a plan is applied before it expires; "
                f"run `lambdanet rollout plan --run {run.id}`, which plans it anew, and review it"
            )
    return tuple(sentences)


def altered(
    run: Run, progress: Progress, store: RunStore, names: Sequence[str], seen: Callable[[int, int], None]
) -> tuple[str, ...]:
    """A sentence for each target whose plan is missing, or is not the one that was reviewed.

    Args:
        run: the run.
        progress: how far it is.
        store: where plans are.
        names: targets that are looked at.
        seen: told how many have been looked at, and of how many.
    """

    def problem(name: str) -> str:
        facts = progress.facts(name)
        return _problem(run, name, facts, store) if facts else f"{name}: has no plan"

    return tuple(sentence for sentence in in_parallel(problem, names, workers=_READERS, told=seen) if sentence)


def _problem(run: Run, name: str, facts: PlanFacts, store: RunStore) -> str:
    try:
        digest = plan_digest(
            plan=store.get(run.id, name, Part.PLAN),
            plan_json=store.get(run.id, name, Part.PLAN_JSON),
            root=store.get(run.id, name, Part.ROOT),
            suite_version=run.suite_version,
            planned_at=facts.planned_at,
            expires_at=facts.expires_at,
        )
    except StoreError as error:
        return str(error)
    if digest == facts.digest:
        return ""
    return (
        f"{name}: its plan has the digest {digest[:12]}, the reviewed one has {facts.digest[:12]}; only what was "
        "reviewed is applied; find out who changed the store, and run `lambdanet rollout plan` for a new run"
    )


def moment(at: datetime) -> str:
    """A time as people read it, to the second."""
    return at.isoformat(sep=" ", timespec="seconds")
