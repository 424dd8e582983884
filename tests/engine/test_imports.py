"""The bindings are lazy, whatever was imported before, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.processes import SMALL_STACK, python, wheel_node

pytestmark = pytest.mark.synth

LOADED = "sum(name.startswith('cdktf_cdktf_provider_aws.') for name in __import__('sys').modules)"
FEW = 12  # submodules: five that are named, their private `_jsii`


def test_only_what_is_named_is_imported(tmp_path: Path) -> None:
    result = python(f"import modules.core.engine\n{SMALL_STACK}\nprint({LOADED})", tmp_path)

    assert result.stderr == ""
    assert 4 <= int(result.stdout) <= FEW


@pytest.mark.parametrize("earlier", ["import jsii", "import constructs", "import cdktf", "from cdktf import App"])
def test_the_engine_may_come_after_the_core_package(tmp_path: Path, earlier: str) -> None:
    code = f"{earlier}\nimport modules.core.engine\n{SMALL_STACK}\nsynthesize('out')\nprint({LOADED})"

    result = python(code, tmp_path, JSII_NODE=wheel_node())

    assert result.returncode == 0, result.stderr
    assert int(result.stdout.splitlines()[-1]) <= FEW
    assert (tmp_path / "out" / "stacks" / "small" / "cdk.tf.json").is_file()


def test_a_node_that_runs_already_is_not_looked_for(tmp_path: Path) -> None:
    code = "import cdktf, os\nos.environ['JSII_NODE'] = 'no/such/node'\nimport modules.core.engine\ncdktf.App()"

    result = python(code, tmp_path, JSII_NODE=wheel_node())

    assert (result.returncode, result.stderr) == (0, "")


def test_the_output_is_the_same_with_and_without_the_engine_and_when_it_comes_last(tmp_path: Path) -> None:
    """The plain import of everything takes seconds: once, for all that needs it."""
    lazy = python(f"import modules.core.engine\n{SMALL_STACK}\nsynthesize('lazy')", tmp_path)
    code = f"{SMALL_STACK}\nsynthesize('plain')\nimport modules.core.engine\nsynthesize('late')\nprint({LOADED})"
    plain = python(code, tmp_path, JSII_NODE=wheel_node())

    assert (lazy.returncode, plain.returncode) == (0, 0), lazy.stderr + plain.stderr
    assert int(plain.stdout) > 2_000
    for name in ("manifest.json", "stacks/small/cdk.tf.json"):
        written = {folder: (tmp_path / folder / name).read_bytes() for folder in ("lazy", "plain", "late")}
        assert set(written.values()) == {written["plain"]}, name


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import cdktf_cdktf_provider_aws as aws; print(aws.vpc.Vpc.__name__)", "Vpc"),
        ("from cdktf_cdktf_provider_aws import s3_bucket; print(s3_bucket.S3Bucket.__name__)", "S3Bucket"),
        ("import cdktf_cdktf_provider_aws.vpc as vpc; print(vpc.Vpc.__module__)", "cdktf_cdktf_provider_aws.vpc"),
        ("import cdktf_cdktf_provider_aws as aws; print(hasattr(aws, 'vcp'))", "False"),
        (
            "import cdktf_cdktf_provider_aws as aws\ntry: aws.vcp\nexcept AttributeError as error: print(error)",
            "module 'cdktf_cdktf_provider_aws' has no attribute 'vcp'",
        ),
        (
            "try: from cdktf_cdktf_provider_aws.vcp import Vpc\nexcept ModuleNotFoundError as error: print(error)",
            "No module named 'cdktf_cdktf_provider_aws.vcp'",
        ),
        (
            "import importlib.metadata as metadata; print(metadata.version('cdktf-cdktf-provider-aws'))",
            "20.1.0",
        ),
        (
            "from importlib.resources import files; print((files('cdktf_cdktf_provider_aws') / 'py.typed').is_file())",
            "True",
        ),
    ],
)
def test_the_stand_in_parent_behaves_as_the_package_does(tmp_path: Path, code: str, said: str) -> None:
    result = python(f"import modules.core.engine\n{code}", tmp_path)

    assert (result.stdout, result.stderr) == (f"{said}\n", "")


def test_type_hints_of_everything_else_are_resolved_as_before(tmp_path: Path) -> None:
    code = """
import types, typing
import modules.core.engine

def function(a: "int", b: typing.Annotated[str, "note"]) -> None: ...

first = typing.get_type_hints(function)
assert first == {"a": int, "b": str, "return": type(None)}, first
assert typing.get_type_hints(function) is not first
assert typing.get_type_hints(function, include_extras=True)["b"] == typing.Annotated[str, "note"]
assert typing.get_type_hints.__name__ == "get_type_hints"

odd = types.SimpleNamespace(__name__=5, __annotations__={"x": int})
assert typing.get_type_hints(odd) == {"x": int}
try:
    typing.get_type_hints(3)
except TypeError as error:
    print(error)
"""
    result = python(code, tmp_path)

    assert result.stderr == ""
    assert result.stdout == "3 is not a module, class, method, or function.\n"


def test_arguments_are_still_checked(tmp_path: Path) -> None:
    code = f"import modules.core.engine\n{SMALL_STACK}\nVpc(TerraformStack(App(), 'bare'), 'vpc', cidr_block=5)"

    assert python(code, tmp_path).stderr.strip().splitlines()[-1] == (
        "TypeError: type of argument cidr_block must be one of (str, NoneType); got int instead"
    )
