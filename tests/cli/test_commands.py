"""The commands, as a user types them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.app import app
from cli.commands import application, named_in
from cli.demo import _listed_gaps
from cli.reference import reference_text
from local.known_gaps import KnownGap

runner = CliRunner()
COMMAND = Path(sys.executable).with_name("lambdanet")


def test_validate_accepts_the_targets_of_the_project() -> None:
    result = runner.invoke(app, ["validate"])

    assert result.exit_code == 0
    assert result.stdout == "1 of 1 targets are valid: dev-main-us-east-1-orders_api\n"


def test_bad_input_is_all_reported_at_once_with_exit_code_2_and_no_traceback(broken: Path) -> None:
    result = subprocess.run(
        [COMMAND, "validate", "--environments", str(broken)], capture_output=True, text=True, check=False, timeout=60
    )

    assert result.returncode == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    told = " ".join(result.stderr.split())
    assert (
        "memory_mb is 64; a Lambda function's memory takes 128 to 10240 MB (Lambda quotas); "
        "set a value from 128 to 10240"
    ) in told
    assert (
        "connection_borrow_timeout_seconds is 301; an RDS Proxy's connection_borrow_timeout takes 0 to 300 seconds "
        "(rds API model; the provider lets 3600 through); set a value from 0 to 300"
    ) in told


def test_the_demo_refuses_bad_input_before_anything_starts(broken: Path, tmp_path: Path) -> None:
    result = subprocess.run(
        [COMMAND, "demo", "--environments", str(broken), "--report", str(tmp_path / "report")],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert result.returncode == 2
    assert "Traceback" not in result.stdout + result.stderr
    assert "validate the configuration" in result.stdout
    assert "emulator" not in result.stdout.split("every step held")[0]
    report = (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    assert "memory_mb is 64" in report


def test_a_listed_gap_that_no_longer_shows_does_not_hold() -> None:
    gap = KnownGap("aws_vpc_endpoint", "differs", "5.2.5", "not extended yet", attribute="dns_options")

    assert _listed_gaps([gap]).broken == ("aws_vpc_endpoint dns_options no longer shows: take it off the list",)
    assert _listed_gaps([]).broken == ()


def test_targets_are_listed() -> None:
    result = runner.invoke(app, ["targets"], env={"COLUMNS": "40"})

    assert result.exit_code == 0
    assert result.stdout == "dev-main-us-east-1-orders_api  123456789012  >= 5.100, < 7\n"


def test_the_schema_knows_every_level(tmp_path: Path) -> None:
    file = tmp_path / "schema.json"

    assert runner.invoke(app, ["schema", "--output", str(file)]).exit_code == 0

    schema = json.loads(file.read_text(encoding="utf-8"))
    assert {"org", "env", "account_id", "region", "stacks"} <= schema["properties"].keys()
    assert schema["properties"]["stacks"]["properties"].keys() == {"orders_api", "rollout_engine"}
    assert schema["$defs"]["FunctionConfig"]["properties"]["memory_mb"]["maximum"] == 10240


@pytest.mark.parametrize(
    ("file", "made_by"),
    [("docs/reference.md", "lambdanet reference --output docs/reference.md")],
)
def test_the_reference_is_the_models(file: str, made_by: str) -> None:
    assert Path(file).read_text(encoding="utf-8") == reference_text(), f"run `{made_by}`"


def test_the_committed_schema_is_the_models(tmp_path: Path) -> None:
    file = tmp_path / "schema.json"
    runner.invoke(app, ["schema", "--output", str(file)])

    assert Path("environments/schema.json").read_text(encoding="utf-8") == file.read_text(encoding="utf-8"), (
        "run `lambdanet schema --output environments/schema.json`"
    )


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The project's environments with two refused values."""
    folder = tmp_path / "environments"
    for source in Path("environments").rglob("*.yaml"):
        copy = folder / source.relative_to("environments")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(source.read_bytes())
    region = folder / "dev" / "main" / "us-east-1.yaml"
    region.write_text(
        region.read_text(encoding="utf-8")
        + "    function:\n      memory_mb: 64\n    proxy:\n      connection_borrow_timeout_seconds: 301\n",
        encoding="utf-8",
    )
    return folder


def test_no_command_loads_the_engine_before_it_synthesizes() -> None:
    script = "import sys, cli.app; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert {"cli", "pydantic"} <= set(loaded)
    assert {"cdktf", "cdktf_cdktf_provider_aws", "jsii", "moto", "checkov"} & set(loaded) == set()


def test_a_command_line_loads_only_what_its_command_needs() -> None:
    script = (
        "import sys; from cli.commands import named_in; named_in(['validate']);"
        "print(*sorted(name for name in sys.modules if name.startswith('cli.')))"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert "cli.configuration" in loaded
    assert {"cli.demo", "cli.rollout", "cli.release"} & set(loaded) == set()


def test_one_command_alone_has_the_names_and_options_of_the_whole_command_line() -> None:
    for name in ("validate", "rollout"):
        alone, whole = (runner.invoke(each, [name, "--help"]).output for each in (application((name,)), app))
        assert alone == whole
    assert named_in(["nope"]).registered_groups
