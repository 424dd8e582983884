"""`cdktf.json` as the stock CLI reads it: it runs `app` in a shell, with its own environment, and reads `output`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.synth.project import TARGET, TIMEOUT_SECONDS, Synthesized, clean_environment, copy_project

pytestmark = pytest.mark.synth


def run_app(project: Path, **variables: str) -> str:
    """Run the app command as the CLI does, and return what it says."""
    command = json.loads((project / "cdktf.json").read_text(encoding="utf-8"))["app"]
    result = subprocess.run(  # noqa: S602  # the CLI runs `app` as a shell command line
        command,
        shell=True,
        cwd=project,
        env=clean_environment(**variables),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout + result.stderr


def test_the_cli_gets_what_python_main_writes(synthesized: Synthesized, tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    config = json.loads((project / "cdktf.json").read_text(encoding="utf-8"))
    context = {**config["context"], "cdktfRelativeModules": [], "excludeStackIdFromLogicalIds": "true"}

    said = run_app(
        project,
        CDKTF_OUTDIR=config["output"],
        CDKTF_CONTEXT_JSON=json.dumps(context),
        CDKTF_LOG_LEVEL="info",
        NODE_OPTIONS="--max-old-space-size=8192",
    )

    assert said == ""
    written = Synthesized(project / config["output"], said)
    assert written.path().read_bytes() == synthesized.path().read_bytes()
    manifest = json.loads((written.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["stacks"][TARGET]["synthesizedStackPath"] == f"stacks/{TARGET}/cdk.tf.json"


def test_without_the_cli_the_output_goes_to_the_same_folder(synthesized: Synthesized, tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")

    run_app(project)

    folder = json.loads((project / "cdktf.json").read_text(encoding="utf-8"))["output"]
    assert Synthesized(project / folder, "").path().read_bytes() == synthesized.path().read_bytes()


def test_the_cli_is_told_why_a_synth_fails(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")

    with pytest.raises(AssertionError) as failure:
        run_app(project, LAMBDANET_TARGET="prod")

    assert str(failure.value).startswith('target "prod" does not exist; there are: ')
