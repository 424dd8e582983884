"""Every target, synthesized on both engines: the same Terraform, but for what is named here."""

from __future__ import annotations

import importlib.metadata
import json
from pathlib import Path
from typing import Any

import pytest

from tests.engine.processes import cdktn_python, locked
from tests.synth.project import ROOT, Synthesized, copy_project, synthesize

pytestmark = pytest.mark.synth

VERSIONS = {"cdktf": importlib.metadata.version("cdktf"), "cdktn": locked("cdktn")}
DIFFERENT = {
    "cdk.tf.json": (("//", "metadata", "version"),),  # the engine's own version
    "manifest.json": (("version",),),  # likewise; empty lists are also laid out differently, so it is parsed
}
"""Path of every value that may differ, by file, with the reason."""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Synthesized]:
    pythons = {"cdktf": None, "cdktn": str(cdktn_python())}
    found = {}
    for engine, python in pythons.items():
        project = copy_project(tmp_path_factory.mktemp(engine) / "project")
        chosen = {"python": python, "PYTHONPATH": str(ROOT)} if python else {}
        found[engine] = synthesize(project, LAMBDANET_ENGINE=engine, **chosen)
    return found


def files(synthesized: Synthesized) -> dict[str, Path]:
    return {
        path.relative_to(synthesized.folder).as_posix(): path
        for path in synthesized.folder.rglob("*")
        if path.is_file()
    }


def without_differences(path: Path) -> Any:
    document = json.loads(path.read_bytes())
    for keys in DIFFERENT.get(path.name, ()):
        parent = document
        for key in keys[:-1]:
            parent = parent[key]
        assert parent.pop(keys[-1]) in VERSIONS.values()
    return document


def test_both_write_the_same_files_for_every_target(both: dict[str, Synthesized]) -> None:
    names = set(files(both["cdktf"]))

    assert names == set(files(both["cdktn"]))
    files_of_targets = (ROOT / "environments").glob("*/*/*.yaml")
    regions = [path for path in files_of_targets if path.name != "account.yaml" and path.parts[-3] != "quotas"]
    assert len([name for name in names if name.endswith("cdk.tf.json")]) >= len(regions) > 0


def test_both_write_the_same_terraform(both: dict[str, Synthesized]) -> None:
    ours, theirs = files(both["cdktf"]), files(both["cdktn"])

    for name, path in ours.items():
        if path.suffix == ".json":
            assert without_differences(path) == without_differences(theirs[name]), name
        else:
            assert path.read_bytes() == theirs[name].read_bytes(), name


def test_neither_says_anything(both: dict[str, Synthesized]) -> None:
    assert {engine: synthesized.output for engine, synthesized in both.items()} == {"cdktf": "", "cdktn": ""}


def test_each_ran_on_its_own_package(both: dict[str, Synthesized]) -> None:
    versions = {engine: json.loads(files(one)["manifest.json"].read_bytes())["version"] for engine, one in both.items()}

    assert versions == VERSIONS
