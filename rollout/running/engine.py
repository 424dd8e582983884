"""A run carried out: its journal says how far it is, the scheduler what is next, and this does it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from modules.core.errors import SuiteError
from rollout.domain.decision import Decision
from rollout.domain.model import Run, RunState, TargetState
from rollout.domain.ports import AlarmReader, Clock, RunStore, Unit
from rollout.domain.records import RUN, Draft, Record
from rollout.domain.scheduler import decide, ended
from rollout.running.applies import Applies
from rollout.running.ledger import Ledger
from rollout.running.observing import Observer, Silent
from rollout.running.readings import Sweeps
from rollout.running.stopping import Stop

POLL_SECONDS = 5.0
"""Time between two looks at the journal, where a person may have written."""

ALARM_SECONDS = 30.0
"""Time between two looks at the alarms: half the shortest period of most alarms, a minute (CloudWatch user guide)."""

_ALARM_READERS = 8


@dataclass(frozen=True)
class Executors:
    """Where applies and readings run.

    Attributes:
        applies: runs at least `workers` at once.
        readings: of alarms.
    """

    applies: Executor
    readings: Executor


class Engine:
    """Carries a run out until it is completed, stopped, paused, or told to stop; whoever calls holds the store's lock.

    It keeps no state of its own: killed at any moment and started again, it goes on from the journal.
    """

    def __init__(
        self,
        run: Run,
        store: RunStore,
        unit: Unit,
        alarms: AlarmReader,
        *,
        clock: Clock,
        workers: int,
        observer: Observer | None = None,
        stop: Stop | None = None,
        poll_seconds: float = POLL_SECONDS,
        alarm_seconds: float = ALARM_SECONDS,
        executors: Executors | None = None,
    ) -> None:
        """Prepare; nothing runs yet.

        Args:
            run: the run.
            store: where its journal is.
            unit: applies one target.
            alarms: reads the alarms of one.
            clock: the time.
            workers: applies at once on this machine, whatever the waves allow; at least 1.
            observer: told about everything as it happens.
            stop: ends the run early once it is asked.
            poll_seconds: time between two looks at the journal.
            alarm_seconds: time between two looks at the alarms; the end of a bake does not wait for it.
            executors: where applies and readings run; threads by default.
        """
        self._run, self._store, self._unit, self._alarms = run, store, unit, alarms
        self._clock, self._workers = clock, workers
        self._poll, self._alarm_seconds = timedelta(seconds=poll_seconds), alarm_seconds
        self._observer = observer or Silent()
        self._stop = stop or Stop()
        self._executors = executors

    def run(self) -> RunState:
        """Go on until nothing is left to do without a person; running applies have ended when this returns.

        Returns:
            The run's state; `paused` where it was told to stop.

        Raises:
            StoreError: the journal cannot be read or written; running applies have ended, `resume` finds out how.
        """
        if self._executors is not None:
            return self._carried_out(self._executors)
        readings = ThreadPoolExecutor(_ALARM_READERS, thread_name_prefix="alarms")
        try:
            with ThreadPoolExecutor(self._workers, thread_name_prefix="apply") as applies:
                return self._carried_out(Executors(applies, readings))
        finally:
            readings.shutdown(cancel_futures=True)

    def _carried_out(self, executors: Executors) -> RunState:
        self._ledger = Ledger(self._run, self._store.journal(self._run.id))
        self._applies = Applies(self._run, self._unit, executors.applies, self._stop)
        self._sweeps = Sweeps(
            self._run,
            self._alarms,
            executors.readings,
            self._clock,
            self._stop,
            every_seconds=self._alarm_seconds,
        )
        self._polled = self._clock.now()
        try:
            while not self._stop.is_asked:
                if self._is_over():
                    return self._ledger.progress.run_state
        except BaseException:
            self._drain()
            raise
        self._drain()
        self._write([Draft(RUN, RunState.PAUSED, f"told to stop by {self._stop.name}; `resume` goes on")])
        return self._ledger.progress.run_state

    def _is_over(self) -> bool:
        """One turn: take in what happened, decide, do it, wait."""
        self._stop.wake.clear()
        self._take_in()
        if self._stop.is_asked:
            return False
        now = self._clock.now()
        fresh = self._sweeps.take()
        decision = decide(
            self._run,
            self._ledger.progress,
            now=now,
            running=self._applies.running,
            readings=fresh if self._applies.count else self._sweeps.readings,
        )
        decision = within(decision, self._workers - self._applies.count)
        self._write(decision.drafts)
        self._start(decision)
        self._look(decision, now)
        if decision.is_over:
            return True
        if not decision.drafts:
            self._clock.wait(self._stop.wake, self._seconds_until_next(decision.next_at))
        return False

    def _take_in(self) -> None:
        self._write(self._endings())
        since = self._clock.now() - self._polled
        if since >= self._poll or since < timedelta():  # a machine's clock may be set back
            self._tell(self._ledger.poll())
            self._polled = self._clock.now()

    def _endings(self) -> list[Draft]:
        """Records of applies that have ended; one that was told to stop stays `applying`, as a part may be done."""
        drafts = []
        for name, outcome in self._applies.take():
            if outcome.was_interrupted:
                self._observer.noted(f"{name}: {outcome.reason}; `resume` finds out what is left of it")
            else:
                drafts.append(ended(name, outcome))
        return drafts

    def _start(self, decision: Decision) -> None:
        for name in decision.start:
            facts = self._ledger.progress.facts(name)
            if facts is None:
                raise RuntimeError(f"{name} is to be applied without a plan")
            self._applies.start(self._run.by_name[name], facts, is_recovery=name in decision.recover)

    def _look(self, decision: Decision, now: datetime) -> None:
        """Read alarms: every now and then, and at once where the decision waits for nothing else."""
        waits_for_them = not decision.drafts and decision.next_at is not None and decision.next_at <= now
        if decision.read_alarms and (self._sweeps.is_due or (waits_for_them and not self._sweeps.is_under_way)):
            self._sweeps.look(self._ledger.progress, decision.read_alarms)

    def _seconds_until_next(self, next_at: datetime | None) -> float:
        now = self._clock.now()
        until = min(self._polled, now) + self._poll
        if next_at is not None and next_at > now:
            until = min(until, next_at)
        return max(0.0, (until - now).total_seconds())

    def _drain(self) -> None:
        """Let what runs end, and write how; an error on the way is raised when all have."""
        problem: SuiteError | None = None
        while self._applies.count:
            self._stop.wake.clear()
            drafts = self._endings()
            try:
                self._write(drafts)
            except SuiteError as error:
                problem = error
            if self._applies.count and not drafts:
                self._clock.wait(self._stop.wake, self._poll.total_seconds())
        if problem is not None:
            raise problem

    def _write(self, drafts: Sequence[Draft]) -> None:
        self._tell(self._ledger.append(drafts))

    def _tell(self, records: Sequence[Record]) -> None:
        if records:
            self._observer.changed(self._ledger.progress, records)


def within(decision: Decision, free: int) -> Decision:
    """The same decision with no more starts than there are free workers; the others are decided anew next time."""
    if len(decision.start) <= free:
        return decision
    start = decision.start[: max(0, free)]
    left = frozenset(decision.start) - frozenset(start)
    drafts = tuple(
        draft for draft in decision.drafts if not (draft.subject in left and draft.state == TargetState.APPLYING)
    )
    return replace(decision, start=start, drafts=drafts, recover=decision.recover & frozenset(start))
