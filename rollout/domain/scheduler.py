"""What is to happen next in a run: a function of its journal, the time, the running applies and the alarms.

It is asked again after every event, and each answer follows from the present state alone. So going on after a crash
is the same as going on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from rollout.domain.approval import missing_approval
from rollout.domain.decision import Decision
from rollout.domain.model import Run, RunState, TargetState, WaveState
from rollout.domain.ports import Reading
from rollout.domain.progress import Progress
from rollout.domain.progress_queue import WAITING, BatchProgress, WaveProgress
from rollout.domain.records import RUN, WAVE, Draft
from rollout.domain.scheduler_gates import alarmed, doubts
from rollout.domain.scheduler_limits import exceeded, max_concurrent, most_applying
from rollout.domain.scheduler_resuming import ended, reopened
from rollout.domain.scheduler_sentences import inconclusive, stopped, unplanned
from rollout.domain.scheduler_starting import Refusal, may_begin, may_start, refusal

__all__ = ["Refusal", "decide", "ended", "may_begin", "may_start", "refusal", "reopened"]


def decide(
    run: Run, progress: Progress, *, now: datetime, running: frozenset[str], readings: Mapping[str, Reading]
) -> Decision:
    """What is to happen next.

    Whoever carries it out writes the drafts, adds their records to `progress`, starts what is to start, and asks again
    after the next event, at once where `next_at` is not later than now. It costs as much as there is to do and
    `readings` to look at, whatever the size of the run.

    Args:
        run: the run.
        progress: how far it is, with every record that was written.
        now: the time, with a time zone.
        running: targets that this process is applying now.
        readings: alarms of baking targets, as they were read last; those read before the target's apply ended do not
            count, and a bake ends only with readings taken at its end or later.
    """
    return _Moment(run, progress, now, running, readings).decision()


@dataclass(frozen=True)
class _Moment:
    run: Run
    progress: Progress
    now: datetime
    running: frozenset[str]
    readings: Mapping[str, Reading]

    def decision(self) -> Decision:
        state, wave = self.progress.run_state, self.progress.current_wave
        if state in {RunState.STOPPED, RunState.COMPLETED}:
            return Decision(is_over=not self.running)
        if state is RunState.PLANNED:
            return self.then(Draft(RUN, RunState.RUNNING))
        if wave is None:
            return self.over(Draft(RUN, RunState.COMPLETED))
        if changes := (*alarmed(self.progress, wave, self.readings), *self.doomed()):
            return self.then(*changes)
        is_paused = state is RunState.PAUSED
        if exceeded(self.progress, wave):
            decision = self.stopping(wave, is_paused=is_paused)
        elif is_paused:
            decision = Decision(is_over=not self.running)
        elif not wave.is_settled:
            decision = self.going(wave)
        else:
            decision = self.settled(wave)
        return decision if decision.is_over else replace(decision, read_alarms=tuple(wave.watched))

    def then(self, *drafts: Draft) -> Decision:
        """Write, and ask again at once."""
        return Decision(drafts, next_at=self.now)

    def over(self, *drafts: Draft) -> Decision:
        """Write, and end once no apply is running."""
        return Decision(drafts, is_over=not self.running)

    def in_order(self, names: Iterable[str]) -> list[str]:
        return sorted(names, key=lambda name: self.progress.targets[name].place)

    def doomed(self) -> Iterator[Draft]:
        """Targets that wait for one that failed or is skipped; those that wait for them follow in the next decision."""
        for name in self.in_order(self.progress.doomed):
            yield Draft(name, TargetState.SKIPPED, self.why_doomed(name))

    def why_doomed(self, name: str) -> str:
        for each in self.run.by_name[name].after:
            state = self.progress.state(each) if each in self.progress.targets else None
            if state in {TargetState.FAILED, TargetState.SKIPPED}:
                return f"it builds on {each}, which {'failed' if state is TargetState.FAILED else 'is skipped'}"
        return ""

    def stopping(self, wave: WaveProgress, *, is_paused: bool) -> Decision:
        """More failed than is tolerated: what began ends, nothing else begins."""
        if self.progress.applying or self.running:
            return Decision(is_over=not self.running) if is_paused else self.starting(self.unknown())
        reason = stopped(self.run, self.progress, exceeded(self.progress, wave))
        skipped = f"wave {wave.wave.name} met more failures than it tolerates"
        cut = "applied, but its alarms were not watched to the end, as the run stopped"
        drafts = [
            *(
                Draft(name, TargetState.DONE, cut, {"how": self.progress.how(name), "is_cut_short": True})
                for name in wave.baking
            ),
            *(
                Draft(name, TargetState.SKIPPED, skipped)
                for name in self.progress.names
                if self.progress.state(name) in WAITING
            ),
        ]
        return self.over(*drafts, Draft(RUN, RunState.STOPPED, reason))

    def going(self, wave: WaveProgress) -> Decision:
        """Something of the wave is left to apply."""
        recovered, unapproved = self.unknown(), missing_approval(self.run, self.progress, wave.wave.name)
        begun = [] if unapproved else self.ready(wave)
        if begun and not recovered and not self.looked_at(wave):
            return Decision(next_at=self.now)
        if begun and wave.state is not WaveState.RUNNING:
            return self.then(Draft(WAVE + wave.wave.name, WaveState.RUNNING))
        if recovered or begun:
            return self.starting([*recovered, *begun])
        if self.progress.applying or self.running:
            return Decision()
        has_ready = self.startable(wave)
        reason = unapproved if unapproved and has_ready else unplanned(self.run, self.progress, wave, now=self.now)
        return self.over(Draft(RUN, RunState.PAUSED, reason))

    def looked_at(self, wave: WaveProgress) -> bool:
        """Whether the alarms of earlier batches were read after their applies; asked before a batch begins."""
        batch = wave.open_batch
        if batch is None or batch is wave.batches[0] or batch.has_begun:
            return True
        since = self.progress.since
        return all(name in self.readings and self.readings[name].at >= since(name) for name in wave.watched)

    def unknown(self) -> list[str]:
        """Targets whose apply began, and nobody is applying; as many as a person's limit leaves room for."""
        names = self.in_order(self.progress.applying.keys() - self.running)
        taken: dict[BatchProgress, int] = {}
        for name in self.running & self.progress.targets.keys():
            batch = self.progress.targets[name].batch
            taken[batch] = taken.get(batch, 0) + 1
        chosen = []
        for name in names:
            batch = self.progress.targets[name].batch
            taken[batch] = taken.get(batch, 0) + 1
            if taken[batch] <= max_concurrent(self.progress, batch):
                chosen.append(name)
        return chosen

    def ready(self, wave: WaveProgress) -> list[str]:
        """Targets of the open batch that may start now, in order."""
        batch = wave.open_batch
        if batch is None:
            return []
        free = most_applying(self.progress, wave.wave, batch) - batch.applying
        return list(islice(self.unexpired(batch), max(0, free)))

    def startable(self, wave: WaveProgress) -> bool:
        """Whether the open batch has a target that may start, but for its approval."""
        return wave.open_batch is not None and any(True for _ in self.unexpired(wave.open_batch))

    def unexpired(self, batch: BatchProgress) -> Iterator[str]:
        for place in batch.ready:
            name = self.progress.names[place]
            facts = self.progress.facts(name)
            if facts and facts.expires_at > self.now:
                yield name

    def starting(self, names: list[str]) -> Decision:
        drafts = tuple(
            Draft(name, TargetState.APPLYING, details={"attempt": self.progress.attempts(name) + 1}) for name in names
        )
        again = frozenset(name for name in names if self.progress.has_begun(name))
        return Decision(drafts, tuple(names), again)

    def settled(self, wave: WaveProgress) -> Decision:
        """Nothing of the wave is left to apply; its alarms are watched."""
        if self.running:
            return Decision()
        subject = WAVE + wave.wave.name
        if not wave.baking:
            return self.then(Draft(subject, WaveState.PASSED))
        if wave.state is not WaveState.BAKING:
            return self.then(Draft(subject, WaveState.BAKING))
        return self.baking(wave)

    def baking(self, wave: WaveProgress) -> Decision:
        """The wave passes once its time is over and no alarm leaves a doubt."""
        end = wave.since + timedelta(minutes=wave.wave.gate.bake_minutes)
        if self.now < end:
            return Decision(next_at=end)
        if any(name not in self.readings or self.readings[name].at < end for name in wave.watched):
            return Decision(next_at=self.now)
        if reasons := doubts(self.progress, wave, self.readings, now=self.now):
            return self.over(Draft(RUN, RunState.PAUSED, inconclusive(self.run, wave, reasons)))
        done = [Draft(name, TargetState.DONE, details={"how": self.progress.how(name)}) for name in wave.baking]
        return self.then(*done, Draft(WAVE + wave.wave.name, WaveState.PASSED))
