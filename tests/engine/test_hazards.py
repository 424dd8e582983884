"""What cdktf does to values on the way, so that we notice when it changes; `tests/synth` looks for it in our stacks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.engine.processes import python

pytestmark = pytest.mark.synth

CODE = """
import modules.core.engine
from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.lambda_function import LambdaFunction
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.security_group import SecurityGroup, SecurityGroupIngress

def build(app):
    stack = TerraformStack(app, "hazards")
    AwsProvider(stack, "aws")
    SecurityGroup(stack, "dict", ingress=[{"from_port": 443, "to_port": 443, "protocol": "tcp"}])
    SecurityGroup(stack, "struct", ingress=[SecurityGroupIngress(from_port=443, to_port=443, protocol="tcp")])
    vpc_config = {"subnet_ids": ["a"], "security_group_ids": []}
    LambdaFunction(stack, "lone", function_name="x", role="x", vpc_config=vpc_config)
    app.synth()

build(App(outdir="json"))
build(App(outdir="hcl", hcl_output=True))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hazards")
    result = python(CODE, folder)
    assert result.returncode == 0, result.stderr
    return folder


@pytest.fixture(scope="module")
def document(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "json" / "stacks" / "hazards" / "cdk.tf.json").read_bytes())
    return document


def test_a_dict_in_a_list_loses_its_snake_case_keys(document: dict[str, Any]) -> None:
    (rule,) = document["resource"]["aws_security_group"]["dict"]["ingress"]

    assert (rule["from_port"], rule["to_port"], rule["protocol"]) == (None, None, "tcp")


def test_a_struct_in_a_list_keeps_everything(document: dict[str, Any]) -> None:
    (rule,) = document["resource"]["aws_security_group"]["struct"]["ingress"]

    assert (rule["from_port"], rule["to_port"], rule["protocol"]) == (443, 443, "tcp")


def test_a_dict_that_is_not_in_a_list_keeps_everything(document: dict[str, Any]) -> None:
    assert document["resource"]["aws_lambda_function"]["lone"]["vpc_config"] == {
        "security_group_ids": [], "subnet_ids": ["a"]
    }  # fmt: skip


def test_the_default_backend_writes_the_folder_of_this_machine(folder: Path, document: dict[str, Any]) -> None:
    assert document["terraform"]["backend"]["local"]["path"] == str(folder / "terraform.hazards.tfstate")


def test_hcl_output_is_not_hcl(folder: Path) -> None:
    written = (folder / "hcl" / "stacks" / "hazards" / "cdk.tf").read_text(encoding="utf-8")

    assert written.startswith("{")
