"""What the engine leaves behind: nothing in the environment, nothing on the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.engine.processes import SMALL_STACK, python, wheel_node

pytestmark = pytest.mark.synth

LEAKS = """
import json, os, subprocess, sys
before = dict(os.environ)
import modules.core.engine
from cdktf_cdktf_provider_aws.vpc import Vpc
assert dict(os.environ) == before, set(os.environ.items()) ^ set(before.items())
names = [name for name in before if name == "NODE_OPTIONS" or name.startswith("JSII_")]
print(json.dumps({name: os.environ[name] for name in names}))
"""


def test_the_environment_is_as_it_was(tmp_path: Path) -> None:
    result = python(LEAKS, tmp_path)

    assert (result.stdout, result.stderr) == ("{}\n", "")


def test_the_users_own_settings_are_kept(tmp_path: Path) -> None:
    own = {"JSII_NODE": wheel_node(), "NODE_OPTIONS": "--max-http-header-size=20000"}

    result = python(LEAKS, tmp_path, **own)

    assert (json.loads(result.stdout), result.stderr) == (own, "")


def test_the_environment_is_as_it_was_when_the_engine_cannot_start(tmp_path: Path) -> None:
    code = """
import os
before = dict(os.environ)
try:
    import modules.core.engine
except Exception as error:
    print(type(error).__name__, dict(os.environ) == before)
"""
    assert python(code, tmp_path, JSII_NODE="no/such/node").stdout == "ConfigError True\n"


def pretending(folder: Path, version: str) -> dict[str, str]:
    """Variables under which Node says that it is another version."""
    (folder / "version.js").write_text(f"Object.defineProperty(process, 'version', {{ value: '{version}' }});\n")
    return {"JSII_NODE": wheel_node(), "NODE_OPTIONS": f'--require "{folder / "version.js"}"'}


@pytest.mark.parametrize("version", ["v20.20.2", "v22.20.0", "v26.1.0"])
def test_no_banner_about_the_version_of_node(tmp_path: Path, version: str) -> None:
    result = python("import modules.core.engine", tmp_path, **pretending(tmp_path, version))

    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("version", "banner"),
    [("v20.20.2", "Node 20 is end-of-life"), ("v26.1.0", "has not been tested with node v26.1.0")],
)
def test_without_the_engine_there_is_a_banner(tmp_path: Path, version: str, banner: str) -> None:
    assert banner in python("import constructs", tmp_path, **pretending(tmp_path, version)).stderr


@pytest.mark.parametrize(("first", "expected"), [("import modules.core.engine", False), ("", True)])
def test_the_deprecated_call_of_the_core_package_is_not_reported(tmp_path: Path, first: str, *, expected: bool) -> None:
    code = """
from cdktf import App, TerraformOutput, TerraformStack
app = App(outdir="out")
TerraformOutput(TerraformStack(app, "bare"), "name", value=["x"])
app.synth()
"""
    result = python(f"{first}\n{code}", tmp_path, JSII_NODE=wheel_node())

    assert result.returncode == 0, result.stderr
    assert ("DeprecationWarning" in result.stderr) is expected
    assert expected or result.stderr == ""


def test_a_synth_prints_nothing(tmp_path: Path) -> None:
    result = python(f"import modules.core.engine\n{SMALL_STACK}\nsynthesize('out')", tmp_path)

    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
