"""`lambdanet check` over many targets, against the stock `checkov` once for each of them, as pipelines run it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.measure import OURS, ROOT, MeasurementError, seconds_of
from benchmarks.ratios import Ratio, paired_ratio, rounds
from policies.checkov_program import find_checkov

TARGETS = 50
"""Targets that are checked."""

_TIMEOUT_SECONDS = 1200
_CHECK = "lambdanet check: our policies and Checkov's checks, all targets in one run"
_STOCK = "stock checkov: its own checks only, once for each target"


def measured(pairs: int, console: Console) -> dict[str, list[float]]:
    """Seconds of both ways, one per round, over the same synthesized targets.

    Raises:
        MeasurementError: a process ended otherwise than with findings or without.
    """
    seconds: dict[str, list[float]] = {_CHECK: [], _STOCK: []}
    with tempfile.TemporaryDirectory() as folder:
        targets = _targets(Path(folder))
        runs = {_CHECK: _check, _STOCK: _stock}
        _check(targets[:1])  # bytecode is warm for both
        _stock(targets[:1])
        order = [name for names in rounds(list(runs), pairs) for name in names]
        for name in track(order, "measuring checks", console=console, transient=True):
            started = time.perf_counter()
            runs[name](targets)
            seconds[name].append(time.perf_counter() - started)
    return seconds


def results(seconds: dict[str, list[float]]) -> dict[str, Any]:
    """What is committed: the ratio."""
    return {"targets": TARGETS, "stock checkov per target to lambdanet check": _ratio(seconds).rounded()}


def table(seconds: dict[str, list[float]]) -> Table:
    """Seconds here, and the ratio, which holds elsewhere too."""
    ratio = _ratio(seconds)
    drawn = Table(title=f"Policy checks of {TARGETS} synthesized targets, start to exit")
    for heading in ("what", "seconds", "ratio"):
        drawn.add_column(heading, justify="left" if heading == "what" else "right")
    drawn.add_row(_CHECK, f"{min(seconds[_CHECK]):.1f}", "1")
    spread = f"{ratio.median:.2f} ({ratio.lowest:.2f} to {ratio.highest:.2f})"
    drawn.add_row(_STOCK, f"{min(seconds[_STOCK]):.1f}", spread)
    return drawn


def _ratio(seconds: dict[str, list[float]]) -> Ratio:
    return paired_ratio(seconds[_STOCK], seconds[_CHECK])


def _targets(folder: Path) -> list[Path]:
    """The first target of `environments/`, synthesized, and as many like it under other names."""
    seconds_of(OURS, folder / "synthesized")
    source = min((folder / "synthesized" / "stacks").iterdir())
    text = (source / "cdk.tf.json").read_text(encoding="utf-8")
    prefix = json.loads(text)["resource"]["aws_lambda_function"].popitem()[1]["function_name"].rpartition("-")[0]
    made = []
    for number in range(TARGETS):
        target = folder / "targets" / f"{source.name}-{number:02}"
        target.mkdir(parents=True)
        (target / "cdk.tf.json").write_text(text.replace(prefix, f"{prefix}-{number:02}"), encoding="utf-8")
        made.append(target)
    return made


def _check(targets: Sequence[Path]) -> None:
    command = [str(Path(sys.executable).with_name("lambdanet")), "check", "--format", "json", *map(str, targets)]
    _run([*command, "--output", str(targets[0].parent / "findings.json")], ROOT)


def _stock(targets: Sequence[Path]) -> None:
    options = ("--framework", "terraform_json", "--output", "json", "--compact", "--skip-download")
    for target in targets:
        _run([str(find_checkov()), "--directory", ".", *options], target)


def _run(command: Sequence[str], folder: Path) -> None:
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False)
    if ran.returncode not in {0, 1}:
        raise MeasurementError(f"{command[0]} failed:\n{ran.stderr.strip()}")
