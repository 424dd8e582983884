"""`python -m benchmarks [--pairs N] [--only WHAT]`: measure, print tables, write `benchmarks/results.json`."""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks import checks, fleets, plans
from benchmarks.measure import (
    CHECK,
    OURS,
    PLAIN,
    VARIANTS,
    MeasurementError,
    node_program,
    refuse_differences,
    seconds_of,
)
from benchmarks.ratios import paired_ratio, rounds

RESULTS = Path(__file__).with_name("results.json")
_PAIRS_OF_CHECKS = 3
"""Rounds of checks at most, as each takes minutes."""

_PACKAGES = ("cdktf", "cdktf-cdktf-provider-aws", "jsii")


def measured(pairs: int, console: Console) -> dict[str, list[float]]:
    """Seconds of every variant, one per round; every run must write what all others write.

    Everything runs once before it counts: packages of functions are built, jsii's cache and the bytecode are warm.

    Raises:
        MeasurementError: a process failed, or outputs differ.
    """
    seconds: dict[str, list[float]] = {name: [] for name in VARIANTS}
    with tempfile.TemporaryDirectory() as folder:
        reference = Path(folder) / "reference"
        steps = [("warm", list(VARIANTS)), *(("pair", names) for names in rounds(list(VARIANTS), pairs))]
        seconds_of(OURS, reference)
        for number, (kind, names) in enumerate(track(steps, "measuring", console=console, transient=True)):
            for name in names:
                output = Path(folder) / f"{number}-{name}"
                took = seconds_of(VARIANTS[name], output)
                if VARIANTS[name].writes:
                    refuse_differences(reference, output)
                if kind == "pair":
                    seconds[name].append(took)
    return seconds


def results(seconds: dict[str, list[float]]) -> dict[str, Any]:
    """What is committed: ratios and versions, nothing that belongs to this machine."""
    node = subprocess.run([str(node_program()), "--version"], capture_output=True, text=True, check=True).stdout
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "pairs": len(seconds[OURS.name]),
        "ratios": {
            "plain way to cold synth": paired_ratio(seconds[PLAIN.name], seconds[OURS.name]).rounded(),
            "cold synth to checking only": paired_ratio(seconds[OURS.name], seconds[CHECK.name]).rounded(),
        },
        "versions": {
            "python": platform.python_version(),
            "node": node.strip().removeprefix("v"),
            **{package: version(package) for package in _PACKAGES},
        },
    }


def table(seconds: dict[str, list[float]]) -> Table:
    """Median seconds here, and ratios, which hold elsewhere too."""
    drawn = Table(title="Whole processes, start to exit; outputs byte-identical")
    for heading in ("what", "median seconds", "to a cold synth", "pairs"):
        drawn.add_column(heading, justify="left" if heading == "what" else "right")
    for name, variant in VARIANTS.items():
        ratio = paired_ratio(seconds[name], seconds[OURS.name])
        spread = "1" if name == OURS.name else f"{ratio.median:.2f} ({ratio.lowest:.2f} to {ratio.highest:.2f})"
        drawn.add_row(variant.words, f"{median(seconds[name]):.2f}", spread, str(ratio.pairs))
    return drawn


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--pairs", type=int, default=5, help="rounds to measure (default 5)")
    parser.add_argument(
        "--only", choices=("synth", "plans", "checks", "rollouts"), help="measure only these; the other results stay"
    )
    chosen = parser.parse_args(arguments)
    if chosen.pairs < 1:
        parser.error("--pairs is at least 1")
    console = Console()
    try:
        found = _measured(chosen.only, chosen.pairs, console)
    except MeasurementError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    before = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    RESULTS.write_text(json.dumps({**before, **found}, indent=2) + "\n", encoding="utf-8")
    return 0


def _measured(only: str | None, pairs: int, console: Console) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if only in {None, "synth"}:
        seconds = measured(pairs, console)
        console.print(table(seconds))
        found |= results(seconds)
    if only in {None, "plans"}:
        runs = plans.measured(console)
        console.print(plans.table(runs))
        found["plans"] = plans.results(runs)
    if only in {None, "checks"}:
        took = checks.measured(min(pairs, _PAIRS_OF_CHECKS), console)
        console.print(checks.table(took))
        found["checks"] = checks.results(took)
    if only in {None, "rollouts"}:
        carried = fleets.measured(console)
        console.print(fleets.table(carried))
        found["rollouts"] = fleets.results(carried)
    return found


if __name__ == "__main__":
    sys.exit(main())
