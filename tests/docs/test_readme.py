"""What the README shows is run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from modules.core.errors import ConfigError
from rollout.adapters.terraform import Terraform
from rollout.targets import read_targets
from stacks.checks import checked_configs

README = Path("README.md").read_text(encoding="utf-8")
STACK = "dev-main-eu-west-1-hello"


def snippet() -> str:
    (code,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    return str(code)


def test_the_stack_of_ones_own_has_15_lines_at_most() -> None:
    assert len([line for line in snippet().splitlines() if line.strip()]) <= 15


@pytest.mark.plan
def test_the_stack_of_ones_own_is_accepted_by_terraform(tmp_path: Path) -> None:
    (tmp_path / "hello").mkdir()
    (tmp_path / "hello" / "handler.py").write_text("def handler(event, context):\n    return {}\n", encoding="utf-8")
    (tmp_path / "stack.py").write_text(snippet(), encoding="utf-8")

    ran = subprocess.run(
        [sys.executable, "stack.py"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    folder = tmp_path / "cdktf.out" / "stacks" / STACK
    (function,) = json.loads((folder / "cdk.tf.json").read_text(encoding="utf-8"))["resource"][
        "aws_lambda_function"
    ].values()
    assert function["function_name"] == "acme-dev-hello-hello"
    with Terraform(folder) as terraform:
        terraform.init()
        terraform.validate()


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ({"function": {"memory_mb": 64}}, 0),
        ({"function": {"reserved_concurrency": 200}, "database": {"instance_class": "db.t4g.micro"}}, 1),
    ],
)
def test_the_refusals_that_the_readme_shows_are_what_is_said(
    settings: dict[str, Any], shown: int, tmp_path: Path
) -> None:
    folder = shutil.copytree("environments", tmp_path / "environments")
    region = folder / "dev" / "main" / "us-east-1.yaml"
    data = yaml.safe_load(region.read_text(encoding="utf-8"))
    for part, fields in settings.items():
        data["stacks"]["orders_api"].setdefault(part, {}).update(fields)
    region.write_text(yaml.safe_dump(data), encoding="utf-8")

    with pytest.raises(ConfigError) as refused:
        checked_configs(read_targets(folder))

    by_length = sorted(re.findall(r"```text\n(.*)\n```", README), key=len)
    assert str(refused.value) == by_length[shown]


def test_every_file_and_folder_that_the_readme_links_to_exists() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)", README) if "://" not in link]

    assert len(links) > 10
    assert [link for link in links if not Path(link).exists()] == []


def test_every_command_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"^\| `lambdanet ([\w-]+)", README, flags=re.MULTILINE))

    shown = subprocess.run(
        [Path(sys.executable).with_name("lambdanet"), "--help"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "COLUMNS": "120"},
    ).stdout

    offered = set(re.findall(r"^[│ ]+([\w-]+) +\S", shown.split("Commands")[1], flags=re.MULTILINE))
    assert named == offered


def test_the_refused_value_that_the_readme_shows_reads_so() -> None:
    from modules.core.errors import ConfigError  # noqa: PLC0415  # the same
    from modules.function import FunctionConfig  # noqa: PLC0415  # only this test needs it

    with pytest.raises(ConfigError) as refused:
        FunctionConfig.parse(
            {"code": {"source": "x"}, "reserved_concurrency": 1, "memory_mb": 64},
            where="dev/main/us-east-1/orders_api",
        )

    assert str(refused.value).replace(": memory_mb", ": function.memory_mb") in README


def test_the_ratios_that_the_readme_quotes_were_measured() -> None:
    results = json.loads(Path("benchmarks/results.json").read_text(encoding="utf-8"))
    checks, ratios = results["checks"], results["ratios"]

    quoted = re.findall(r"\*\*([\d.]+) times\*\*", README)
    assert f"for each of {checks['targets']} synthesized targets" in README
    assert quoted == [
        f"{ratio['median']:.1f}"
        for ratio in (
            checks["stock checkov per target to lambdanet check"],
            ratios["plain way to cold synth"],
            ratios["cold synth to checking only"],
        )
    ]
