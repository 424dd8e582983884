"""Runs that go back: roots that earlier runs applied, planned against what is there now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rollout.domain.errors import RolloutError
from rollout.domain.model import Batch, Run, RunKind, RunTarget, TargetState, Wave
from rollout.domain.naming import said_once
from rollout.domain.ports import RunStore
from rollout.domain.progress import Progress
from rollout.domain.waves import Resolved

_UNTOUCHED = frozenset({TargetState.PENDING, TargetState.BLOCKED, TargetState.PLANNED, TargetState.SKIPPED})


@dataclass(frozen=True)
class Return:
    """What a rollback plans.

    Attributes:
        resolved: targets and waves.
        sources: the run whose root each target goes back to, by target name.
        left_out: why a target that the run changed is not among them, by target name, as sentences.
    """

    resolved: Resolved
    sources: Mapping[str, str]
    left_out: Mapping[str, str]

    @property
    def source_run(self) -> str:
        """The newest run that a target goes back to."""
        return max(self.sources.values(), default="")


def changed_targets(progress: Progress) -> tuple[RunTarget, ...]:
    """Targets that a run began to apply, however that ended."""
    return tuple(
        target
        for target in progress.run.targets
        if progress.attempts(target.name) or progress.state(target.name) not in _UNTOUCHED
    )


def way_back(store: RunStore, run: Run, *, to: str = "", only: Iterable[str] = ()) -> Return:
    """What each target that a run changed was before: the root of the newest earlier run that was applied to it.

    Waves, batches and their limits are those of the run.

    Args:
        store: where runs are kept.
        run: the run that is taken back.
        to: id of the run to go back to; empty for the newest one before, target by target.
        only: names of the targets wanted; empty for all that the run changed.

    Raises:
        RolloutError: the run changed nothing, or no target has anything to go back to.
        StoreError: a run or its journal cannot be read.
    """
    progress = Progress.of(run, store.journal(run.id).read())
    names = set(only)
    wanted = {each.name: each for each in changed_targets(progress) if not names or each.name in names}
    if not wanted:
        raise RolloutError(
            f"run {run.id}: it has changed no target{' of those named' if names else ''}; there is nothing to go back "
            f"from; name another run"
        )
    sources, gone = last_applied(store, _earlier(store, run, to), tuple(wanted))
    left_out = {
        name: _destroyed(name, gone[name]) if name in gone else _nothing_before(name, run.id, to)
        for name in wanted
        if name not in sources
    }
    if not sources:
        raise RolloutError("\n".join(said_once(left_out.values())))
    return Return(_resolved(run, wanted, sources), sources, left_out)


def last_applied(
    store: RunStore, run_ids: Sequence[str], wanted: Sequence[str]
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The newest run that was applied to each target, and the same for those which that run destroyed.

    Args:
        store: where runs are kept.
        run_ids: ids of the runs that are looked at, the oldest first.
        wanted: names of the targets; those that no run was applied to are in neither answer.

    Raises:
        StoreError: a run or its journal cannot be read.
    """
    sources: dict[str, str] = {}
    gone: dict[str, str] = {}
    for run_id in reversed(run_ids):
        left = [name for name in wanted if name not in sources and name not in gone]
        if not left:
            break
        before = store.read(run_id)
        applied = Progress.of(before, store.journal(run_id).read())
        found = gone if before.kind is RunKind.DESTROY else sources
        found.update({name: run_id for name in left if name in before.by_name and applied.state(name).is_applied})
    return sources, gone


def _earlier(store: RunStore, run: Run, to: str) -> tuple[str, ...]:
    before = tuple(run_id for run_id in store.run_ids() if run_id < run.id)
    if not to:
        return before
    if to not in before:
        known = ", ".join(before[-_SHOWN:]) or "none"
        raise RolloutError(
            f'--to is "{to}", which is no run before {run.id}; the newest are: {known}; name one of them'
        )
    return (to,)


_SHOWN = 5


def _destroyed(name: str, run_id: str) -> str:
    return (
        f"{name}: before, run {run_id} had destroyed it; there is nothing to go back to; take the target out and run "
        "`lambdanet rollout orphans`"
    )


def _nothing_before(name: str, run_id: str, to: str) -> str:
    which = f"run {to} did not apply it" if to else f"no run before {run_id} of this store applied it"
    return (
        f"{name}: {which}; a rollback plans a configuration that was applied before; change the configuration and roll "
        "it out, or take the target out and run `lambdanet rollout orphans`"
    )


def _resolved(run: Run, wanted: Mapping[str, RunTarget], sources: Mapping[str, str]) -> Resolved:
    """Targets that go back, in the waves and batches that they came in."""
    targets = tuple(
        RunTarget(each.target, tuple(name for name in each.after if name in sources))
        for each in run.targets
        if each.name in wanted and each.name in sources
    )
    waves = (_kept(wave, sources) for wave in run.waves)
    return Resolved(targets, tuple(wave for wave in waves if wave.batches))


def _kept(wave: Wave, sources: Mapping[str, str]) -> Wave:
    batches = []
    for batch in wave.batches:
        names = tuple(name for name in batch.targets if name in sources)
        if names:
            batches.append(_smaller(batch, names))
    return replace(wave, batches=tuple(batches))


def _smaller(batch: Batch, names: tuple[str, ...]) -> Batch:
    return replace(
        batch,
        targets=names,
        max_concurrent=min(batch.max_concurrent, len(names)),
        failure_tolerance=min(batch.failure_tolerance, len(names)),
    )
