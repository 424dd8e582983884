"""Time and memory of the calculators over plans of 100, 1,000 and 10,000 resources, and how they grow."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.measure import ROOT, MeasurementError
from benchmarks.plan_documents import creating, destroying

SIZES = (100, 1_000, 10_000)
"""Resources of the measured plans, about."""

NAMES = ("reach", "budget", "cost", "forecast")
"""Calculators that are measured; the forecast over a plan that destroys, the others over one that creates."""

_TIMEOUT_SECONDS = 600


@dataclass(frozen=True)
class Run:
    """One calculator over one plan.

    Attributes:
        calculator: its name.
        resources: resources of the plan.
        read_seconds: processor time to read the plan.
        seconds: processor time to calculate.
        megabytes: peak memory of the process, in 10^6 bytes.
    """

    calculator: str
    resources: int
    read_seconds: float
    seconds: float
    megabytes: float

    @property
    def seconds_per_thousand(self) -> float:
        """Processor time to read and calculate, for each 1,000 resources."""
        return (self.read_seconds + self.seconds) * 1_000 / self.resources


def measured(console: Console, sizes: tuple[int, ...] = SIZES) -> tuple[Run, ...]:
    """Run every calculator once over a plan of each size, each in a process of its own.

    Raises:
        MeasurementError: a process failed.
    """
    runs: list[Run] = []
    with tempfile.TemporaryDirectory() as folder:
        pairs = [(size, name) for size in sizes for name in NAMES]
        for size, name in track(pairs, "measuring plans", console=console, transient=True):
            document = destroying(size) if name == "forecast" else creating(size)
            file = Path(folder) / f"{name}-{size}.json"
            file.write_text(json.dumps(document), encoding="utf-8")
            found = _run(file, name)
            resources = len(document["resource_changes"])
            runs.append(Run(name, resources, found["read"], found["seconds"], found["megabytes"]))
    return tuple(runs)


def growth(runs: tuple[Run, ...], calculator: str) -> float:
    """How much longer a resource takes in the largest plan than in the second largest; 1 is linear.

    Raises:
        ValueError: there are fewer than two plans.
    """
    ordered = sorted((run for run in runs if run.calculator == calculator), key=lambda run: run.resources)
    if len(ordered) < 2:  # noqa: PLR2004  # two make a ratio
        raise ValueError(f"{len(ordered)} plans of {calculator} show no growth; measure two")
    return ordered[-1].seconds_per_thousand / ordered[-2].seconds_per_thousand


def results(runs: tuple[Run, ...]) -> dict[str, Any]:
    """What is committed."""
    return {
        name: {
            "growth": round(growth(runs, name), 2),
            "plans": [
                {
                    "resources": run.resources,
                    "seconds": round(run.read_seconds + run.seconds, 2),
                    "seconds_per_1000_resources": round(run.seconds_per_thousand, 2),
                    "megabytes": round(run.megabytes),
                }
                for run in runs
                if run.calculator == name
            ],
        }
        for name in NAMES
    }


def table(runs: tuple[Run, ...]) -> Table:
    """Seconds, memory and growth."""
    drawn = Table(
        title="Calculators over plans: processor time here; growth of the time for each resource, 1 is linear"
    )
    for heading in ("calculator", "resources", "read s", "calculate s", "s per 1,000", "MB", "growth"):
        drawn.add_column(heading, justify="left" if heading == "calculator" else "right")
    for name in NAMES:
        own = [run for run in runs if run.calculator == name]
        for run in own:
            last = f"{growth(runs, name):.2f}" if run is own[-1] else ""
            numbers = (f"{run.read_seconds:.2f}", f"{run.seconds:.2f}", f"{run.seconds_per_thousand:.2f}")
            drawn.add_row(name, f"{run.resources:,}", *numbers, f"{run.megabytes:.0f}", last)
    return drawn


def _run(file: Path, calculator: str) -> Mapping[str, float]:
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.plan_run", str(file), calculator],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_SECONDS,
        check=False,
    )
    if ran.returncode:
        raise MeasurementError(f"{calculator} over {file.name} failed:\n{ran.stderr.strip()}")
    found: Mapping[str, float] = json.loads(ran.stdout)
    return found
