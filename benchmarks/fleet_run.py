"""`python -m benchmarks.fleet_run ACCOUNTS WHAT`: one simulated rollout, or one page, in a process of its own."""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.fleet_world import (
    REGIONS,
    AtOnce,
    FleetAlarms,
    FleetUnit,
    JumpingClock,
    MemoryStore,
    Simulated,
    fleet_run,
    planned,
)
from benchmarks.measure import MeasurementError
from benchmarks.plan_documents import creating
from benchmarks.plan_run import KILOBYTES_A_MEGABYTE

_RESOURCES = 30
_WORKERS = 64


def rollout(accounts: int) -> float:
    """Seconds of processor time to carry a planned run out: journal on disk, applies and alarms simulated.

    Raises:
        MeasurementError: it did not apply every target once.
    """
    from rollout.adapters.store.local_journal import LocalJournal  # noqa: PLC0415  # the page does without
    from rollout.running.engine import Engine, Executors  # noqa: PLC0415  # the same

    run, clock, unit = fleet_run(accounts), JumpingClock(), FleetUnit()
    chance = random.Random(accounts)  # noqa: S311  # durations, no secrets
    applies = Simulated(clock, lambda _: chance.uniform(60, 300), lambda name: run.wave_of[name].name)
    with tempfile.TemporaryDirectory() as folder:
        journal = LocalJournal(Path(folder) / "journal.jsonl", "journal", "me@here", clock.now)
        store = MemoryStore(run, clock, journal)
        journal.append(planned(run))
        started = time.process_time()
        executors = Executors(applies, AtOnce())
        state = Engine(run, store, unit, FleetAlarms(), clock=clock, workers=_WORKERS, executors=executors).run()
        seconds = time.process_time() - started
    if set(unit.applied.values()) != {1} or len(unit.applied) != len(run.targets):
        raise MeasurementError(f"{accounts} accounts ended as {state}; each target was to be applied once")
    return seconds


def page(accounts: int) -> float:
    """Seconds of processor time for one page of the same plan for every target, each read from its own JSON."""
    from rollout.review import Given, review  # noqa: PLC0415  # the rollout does without
    from rollout.review.html import as_html  # noqa: PLC0415  # the same
    from rollout.running.reviewing import PackedPlans  # noqa: PLC0415  # the same

    text = json.dumps(creating(_RESOURCES)).encode()
    started = time.process_time()
    names = (f"dev-a{number:03}-{region}-orders_api" for number in range(accounts) for region in REGIONS)
    as_html(review(Given(plans=PackedPlans((name, text) for name in names))))
    return time.process_time() - started


WORK: dict[str, Callable[[int], float]] = {"rollout": rollout, "page": page}
"""What is measured, by name."""


def main(accounts: str, what: str) -> None:
    """Print seconds of processor time, and the peak memory of the process."""
    seconds = WORK[what](int(accounts))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES_A_MEGABYTE
    sys.stdout.write(json.dumps({"seconds": seconds, "megabytes": megabytes}))


if __name__ == "__main__":
    main(*sys.argv[1:])
