"""Synthesis as a process of its own: `python main.py`, the way everybody runs it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from modules.core.errors import SuiteError, TargetError
from rollout.adapters.process import Ending, run

_TIMEOUT_SECONDS = 600.0
_GRACE_SECONDS = 5.0


class SynthError(SuiteError):
    """`main.py` refused the configuration (its sentences are the message) or could not synthesize."""


def synthesize(
    output: Path,
    *,
    project: Path,
    environments: Path,
    target: str = "",
    environment: Mapping[str, str] | None = None,
    timeout_seconds: float = _TIMEOUT_SECONDS,
) -> Path:
    """Synthesize into `output` and return the folder that holds one folder per target.

    Args:
        output: where `stacks/<target>/cdk.tf.json` is written; created if need be.
        project: folder of `main.py`; relative paths in configurations start there.
        environments: folder that targets are read from.
        target: the one target wanted; empty for all.
        environment: environment of the process; this one's by default.
        timeout_seconds: how long it may take.

    Raises:
        TargetError: `main.py` is not there.
        SynthError: it failed.
    """
    program = project / "main.py"
    if not program.is_file():
        raise TargetError(f'"{project.name}" holds no main.py; synthesis runs it; start in the project folder')
    output.mkdir(parents=True, exist_ok=True)
    chosen = {
        "CDKTF_OUTDIR": str(output.absolute()),
        "LAMBDANET_ENVIRONMENTS": str(environments.absolute()),
        "LAMBDANET_TARGET": target,
    }
    finished = run(
        (sys.executable, str(program.absolute())),
        folder=project,
        environment={**(os.environ if environment is None else environment), **chosen},
        timeout_seconds=timeout_seconds,
        grace_seconds=_GRACE_SECONDS,
    )
    if finished.ending is not Ending.BY_ITSELF:
        raise SynthError("main.py did not end in time and was stopped; run it alone to see why")
    if finished.returncode:
        raise SynthError(finished.stderr.strip() or f"main.py ended with exit code {finished.returncode} and no word")
    return output / "stacks"


def synth_warnings(stacks: Path) -> tuple[str, ...]:
    """What constructs warned of while a folder of stacks was synthesized, each once, sorted.

    Args:
        stacks: the folder that `synthesize` returned; the manifest stands beside it.
    """
    manifest = json.loads((stacks.parent / "manifest.json").read_text(encoding="utf-8"))
    return tuple(
        sorted(
            {
                annotation["message"]
                for stack in manifest["stacks"].values()
                for annotation in stack.get("annotations", ())
                if annotation["level"] == _WARNING
            }
        )
    )


_WARNING = "@cdktf/warn"
"""How the engine marks a warning in the manifest."""
