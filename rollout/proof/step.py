"""One step of a proof: timed, shown, and ended by a sentence instead of a traceback."""

from __future__ import annotations

import time
from collections.abc import Callable

from modules.core.errors import SuiteError
from rollout.proof.model import Observer, Outcome, StepResult


def run_step(observer: Observer, title: str, action: Callable[[], Outcome]) -> StepResult:
    """Run `action` and tell `observer`; an error of the suite becomes a step that did not hold.

    Anything else that is raised is a defect of the suite itself and goes on.
    """
    observer.started(title)
    begin = time.monotonic()
    try:
        outcome = action()
        held, summary, details = not outcome.broken, outcome.summary, (*outcome.broken, *outcome.details)
    except SuiteError as error:
        held, summary, details = False, type(error).__name__, tuple(str(error).splitlines())
    result = StepResult(title, time.monotonic() - begin, held, summary, details)
    observer.finished(result)
    return result
