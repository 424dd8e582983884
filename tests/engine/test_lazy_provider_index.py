"""The Node preload, with packages and workers made on the spot."""

from __future__ import annotations

import importlib.resources
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.engine.processes import wheel_node
from tests.synth.project import ROOT, clean_environment, run

pytestmark = pytest.mark.synth

PRELOAD = ROOT / "modules" / "core" / "lazy_provider_index.js"
WORKER = """
const { workerData } = require('worker_threads');
setTimeout(() => require('fs').writeFileSync(workerData.file, 'written'), 300);
"""


def node(folder: Path, code: str, *, preload: bool = True) -> CompletedProcess[str]:
    options = ["--require", str(PRELOAD)] if preload else []
    return run([wheel_node(), *options, "-e", code], cwd=folder, environment=clean_environment())


def package(folder: Path, name: str, *, lazy: bool) -> None:
    lib = folder / "node_modules" / name / "lib"
    lib.mkdir(parents=True)
    (lib.parent / "package.json").write_text('{"main": "lib/index.js"}', encoding="utf-8")
    (lib / "index.js").write_text("module.exports = 'eager';", encoding="utf-8")
    if lazy:
        (lib / "lazy-index.js").write_text("module.exports = 'lazy';", encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "lazy", "loaded"),
    [
        ("@cdktf/provider-aws", True, "lazy"),
        ("@cdktn/provider-aws", True, "lazy"),
        ("@cdktf/provider-aws", False, "eager"),
        ("@cdktf/hcl2cdk", True, "eager"),
        ("provider-aws", True, "eager"),
    ],
)
def test_only_a_provider_with_a_lazy_index_is_redirected(tmp_path: Path, name: str, loaded: str, *, lazy: bool) -> None:
    package(tmp_path, name, lazy=lazy)

    result = node(tmp_path, f"console.log(require('{name}'))")

    assert (result.stdout, result.stderr) == (f"{loaded}\n", "")


def test_a_provider_that_is_asked_for_by_folder_is_redirected(tmp_path: Path) -> None:
    package(tmp_path, "@cdktf/provider-aws", lazy=True)

    assert node(tmp_path, "console.log(require('./node_modules/@cdktf/provider-aws'))").stdout == "lazy\n"


def test_its_other_files_are_not_redirected(tmp_path: Path) -> None:
    package(tmp_path, "@cdktf/provider-aws", lazy=True)

    assert node(tmp_path, "console.log(require('@cdktf/provider-aws/lib/index.js'))").stdout == "eager\n"


def start_worker(name: str) -> str:
    return f"""
const {{ Worker }} = require('worker_threads');
new Worker('./{name}', {{ workerData: {{ file: 'index' }} }});
process.exit(0);
"""


@pytest.mark.parametrize(
    ("name", "preload", "written"),
    [
        ("runtime-index-worker.js", True, True),
        ("runtime-index-worker.js", False, False),
        ("another-worker.js", True, False),
    ],
)
def test_only_the_worker_that_writes_the_index_is_waited_for(
    tmp_path: Path, name: str, *, preload: bool, written: bool
) -> None:
    (tmp_path / name).write_text(WORKER, encoding="utf-8")

    result = node(tmp_path, start_worker(name), preload=preload)

    assert (result.returncode, result.stderr) == (0, "")
    assert (tmp_path / "index").exists() is written


def test_a_worker_that_fails_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "runtime-index-worker.js").write_text("throw new Error('no index')", encoding="utf-8")

    assert node(tmp_path, start_worker("runtime-index-worker.js")).returncode == 0


def test_jsii_still_has_the_worker_and_starts_it_by_this_name() -> None:
    embedded = importlib.resources.files("jsii") / "_embedded" / "jsii"

    assert '"runtime-index-worker.js"' in (embedded / "lib__program.js").read_text(encoding="utf-8")
    assert (embedded / "lib__runtime-index-worker.js").is_file()
