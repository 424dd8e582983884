"""Applies that are under way."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Executor, Future

from modules.core.errors import SuiteError
from rollout.domain.model import PlanFacts, Run, RunTarget
from rollout.domain.ports import ApplyOutcome, Unit
from rollout.running.stopping import Stop


class Applies:
    """Units that run, each in a thread; whoever waits for `stop.wake` hears when one has ended."""

    def __init__(self, run: Run, unit: Unit, executor: Executor, stop: Stop) -> None:
        self._run, self._unit, self._executor, self._stop = run, unit, executor, stop
        self._running: dict[str, Future[ApplyOutcome]] = {}
        self._ended: deque[tuple[str, ApplyOutcome]] = deque()

    @property
    def running(self) -> frozenset[str]:
        """Targets whose apply has begun, and whose outcome has not been taken."""
        return frozenset(self._running)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._running)

    def start(self, target: RunTarget, facts: PlanFacts, *, is_recovery: bool) -> None:
        """Begin one."""
        future = self._executor.submit(self._apply, target, facts, is_recovery=is_recovery)
        self._running[target.name] = future
        future.add_done_callback(lambda done: self._note(target.name, done))

    def take(self) -> tuple[tuple[str, ApplyOutcome], ...]:
        """Those that have ended since, in the order in which they did."""
        taken = []
        while self._ended:
            name, outcome = self._ended.popleft()
            del self._running[name]
            taken.append((name, outcome))
        return tuple(taken)

    def _note(self, name: str, done: Future[ApplyOutcome]) -> None:
        self._ended.append((name, done.result()))
        self._stop.wake.set()

    def _apply(self, target: RunTarget, facts: PlanFacts, *, is_recovery: bool) -> ApplyOutcome:
        try:
            return self._unit.apply(self._run, target, facts, is_recovery=is_recovery, interrupt=self._stop.forced)
        except SuiteError as error:
            return ApplyOutcome(is_applied=False, reason=str(error))
        except BaseException as error:  # noqa: BLE001  # one target's accident must not leave the others without a journal
            return defect(target, error)


def defect(target: RunTarget, error: BaseException) -> ApplyOutcome:
    """The outcome of an apply that ended as nobody foresaw."""
    return ApplyOutcome(
        is_applied=False,
        reason=f"{target.name}: the apply ended with {type(error).__name__}, a defect of this program; nobody "
        "knows how much was applied; `resume` finds out",
    )
