"""A copy of the project that can be changed and synthesized, each time by `python main.py` in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
TARGET = "dev-main-us-east-1-orders_api"
TIMEOUT_SECONDS = 300

_OWN_PREFIXES = ("LAMBDANET_", "CDKTF_", "JSII_")


@dataclass(frozen=True)
class Synthesized:
    """What one synth wrote and said."""

    folder: Path
    output: str

    def path(self, target: str = TARGET) -> Path:
        """The Terraform JSON of a target."""
        return self.folder / "stacks" / target / "cdk.tf.json"

    def document(self, target: str = TARGET) -> dict[str, Any]:
        """The same, parsed."""
        document: dict[str, Any] = json.loads(self.path(target).read_bytes())
        return document


def clean_environment(**more: str) -> dict[str, str]:
    """This process's environment without what would steer the engine; the programs of its virtual environment first."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(_OWN_PREFIXES)}
    kept.pop("NODE_OPTIONS", None)
    path = os.pathsep.join((str(Path(sys.executable).parent), kept.get("PATH", "")))
    return {**kept, "PATH": path, **more}


def copy_project(folder: Path) -> Path:
    """A project in `folder`: the code by link, the environments as a copy that a test may change."""
    folder.mkdir(parents=True)
    for name in ("main.py", "cdktf.json", "stacks"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "environments", folder / "environments")
    return folder


def change_network(project: Path, **settings: Any) -> None:
    """Set fields of the network of `TARGET`."""
    path = project / "environments" / "dev" / "main" / "us-east-1.yaml"
    region = yaml.safe_load(path.read_text(encoding="utf-8"))
    region["stacks"]["orders_api"].setdefault("network", {}).update(settings)
    path.write_text(yaml.safe_dump(region), encoding="utf-8")


def run(
    command: list[str], *, cwd: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run to the end, whatever the exit code."""
    return subprocess.run(
        command,
        cwd=cwd,
        env=environment or clean_environment(),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )


def synthesize(project: Path, *, python: str = sys.executable, **variables: str) -> Synthesized:
    """Run `python main.py` in a project; it writes below the project's `out`."""
    out = project / "out"
    result = run([python, "main.py"], cwd=project, environment=clean_environment(CDKTF_OUTDIR=str(out), **variables))
    said = result.stdout + result.stderr
    assert result.returncode == 0, said
    return Synthesized(out, said)
