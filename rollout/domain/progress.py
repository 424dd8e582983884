"""How far a run is: what its journal says, folded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rollout.domain.errors import StoreError
from rollout.domain.gates import counted
from rollout.domain.model import Batch, PlanFacts, Run, RunState, TargetState, WaveState
from rollout.domain.progress_queue import WAITING, BatchProgress, WaveProgress
from rollout.domain.progress_target import Limits, TargetProgress
from rollout.domain.records import ACCEPTED, APPROVED, LIMITS, NOTED, RUN, WAVE, Record
from rollout.domain.serialized import facts_from_json

__all__ = ["Limits", "Progress"]


class Progress:
    """How far a run is. Records may come in any order, but for those of one subject; one that came before is left out.

    Waves are named by their name, targets by theirs.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.run_state, self.run_since, self.run_reason = RunState.PLANNED, run.created_at, ""
        self.limits = Limits()
        self.waves: dict[str, WaveProgress] = {}
        self.targets: dict[str, TargetProgress] = {}
        self.names: list[str] = []
        self.applying: dict[str, None] = {}
        self.doomed: dict[str, None] = {}
        self._numbers: dict[str, int] = {}
        self._counts: Counter[TargetState] = Counter({TargetState.PENDING: len(run.targets)})
        self._current = 0
        for wave in run.waves:
            batches = tuple(
                BatchProgress(each, Counter({TargetState.PENDING: len(each.targets)})) for each in wave.batches
            )
            self.waves[wave.name] = known = WaveProgress(len(self.waves), wave, batches, run.created_at)
            for batch in batches:
                for name in batch.batch.targets:
                    self.targets[name] = TargetProgress(len(self.names), known, batch, run.created_at)
                    self.names.append(name)
        self._in_order = list(self.waves.values())
        self._dependents: dict[str, list[str]] = {}
        for target in run.targets:
            upstreams = [name for name in dict.fromkeys(target.after) if name in self.targets]
            self.targets[target.name].upstreams_left = len(upstreams)
            for name in upstreams:
                self._dependents.setdefault(name, []).append(target.name)

    @classmethod
    def of(cls, run: Run, records: Iterable[Record]) -> Progress:
        """The progress that records tell.

        Raises:
            StoreError: a record is not about this run.
        """
        progress = cls(run)
        for record in records:
            progress.add(record)
        return progress

    def add(self, record: Record) -> None:
        """Take in one more record.

        Raises:
            StoreError: it is not about this run.
        """
        if record.number <= self._numbers.get(record.subject, 0):
            return
        try:
            if record.subject == RUN:
                self._add_to_run(record)
            elif record.subject.startswith(WAVE):
                self._add_to_wave(record, self.waves[record.subject.removeprefix(WAVE)])
            else:
                self._add_to_target(record, self.targets[record.subject])
        except (KeyError, TypeError, ValueError) as error:
            raise StoreError(
                f"{self.run.id}: record {record.number} of {record.subject} says {record.state}; the run has no such "
                "subject or state, or the record is incomplete; the journal was changed, or written by another version "
                "of lambdanet; plan a new run"
            ) from error
        self._numbers[record.subject] = record.number

    def state(self, target: str) -> TargetState:
        """The target's state."""
        return self.targets[target].state

    def since(self, target: str) -> datetime:
        """Since when the target is in its state."""
        return self.targets[target].since

    def facts(self, target: str) -> PlanFacts | None:
        """Facts of the target's plan; None before it was planned."""
        return self.targets[target].facts

    def reason(self, target: str) -> str:
        """Why the target is in its state; may be empty."""
        return self.targets[target].reason

    def attempts(self, target: str) -> int:
        """How many applies of the target began."""
        return self.targets[target].attempts

    def how(self, target: str) -> str:
        """How the target was applied, as in `ApplyOutcome`; empty before."""
        return self.targets[target].how

    def has_begun(self, target: str) -> bool:
        """Whether an apply of the target's present plan began before, so that the next one is a recovery."""
        known = self.targets[target]
        return known.facts is not None and known.begun == known.facts.digest

    def wave_state(self, wave: str) -> WaveState:
        """The wave's state."""
        return self.waves[wave].state

    def wave_since(self, wave: str) -> datetime:
        """Since when the wave is in its state."""
        return self.waves[wave].since

    def approved(self, wave: str) -> str:
        """Digest of the wave's plans that a person approved; empty before."""
        return self.waves[wave].approved

    def is_accepted(self, wave: str) -> bool:
        """Whether a person accepted alarms without data in the wave."""
        return self.waves[wave].is_accepted

    @property
    def counts(self) -> Mapping[TargetState, int]:
        """How many targets are in each state."""
        return {state: self._counts[state] for state in TargetState}

    def wave_counts(self, wave: str) -> Mapping[TargetState, int]:
        """How many targets of the wave are in each state."""
        batches = self.waves[wave].batches
        return {state: sum(batch.counts[state] for batch in batches) for state in TargetState}

    def failures(self, batch: Batch) -> int:
        """How many targets of the batch failed."""
        return self.targets[batch.targets[0]].batch.failures if batch.targets else 0

    @property
    def current_wave(self) -> WaveProgress | None:
        """The first wave that has not passed; None when all have."""
        while self._current < len(self._in_order) and self._in_order[self._current].state is WaveState.PASSED:
            self._current += 1
        return self._in_order[self._current] if self._current < len(self._in_order) else None

    def dependents(self, target: str) -> tuple[str, ...]:
        """Targets that build on this one."""
        return tuple(self._dependents.get(target, ()))

    def _add_to_run(self, record: Record) -> None:
        if record.state == NOTED:
            return
        if record.state == LIMITS:
            given: Mapping[str, Any] = record.draft.details
            most, tolerance = given.get("max_concurrent"), given.get("failure_tolerance")
            self.limits = Limits(
                self.limits.max_concurrent if most is None else max(1, int(most)),
                self.limits.failure_tolerance if tolerance is None else max(0, int(tolerance)),
            )
            return
        self.run_state, self.run_since, self.run_reason = RunState(record.state), record.at, record.draft.reason

    def _add_to_wave(self, record: Record, wave: WaveProgress) -> None:
        if record.state == APPROVED:
            wave.approved = str(record.draft.details["digest"])
        elif record.state == ACCEPTED:
            wave.is_accepted = True
        else:
            wave.state, wave.since = WaveState(record.state), record.at
            self._current = min(self._current, wave.place)

    def _add_to_target(self, record: Record, target: TargetProgress) -> None:
        state, details = TargetState(record.state), record.draft.details
        if state in WAITING:
            target.waited, target.waited_reason = state, record.draft.reason
            if "plan" in details:
                target.facts = facts_from_json(details["plan"], where=record.subject)
                target.wave.digest, target.is_applied = "", False
        elif state is TargetState.APPLYING:
            target.attempts = int(details.get("attempt", target.attempts + 1))
            target.begun, target.is_applied = (target.facts.digest if target.facts else ""), False
        elif state.is_applied:
            target.is_applied = True
            target.how = str(details.get("how", target.how))
            target.is_cut_short = bool(details.get("is_cut_short", False))
        before, target.state = target.state, state
        target.since, target.reason = record.at, record.draft.reason
        self._move(record.subject, target, before)

    def _move(self, name: str, target: TargetProgress, before: TargetState) -> None:
        for counts in (self._counts, target.batch.counts):
            counts[before] -= 1
            counts[target.state] += 1
        _keep(self.applying, name, is_in=target.state is TargetState.APPLYING)
        wave, facts = target.wave, target.facts
        is_baking = target.state is TargetState.BAKING
        _keep(wave.baking, name, is_in=is_baking)
        _keep(wave.watched, name, is_in=is_baking and bool(facts and counted(wave.wave.gate, facts.alarms)))
        left = before.is_applied - target.state.is_applied
        lost = (target.state in _LOST) - (before in _LOST)
        for dependent in self._dependents.get(name, ()) if left or lost else ():
            self.targets[dependent].upstreams_left += left
            self.targets[dependent].upstreams_lost += lost
            self._place(dependent)
        self._place(name)

    def _place(self, name: str) -> None:
        target = self.targets[name]
        is_ready = target.state is TargetState.PLANNED and not target.upstreams_left and target.facts is not None
        target.batch.set_ready(target.place, ready=is_ready)
        _keep(self.doomed, name, is_in=target.state in WAITING and target.upstreams_lost > 0)


_LOST = (TargetState.FAILED, TargetState.SKIPPED)


def _keep(names: dict[str, None], name: str, *, is_in: bool) -> None:
    if is_in:
        names[name] = None
    else:
        names.pop(name, None)
