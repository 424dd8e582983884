"""Time and memory of a rollout over 100 to 500 accounts in three regions, of its page, and how they grow."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.fleet_run import WORK
from benchmarks.fleet_world import REGIONS
from benchmarks.measure import ROOT, MeasurementError

ACCOUNTS = (100, 200, 500)
"""Accounts of the measured fleets, each in three regions."""

_TIMEOUT_SECONDS = 600


@dataclass(frozen=True)
class Run:
    """One fleet.

    Attributes:
        what: rollout or page.
        targets: accounts times regions.
        seconds: processor time.
        megabytes: peak memory of the process, in 10^6 bytes.
    """

    what: str
    targets: int
    seconds: float
    megabytes: float

    @property
    def milliseconds_a_target(self) -> float:
        """Processor time for each target."""
        return self.seconds * 1_000 / self.targets


def measured(console: Console, accounts: tuple[int, ...] = ACCOUNTS) -> tuple[Run, ...]:
    """Carry out a rollout over each fleet and write its page, each in a process of its own.

    Raises:
        MeasurementError: a process failed.
    """
    pairs = [(what, count) for what in WORK for count in accounts]
    runs = []
    for what, count in track(pairs, "measuring rollouts", console=console, transient=True):
        command = [sys.executable, "-m", "benchmarks.fleet_run", str(count), what]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False)
        if ran.returncode:
            raise MeasurementError(f"{what} over {count} accounts failed:\n{ran.stderr.strip()}")
        found = json.loads(ran.stdout)
        runs.append(Run(what, count * len(REGIONS), found["seconds"], found["megabytes"]))
    return tuple(runs)


def growth(runs: tuple[Run, ...], what: str) -> float:
    """How much longer a target takes in the largest fleet than in the smallest; 1 is linear.

    Raises:
        ValueError: there are fewer than two fleets.
    """
    ordered = sorted((run for run in runs if run.what == what), key=lambda run: run.targets)
    if len(ordered) < 2:  # noqa: PLR2004  # two make a ratio
        raise ValueError(f"{len(ordered)} fleets show no growth; measure two")
    return ordered[-1].milliseconds_a_target / ordered[0].milliseconds_a_target


def results(runs: tuple[Run, ...]) -> dict[str, Any]:
    """What is committed."""
    return {
        what: {
            "growth": round(growth(runs, what), 2),
            "fleets": [
                {
                    "targets": run.targets,
                    "seconds": round(run.seconds, 2),
                    "milliseconds_a_target": round(run.milliseconds_a_target, 2),
                    "megabytes": round(run.megabytes),
                }
                for run in runs
                if run.what == what
            ],
        }
        for what in WORK
    }


def table(runs: tuple[Run, ...]) -> Table:
    """Seconds, memory and growth."""
    drawn = Table(
        title="Rollouts without Terraform, and their page: processor time here; growth of a target's time, 1 is linear"
    )
    for heading in ("what", "targets", "seconds", "ms a target", "MB", "growth"):
        drawn.add_column(heading, justify="left" if heading == "what" else "right")
    for what in WORK:
        own = [run for run in runs if run.what == what]
        for run in own:
            last = f"{growth(runs, what):.2f}" if run is own[-1] else ""
            numbers = (f"{run.targets:,}", f"{run.seconds:.2f}", f"{run.milliseconds_a_target:.2f}")
            drawn.add_row(what, *numbers, f"{run.megabytes:.0f}", last)
    return drawn
