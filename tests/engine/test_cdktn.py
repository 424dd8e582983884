"""The same code on the maintained continuation, in the environment that holds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.processes import SMALL_STACK, cdktn_python, locked, python

pytestmark = pytest.mark.synth

START = "import modules.core.engine\n"


def on_cdktn(code: str, folder: Path) -> str:
    result = python(code, folder, program=cdktn_python(), LAMBDANET_ENGINE="cdktn")
    assert result.stderr == ""
    return result.stdout.strip()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import cdktf, cdktn; print(cdktf is cdktn, cdktf.App is cdktn.App)", "True True"),
        (
            "from cdktf_cdktf_provider_aws.vpc import Vpc\nimport cdktn_provider_aws.vpc as own\nprint(Vpc is own.Vpc)",
            "True",
        ),
        (
            "import cdktn_provider_aws.vpc as real\nimport cdktf_cdktf_provider_aws.vpc as alias\nprint(alias is real)",
            "True",
        ),
        ("from cdktf_cdktf_provider_aws import vpc; print(vpc.__name__)", "cdktn_provider_aws.vpc"),
        ("import cdktf_cdktf_provider_aws as aws; print(aws.vpc.Vpc.__jsii_type__)", "@cdktn/provider-aws.vpc.Vpc"),
        ("import cdktf; print(cdktf.__spec__.name, cdktf.__name__, cdktf.__package__)", "cdktn cdktn cdktn"),
        (
            "from importlib.util import find_spec; print(find_spec('cdktf_cdktf_provider_aws.vpc').name)",
            "cdktf_cdktf_provider_aws.vpc",
        ),
        ("from importlib.util import find_spec; print(find_spec('cdktf_cdktf_provider_aws.vcp'))", "None"),
        (
            "try: import cdktf_cdktf_provider_aws.vcp\nexcept ModuleNotFoundError as error: print(error)",
            "No module named 'cdktf_cdktf_provider_aws.vcp'",
        ),
        ("from importlib.resources import files; print((files('cdktf') / 'py.typed').is_file())", "True"),
        ("import cdktf, importlib; print(importlib.import_module('cdktf') is cdktf)", "True"),
        ("import importlib.metadata as metadata; print(metadata.version('cdktn'))", locked("cdktn")),
    ],
)
def test_the_old_names_are_the_new_packages(tmp_path: Path, code: str, said: str) -> None:
    assert on_cdktn(START + code, tmp_path) == said


def test_distributions_keep_their_own_names(tmp_path: Path) -> None:
    code = """
import importlib.metadata
try:
    importlib.metadata.version("cdktf")
except importlib.metadata.PackageNotFoundError as error:
    print(error)
"""
    assert on_cdktn(START + code, tmp_path) == "No package metadata was found for cdktf"


def test_only_what_is_named_is_imported(tmp_path: Path) -> None:
    loaded = "sum(name.startswith('cdktn_provider_aws.') for name in __import__('sys').modules)"

    assert 4 <= int(on_cdktn(f"{START}{SMALL_STACK}\nprint({loaded})", tmp_path)) <= 12


def test_anybodys_code_synthesizes(tmp_path: Path) -> None:
    assert on_cdktn(f"{START}{SMALL_STACK}\nsynthesize('out')", tmp_path) == ""
    assert f'"version": "{locked("cdktn")}"' in (tmp_path / "out" / "stacks" / "small" / "cdk.tf.json").read_text(
        encoding="utf-8"
    )


def test_two_engines_in_one_process_are_refused(tmp_path: Path) -> None:
    (tmp_path / "cdktf.py").write_text("", encoding="utf-8")

    result = python(f"import cdktf\n{START}", tmp_path, program=cdktn_python(), LAMBDANET_ENGINE="cdktn")

    assert result.stderr.strip().splitlines()[-1] == (
        'modules.core.errors.ConfigError: environment: LAMBDANET_ENGINE is "cdktn", and cdktf is imported already; '
        "one process runs one engine; import modules.core.engine first"
    )
