"""Anybody's constructs, on both engines: the line that makes each resource is written beside the stack."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.engine.processes import cdktn_python, python

pytestmark = pytest.mark.synth

QUEUES = """
from constructs import Construct
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue

class Jobs(Construct):
    def __init__(self, scope, name):
        super().__init__(scope, name)
        self.queue = SqsQueue(
            self, "queue",
            name="jobs",
        )
"""
PROGRAM = """
import modules.core.engine
from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.data_aws_region import DataAwsRegion
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from infra.queues import Jobs

class Orders(TerraformStack):
    def __init__(self, scope, name):
        super().__init__(scope, name)
        AwsProvider(self, "aws", region="eu-west-1")
        Jobs(self, "jobs")
        SqsQueue(scope=self, id_="dead", name="dead")
        DataAwsRegion(self, "here")

app = App(outdir="out")
Orders(app, "orders")
app.synth()
"""


@pytest.mark.parametrize("engine", ["cdktf", "cdktn"])
def test_the_line_of_each_resource_is_written_down(tmp_path: Path, engine: str) -> None:
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "queues.py").write_text(QUEUES, encoding="utf-8")
    (tmp_path / "main.py").write_text(PROGRAM, encoding="utf-8")
    program = sys.executable if engine == "cdktf" else cdktn_python()
    result = python("import runpy; runpy.run_path('main.py')", tmp_path, program=program, LAMBDANET_ENGINE=engine)
    assert result.returncode == 0, result.stderr
    text = (tmp_path / "out" / "stacks" / "orders" / "places.json").read_text(encoding="utf-8")

    assert json.loads(text) == {
        "aws_sqs_queue.dead": {"file": "main.py", "line": 14},
        "aws_sqs_queue.jobs_queue_1C1A0084": {"file": "infra/queues.py", "line": 8},
        "data.aws_region.here": {"file": "main.py", "line": 15},
    }
    assert str(tmp_path) not in text
