"""The calculators over plans, as a user calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from modules.core.errors import SuiteError
from tests.analysis.forecast.changes import CREATE, DELETE, GROUP, Changes, function
from tests.cli.plan_runs import COMMAND, run, write

ALL = ("reach", "budget", "cost", "forecast")


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A plan that nothing can be said against."""
    queue = {"name": "jobs", "visibility_timeout_seconds": 60}
    return write(tmp_path / "sound.json", Changes().add("aws_sqs_queue.jobs", CREATE, None, queue).document)


@pytest.fixture
def hanging(tmp_path: Path) -> Path:
    """A plan that destroys a function with its group and a queue with its messages."""
    plan = (
        Changes()
        .add("aws_security_group.api", DELETE, GROUP)
        .add("aws_lambda_function.api", DELETE, function(), depends_on=["aws_security_group.api"])
        .add("aws_secretsmanager_secret.api", DELETE, {"id": "arn:s", "name": "a|b", "recovery_window_in_days": 7})
        .add("aws_s3_bucket.files", DELETE, {"id": "files", "bucket": "files", "force_destroy": False})
    )
    return write(tmp_path / "hanging.json", plan.document)


@pytest.mark.parametrize("command", ALL)
@pytest.mark.parametrize("form", ["table", "json", "markdown"])
def test_a_sound_plan_ends_with_0_in_every_format(command: str, form: str, sound: Path) -> None:
    result = run(command, sound, "--format", form)

    assert (result.exit_code, result.exception) == (0, None)
    if form == "json":
        document = json.loads(result.stdout)
        assert (document["format"], document["command"]) == (1, command)
        assert document["summary"] == {"error": 0, "warning": 0, "undecidable": 0}
        assert [entry["sources"] for entry in document["results"]] == [[str(sound)]]
        assert document["results"][0]["findings"] == []
    else:
        assert "0 errors, 0 warnings, 0 undecidable in 1 plan" in result.stdout


@pytest.mark.parametrize("command", ALL)
def test_json_holds_what_its_documentation_says(command: str, sound: Path) -> None:
    result = json.loads(run(command, sound, "--format", "json").stdout)["results"][0]

    assert (
        result.keys() - {"sources", "findings"}
        == {
            "reach": {"pairs"},
            "budget": {"rows"},
            "cost": {
                "totals",
                "totals_before",
                "change",
                "complete",
                "lines",
                "changes",
                "unmatched",
                "unclassified",
                "egress",
                "architectures",
                "provisioned",
            },
            "forecast": {"steps", "longest_wait_minutes"},
        }[command]
    )


@pytest.mark.parametrize(("fail_on", "code"), [("error", 1), ("warning", 1), ("undecidable", 1)])
def test_findings_end_with_1(fail_on: str, code: int, hanging: Path) -> None:
    assert run("forecast", hanging, "--fail-on", fail_on).exit_code == code


@pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 0), ("undecidable", 1)])
def test_a_level_below_the_chosen_one_does_not_fail(fail_on: str, code: int, tmp_path: Path) -> None:
    bucket = {"id": "files", "bucket": "files", "force_destroy": False}
    plan = write(tmp_path / "plan.json", Changes().add("aws_s3_bucket.files", DELETE, bucket).document)

    assert run("forecast", plan, "--fail-on", fail_on).exit_code == code


def test_a_table_holds_steps_findings_and_their_number(hanging: Path) -> None:
    told = run("forecast", hanging).stdout

    assert "What waits, fails or stays, in the order of the destroy" in told
    assert "network interfaces of aws_lambda_function.api" in told
    assert "error aws_security_group.api: deletion of the security group waits for the network interfaces of" in told
    assert told.rstrip().endswith("1 error, 1 warning, 1 undecidable in 1 plan")


def test_a_table_in_a_pipe_is_wide_and_plain(hanging: Path) -> None:
    result = subprocess.run(
        [COMMAND, "forecast", hanging],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={name: text for name, text in os.environ.items() if name not in {"COLUMNS", "FORCE_COLOR"}},
    )

    assert (result.returncode, result.stderr) == (1, "")
    assert "\x1b" not in result.stdout
    table = [line for line in result.stdout.splitlines() if line.startswith("│")]
    assert "aws_secretsmanager_secret.api" in "".join(table)
    assert max(map(len, table)) > 100


def test_markdown_escapes_what_would_break_it(hanging: Path) -> None:
    told = run("forecast", hanging, "--format", "markdown").stdout

    assert told.startswith("## lambdanet forecast\n\n1 error, 1 warning, 1 undecidable in 1 plan.\n")
    assert "- **warning** `aws_secretsmanager_secret.api`: the deleted secret keeps the name" in told
    assert "<details><summary>What waits, fails or stays, in the order of the destroy (3)</summary>" in told
    assert "| 1 | delete | aws\\_s3\\_bucket.files |  | not-empty |" in told


def test_json_of_a_forecast(hanging: Path) -> None:
    result = json.loads(run("forecast", hanging, "--format", "json").stdout)["results"][0]

    assert result["longest_wait_minutes"] == 45
    assert result["steps"][-1] == {
        "position": 3,
        "address": "aws_security_group.api",
        "action": "delete",
        "wait": {
            "minutes": 45,
            "reason": "network interfaces of aws_lambda_function.api",
            "source": "Lambda guide, VPC access; provider documentation, aws_lambda_function",
        },
        "rules": ["interfaces-of-security-group"],
    }
    assert [finding["level"] for finding in result["findings"]] == ["error", "warning", "undecidable"]
    assert result["findings"][0].keys() == {"rule", "level", "address", "missing", "message", "fix"}


