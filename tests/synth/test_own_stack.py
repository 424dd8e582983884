"""The modules in somebody else's CDKTF app: eighteen lines, no stack of ours."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.synth.project import clean_environment, run

pytestmark = pytest.mark.synth

APP = """\
import modules.core.engine
from cdktf import App

from modules.core.target import Target
from modules.function import Function, FunctionConfig, PythonCode
from modules.key import Key
from modules.network import Network, NetworkConfig
from modules.observability import AlarmTopic
from stacks.base import TargetStack

app = App()
place = {"env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}
stack = TargetStack(app, Target(org="acme", stack="hello", owner="me", **place))
key = Key(stack, "key")
topic = AlarmTopic(stack, "alarm-topic", key=key)
vpc = NetworkConfig(cidr="10.0.0.0/16", availability_zones=("eu-west-1a", "eu-west-1b"))
network = Network(stack, "network", config=vpc, key=key, alarm_topic=topic)
config = FunctionConfig(code=PythonCode(source="code"), reserved_concurrency=1)
Function(stack, "hello", config=config, network=network, key=key, alarm_topic=topic)
app.synth()
"""
HANDLER = """\
def handler(event, context):
    return {"hello": event.get("name", "world")}
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "handler.py").write_text(HANDLER, encoding="utf-8")
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    return tmp_path


def test_a_function_in_a_network_takes_eighteen_lines(app: Path) -> None:
    assert len([line for line in APP.splitlines() if line]) <= 18

    result = run([sys.executable, "app.py"], cwd=app)

    assert result.stdout + result.stderr == ""
    assert result.returncode == 0
    stack = app / "cdktf.out" / "stacks" / "dev-main-eu-west-1-hello"
    resources = json.loads((stack / "cdk.tf.json").read_text(encoding="utf-8"))["resource"]
    (function,) = resources["aws_lambda_function"].values()
    assert function["function_name"] == "acme-dev-hello-hello"
    assert function["handler"] == "handler.handler"
    assert len(function["vpc_config"]["subnet_ids"]) == 2
    assert (stack / function["filename"]).is_file()
    assert "aws_db_instance" not in resources
    (topic,) = resources["aws_sns_topic"]
    alarms = resources["aws_cloudwatch_metric_alarm"].values()
    assert {action for alarm in alarms for action in alarm["alarm_actions"]} == {f"${{aws_sns_topic.{topic}.arn}}"}


def test_a_refused_value_is_one_sentence_in_the_traceback(app: Path) -> None:
    (app / "app.py").write_text(APP.replace("reserved_concurrency=1", "reserved_concurrency=-1"), encoding="utf-8")

    result = run([sys.executable, "app.py"], cwd=app)

    assert result.returncode == 1
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith("modules.core.errors.ConfigError: reserved_concurrency is -1; "), last


def test_without_a_target_the_construct_says_how_to_attach_one(app: Path) -> None:
    plain = APP.partition("app = App()")[0].replace("from cdktf import App", "from cdktf import App, TerraformStack")
    (app / "app.py").write_text(plain + 'Key(TerraformStack(App(), "bare"), "key")\n', encoding="utf-8")

    result = run([sys.executable, "app.py"], cwd=app, environment=clean_environment())

    assert result.stderr.strip().splitlines()[-1] == (
        "modules.core.errors.ConfigError: bare/key: no target is attached; a construct takes names, tags and region "
        "from its stack's target; call modules.core.context.attach_target(stack, target) before adding constructs"
    )
