"""Examples of terraform-aws-modules/terraform-aws-lambda, expressed with our modules and shorter than there.

A line counts when it is neither blank nor a comment (nor part of a docstring). Theirs are the `main.tf` of the example
at the commit named, and leave aside what their modules hold; ours hold the imports too.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from local.emulator import Emulator
from tests.apply.harness import planned
from tests.parity import with_efs, with_vpc, with_vpc_s3_endpoint
from tests.provider_process import ProviderProcesses

LINES_OF_THEIRS = {
    with_vpc: 29,  # examples/with-vpc at 0905eb2
    with_vpc_s3_endpoint: 162,  # examples/with-vpc-s3-endpoint at 03b4328
    with_efs: 53,  # examples/with-efs at 10aad48
}


def lines_of(module: ModuleType) -> int:
    text = Path(str(module.__file__)).read_text(encoding="utf-8")
    tree = ast.parse(text)
    documented = [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef))]
    docstrings = {
        line
        for node in documented
        if ast.get_docstring(node) is not None
        for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    }
    ignored = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    used = {
        line
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in ignored
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(used - docstrings)


@pytest.mark.parametrize("module", LINES_OF_THEIRS, ids=lambda module: module.__name__.rpartition(".")[2])
def test_ours_is_shorter(module: ModuleType) -> None:
    assert lines_of(module) < LINES_OF_THEIRS[module]


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


PLANNED = {
    with_vpc: {"aws_lambda_function": 1, "aws_nat_gateway": 0},
    with_vpc_s3_endpoint: {"aws_lambda_function": 1, "aws_s3_bucket": 1, "aws_vpc_endpoint": 1, "aws_nat_gateway": 0},
    with_efs: {"aws_lambda_function": 1, "aws_efs_access_point": 1, "aws_efs_mount_target": 2},
}
"""Of each plan, what the example is about."""


@pytest.mark.plan
@pytest.mark.parametrize("module", PLANNED, ids=lambda module: module.__name__.rpartition(".")[2])
def test_terraform_plans_it(
    module: ModuleType, emulator: Emulator, providers: ProviderProcesses, tmp_path: Path
) -> None:
    plan = planned(module.build, emulator=emulator, providers=providers, work=tmp_path)
    made = Counter(change.type for change in plan.resource_changes if change.actions == ("create",))
    assert {kind: made[kind] for kind in PLANNED[module]} == PLANNED[module]
    assert plan.updates == plan.deletes == plan.replaces == 0