def test_a_folder_is_read_whole_and_by_name(sound: Path, hanging: Path) -> None:
    result = run("forecast", sound.parent, "--format", "json")

    sources = [entry["sources"] for entry in json.loads(result.stdout)["results"]]
    assert sources == [[str(hanging)], [str(sound)]]
    assert "in 2 plans" in run("forecast", hanging, sound).stdout


def test_budgets_of_several_plans_are_one_result(sound: Path, hanging: Path) -> None:
    results = json.loads(run("budget", sound, hanging, "--format", "json").stdout)["results"]

    assert [entry["sources"] for entry in results] == [[str(sound), str(hanging)]]


@pytest.mark.parametrize("form", ["table", "json", "markdown"])
def test_output_goes_to_a_file(form: str, hanging: Path, tmp_path: Path) -> None:
    file = tmp_path / "new" / "report"

    result = run("forecast", hanging, "--format", form, "--output", file)

    assert (result.exit_code, result.stdout) == (1, "")
    text = file.read_text(encoding="utf-8")
    assert "aws_security_group.api" in text.replace("\\", "")
    assert "\x1b" not in text


def test_a_file_that_cannot_be_written_is_a_sentence(sound: Path) -> None:
    result = run("forecast", sound, "--format", "json", "--output", sound / "x")

    assert isinstance(result.exception, SuiteError)
    assert str(result.exception).startswith(f"{sound / 'x'} cannot be written: ")
    assert str(result.exception).endswith("; name another file")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty; write it with `terraform show -json PLAN`"),
        (b'{"format_version": "1.2", "planned_va', "ends in the middle, after 37 bytes"),
        (b'{"format_version": "2.0"}', "has plan format 2.0, and 1.x is read"),
        (b'{"version": 4, "serial": 1, "lineage": "x", "resources": []}', "is a state file, not a plan"),
        (b'{"format_version": "1.0", "values": {}}', "is a state in JSON, not a plan"),
        (b"PK\x03\x04", "is a saved plan, which only Terraform can read; name its JSON"),
        (b"\x1f\x8b\x08\x00", "is not text"),
        (b"\xff\xfe\x00\x01", "is no JSON: Expecting value in line 1, column 1"),
        (b"Terraform will perform the following actions", "is no JSON: Expecting value in line 1, column 1"),
        (b"[]", "is JSON, but no plan: it holds no object"),
    ],
)
@pytest.mark.parametrize("command", ALL)
def test_bad_input_is_a_sentence_for_every_command(command: str, content: bytes, sentence: str, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_bytes(content)

    result = run(command, plan)

    assert isinstance(result.exception, SuiteError)
    assert result.exception.exit_code == 2
    assert str(result.exception).startswith(f"{plan} {sentence}")
    assert "\n" not in str(result.exception)
    assert result.stdout == ""


def test_every_bad_file_of_a_folder_is_told_at_once(tmp_path: Path, sound: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"")
    (tmp_path / "b.json").write_bytes(b"[]")

    error = run("reach", sound.parent).exception

    assert [line.split(" ", 1)[0] for line in str(error).splitlines()] == [
        str(tmp_path / "a.json"),
        str(tmp_path / "b.json"),
    ]


def test_a_user_meets_exit_code_2_and_no_traceback(tmp_path: Path) -> None:
    missing = tmp_path / "plan.json"

    result = subprocess.run([COMMAND, "cost", missing], capture_output=True, text=True, check=False, timeout=60)

    assert (result.returncode, result.stdout) == (2, "")
    assert " ".join(result.stderr.split()) == (
        f"{missing} cannot be read: No such file or directory; name the JSON of a plan"
    )


def test_other_folders_of_quotas_and_prices_are_named(sound: Path, tmp_path: Path) -> None:
    wrong, missing = tmp_path / "other", tmp_path / "prices"
    wrong.mkdir()

    assert str(run("budget", sound, "--quotas", wrong).exception) == (
        f"{wrong} is not called quotas; a folder of quota snapshots is; name another, or rename it"
    )
    assert str(run("cost", sound, "--prices", missing).exception) == (
        f"{missing} is no folder; --prices names one with a table for each region; name another"
    )


def test_a_maximum_is_an_amount(sound: Path) -> None:
    result = run("cost", sound, "--maximum", "much")

    assert result.exit_code == 2
    assert '--maximum is "much"; it takes an amount in USD, such as 250.00' in " ".join(result.output.split())


def test_usage_that_is_refused_is_a_sentence(sound: Path, tmp_path: Path) -> None:
    usage = tmp_path / "usage.yaml"
    usage.write_text("functions: {'*': {requests: -1, duration_ms: 100}}", encoding="utf-8")

    error = run("cost", sound, "--usage", usage).exception

    assert isinstance(error, SuiteError)
    assert "requests is -1" in str(error)


def test_the_commands_load_neither_graph_nor_templates_before_they_run() -> None:
    script = "import sys, cli.plan_commands; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()

    assert {"cli", "typer"} <= set(loaded)
    assert {"networkx", "jinja2", "boto3", "botocore", "yaml", "cdktf", "jsii"} & set(loaded) == set()
