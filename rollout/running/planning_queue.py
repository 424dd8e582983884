"""Targets planned several at once, what they build on first; what cannot be planned yet is blocked, never guessed."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from threading import Event

from modules.core.errors import SuiteError
from rollout.domain.model import RunTarget, TargetState
from rollout.domain.naming import named
from rollout.domain.ports import PlanOutcome, RunStore, Unit
from rollout.domain.progress import Progress
from rollout.domain.records import Draft
from rollout.domain.serialized import facts_as_json
from rollout.running.observing import Observer, Silent


@dataclass(frozen=True)
class Planning:
    """What plans are made with.

    Attributes:
        store: where the run is kept.
        unit: what plans one target.
        workers: how many targets are planned at once.
        observer: told about each target that is planned, or cannot be.
        interrupt: once set, every running Terraform is asked to stop.
    """

    store: RunStore
    unit: Unit
    workers: int = 4
    observer: Observer = field(default_factory=Silent)
    interrupt: Event = field(default_factory=Event)


class PlanningQueue:
    """Plans targets, and writes how each ended before those that build on it are looked at.

    Args:
        planning: what it works with.
        progress: how far the run is; kept up to date.
        wanted: names of the targets to plan.
        looked_at: names of further targets, planned before, that are blocked where what they build on changes now.
    """

    def __init__(
        self, planning: Planning, progress: Progress, wanted: Collection[str], looked_at: Collection[str] = ()
    ) -> None:
        self._planning, self._progress, self._run = planning, progress, progress.run
        self._journal = planning.store.journal(self._run.id)
        self._wanted = frozenset(wanted)
        together = self._wanted.union(looked_at)
        self._left = {
            target.name: sum(upstream in together for upstream in set(target.after))
            for target in self._run.targets
            if target.name in together
        }
        self._unjudged = deque(name for name, left in self._left.items() if not left)
        self._startable: deque[str] = deque()
        self._running: dict[Future[PlanOutcome], str] = {}

    def plan(self) -> None:
        """Plan them all.

        Raises:
            StoreError: the journal cannot be written.
            KeyboardInterrupt: Ctrl-C; what was planned until then is written.
        """
        pool = ThreadPoolExecutor(max_workers=self._planning.workers)
        try:
            while True:
                self._judge()
                while self._startable and len(self._running) < self._planning.workers:
                    target = self._run.by_name[self._startable.popleft()]
                    self._running[pool.submit(self._planned, target)] = target.name
                if not self._running:
                    return
                ended, _ = wait(self._running, return_when=FIRST_COMPLETED)
                self._end(ended)
        except BaseException:
            self._planning.interrupt.set()
            pool.shutdown(wait=True, cancel_futures=True)
            with suppress(BaseException):  # the first error is the one that is told
                self._end([future for future in self._running if not future.cancelled()])
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _planned(self, target: RunTarget) -> PlanOutcome:
        try:
            return self._planning.unit.plan(self._run, target, interrupt=self._planning.interrupt)
        except SuiteError as error:
            return PlanOutcome(None, str(error))

    def _judge(self) -> None:
        """Block what builds on something that is not applied; the others may be planned."""
        while self._unjudged:
            names, settled, blocked = tuple(self._unjudged), [], []
            self._unjudged.clear()
            for name in names:
                if why := self._why_blocked(name):
                    settled.append(name)
                    if (self._progress.state(name), self._progress.reason(name)) != (TargetState.BLOCKED, why):
                        blocked.append(Draft(name, TargetState.BLOCKED, why))
                elif name in self._wanted:
                    self._startable.append(name)
                else:
                    settled.append(name)
            self._write(blocked)
            self._let_go(settled)

    def _end(self, futures: Iterable[Future[PlanOutcome]]) -> None:
        """Write how plans ended, and look at what builds on them."""
        ended = {self._running.pop(future): future for future in tuple(futures)}
        well = [name for name, future in ended.items() if not future.exception()]
        self._write([_draft(name, ended[name].result()) for name in well])
        self._let_go(well)
        for name in ended.keys() - set(well):
            ended[name].result()  # raises what nobody foresaw

    def _write(self, drafts: Collection[Draft]) -> None:
        if not drafts:
            return
        records = self._journal.append(tuple(drafts))
        for record in records:
            self._progress.add(record)
        self._planning.observer.changed(self._progress, records)

    def _let_go(self, names: Iterable[str]) -> None:
        for dependent in (each for name in names for each in self._progress.dependents(name)):
            if dependent in self._left:
                self._left[dependent] -= 1
                if not self._left[dependent]:
                    self._unjudged.append(dependent)

    def _why_blocked(self, name: str) -> str:
        """Why a target cannot be planned yet, as a sentence; empty where it can."""
        upstreams = [each for each in self._run.by_name[name].after if not self._is_settled(each)]
        if not upstreams:
            return ""
        wave = max((self._run.wave_of[each].name for each in upstreams), key=self._places.__getitem__)
        return f"builds on {named(upstreams)}, not applied yet; planned after wave {wave}"

    def _is_settled(self, upstream: str) -> bool:
        """Whether a target is as it is to be: applied, or planned without a change."""
        state, facts = self._progress.state(upstream), self._progress.facts(upstream)
        return state.is_applied or (state is TargetState.PLANNED and facts is not None and facts.is_empty)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {wave.name: place for place, wave in enumerate(self._run.waves)}


def _draft(name: str, outcome: PlanOutcome) -> Draft:
    facts = outcome.facts
    if facts is None:
        return Draft(name, TargetState.PENDING, outcome.reason or "it could not be planned")
    details = {"plan": facts_as_json(facts)}
    if facts.protected:
        why = (
            f"destroys or replaces {named(facts.protected)}, which keep data; allow_destroy of rollout.yaml allows it "
            "with a reason; plan again then"
        )
        return Draft(name, TargetState.BLOCKED, why, details)
    return Draft(name, TargetState.PLANNED, details=details)


def unplanned(progress: Progress) -> Iterator[tuple[str, str]]:
    """Targets that could not be planned, with the reason, in the order of the waves."""
    for target in progress.run.targets:
        if progress.state(target.name) is TargetState.PENDING:
            yield target.name, progress.reason(target.name) or "it was not planned yet"
