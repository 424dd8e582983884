"""Workflows, hooks and the page on continuous integration: what they run exists, their rights are no more than due."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from cli.app import app
from tests.synth.project import clean_environment, run

WORKFLOWS = sorted(Path(".github/workflows").glob("*.yml"))
HOOKS = Path(".pre-commit-hooks.yaml")
PAGE = Path("docs/ci.md")
COMMAND = re.compile(r"(?:^ *(?:exec )?|[(`'\"]|&& |- |: )(lambdanet [a-z](?:\"[^\"\n]*\"|[^\n`'\")])*)", re.MULTILINE)
USAGE_ERROR: Any = typer.BadParameter.__base__  # of the parser that Typer brings along
READS = re.compile(r"^[a-z0-9-]+:(?:GET|Get|List|Describe|Decrypt$)")
PINNED = re.compile(r"^[\w-]+/[\w/-]+@[0-9a-f]{40}$")
FOUND_FINDINGS = re.compile(r"\|\|.*$")
ARRAY = re.compile(r'"\$\{\w+\[@\]\}"')
LONGEST_MINUTES = 360
"""Of a job on GitHub's own runners (GitHub Actions limits)."""


def workflow(file: Path) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def steps(file: Path) -> Iterator[dict[str, Any]]:
    for job in workflow(file)["jobs"].values():
        yield from job.get("steps", ())  # a job that calls another workflow has none


def commands(text: str) -> list[str]:
    joined = re.sub(r"\\\n\s*", "", text)
    return [FOUND_FINDINGS.sub("", found).strip() for found in COMMAND.findall(joined)]


def written() -> dict[str, list[str]]:
    """Every `lambdanet` command by where it is written."""
    found = {file.name: commands("\n".join(step.get("run", "") for step in steps(file))) for file in WORKFLOWS}
    found[HOOKS.name] = [hook["entry"] for hook in yaml.safe_load(HOOKS.read_text(encoding="utf-8"))]
    found[PAGE.name] = commands(PAGE.read_text(encoding="utf-8"))
    return found


COMMANDS = [(place, command) for place, listed in written().items() for command in listed]


def parse(command: str) -> None:
    """Hold a command to the command line that there is; nothing runs."""
    name, *rest = shlex.split(ARRAY.sub("", command))
    found: Any = typer.main.get_command(app)
    while hasattr(found, "commands") and rest and not rest[0].startswith("-"):
        name, *rest = rest
        if name not in found.commands:
            raise typer.BadParameter(f"there is no command {name}")
        found = found.commands[name]
    found.make_context(name, rest)


def test_commands_are_found_everywhere() -> None:
    assert {place for place, listed in written().items() if listed} == {
        "review.yml", "main.yml", "rollout.yml", "rollout-shard.yml", HOOKS.name, PAGE.name,
    }  # fmt: skip
    assert len([place for place, _ in COMMANDS if place == "review.yml"]) >= 4


@pytest.mark.parametrize(("place", "command"), COMMANDS)
def test_each_command_and_its_options_exist(place: str, command: str) -> None:
    try:
        parse(command)
    except USAGE_ERROR as error:
        pytest.fail(f"{place}: {command}: {error.format_message()}")


@pytest.mark.parametrize("command", ["lambdanet chek", "lambdanet check --formt json", "lambdanet check --format yaml"])
def test_a_wrong_command_is_noticed(command: str) -> None:
    with pytest.raises(USAGE_ERROR):
        parse(command)


def test_shell_is_well_formed() -> None:
    blocks = [step["run"] for file in WORKFLOWS for step in steps(file) if "run" in step]
    blocks += re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    script = "\n".join(f"part_{number}() {{\n{block}\n}}" for number, block in enumerate(blocks))

    assert len(blocks) >= 8
    result = run(["bash", "-n", "-c", script], cwd=Path.cwd(), environment=clean_environment())
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_has_no_more_rights_than_its_jobs_name(file: Path) -> None:
    found = workflow(file)

    assert found["permissions"] == {}
    assert "group" in found["concurrency"]
    for name, job in found["jobs"].items():
        assert "uses" in job or job["timeout-minutes"] <= LONGEST_MINUTES, name
        assert isinstance(job["permissions"], dict), name


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_actions_are_pinned_and_leave_no_credentials(file: Path) -> None:
    for step in steps(file):
        if "uses" in step:
            assert PINNED.match(step["uses"]), step["uses"]
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_nothing_that_somebody_else_writes_becomes_part_of_a_script(file: Path) -> None:
    for step in steps(file):
        assert "${{" not in step.get("run", ""), step
        assert "${{" not in step.get("with", {}).get("script", ""), step


def test_the_code_of_a_pull_request_runs_without_rights() -> None:
    found = workflow(Path(".github/workflows/review.yml"))
    rights = {name: job["permissions"] for name, job in found["jobs"].items()}

    assert list(found[True]) == ["pull_request"]  # YAML reads the key `on` as true
    assert rights == {"check": {"contents": "read"}, "plan": {"contents": "read", "id-token": "write"}, "verdict": {}}
    assert "head.repo.full_name == github.repository" in found["jobs"]["plan"]["if"]
    assert "secrets." not in Path(".github/workflows/review.yml").read_text(encoding="utf-8")


def test_what_may_write_runs_no_code_of_a_pull_request() -> None:
    file = Path(".github/workflows/comment.yml")

    assert list(workflow(file)[True]) == ["workflow_run"]
    assert workflow(file)[True]["workflow_run"]["workflows"] == [workflow(Path(".github/workflows/review.yml"))["name"]]
    assert not [step for step in steps(file) if "run" in step or "checkout" in step.get("uses", "")]
    assert all("pull_request_target" not in workflow(each)[True] for each in WORKFLOWS)


def test_plans_never_leave_their_job() -> None:
    uploads = [
        step["with"]["path"] for file in WORKFLOWS for step in steps(file) if "upload-artifact" in step.get("uses", "")
    ]

    assert sorted(uploads) == ["cdktf.out", "review", "review"]  # the first is uploaded before plans are made


def test_hooks_run_where_what_is_synthesized_changes() -> None:
    hooks = {hook["id"]: hook for hook in yaml.safe_load(HOOKS.read_text(encoding="utf-8"))}
    ours = re.compile(hooks["lambdanet-check"]["files"])

    assert all(
        ours.search(name) for name in ("stacks/orders.py", "environments/defaults.yaml", "a.yml", "a/cdk.tf.json")
    )
    assert not ours.search("README.md")
    assert hooks["lambdanet-check"]["pass_filenames"] is False
    assert hooks["lambdanet-check-tf-json"].get("pass_filenames", True)
    assert all(hook["language"] == "system" for hook in hooks.values())


def test_the_role_that_plans_reads_settings_only() -> None:
    document = json.loads(Path("docs/ci/plan-role-policy.json").read_text(encoding="utf-8"))
    allowed = [action for entry in document["Statement"] if entry["Effect"] == "Allow" for action in entry["Action"]]
    denied = {action for entry in document["Statement"] if entry["Effect"] == "Deny" for action in entry["Action"]}

    assert all(READS.match(action) for action in allowed), allowed
    assert {"secretsmanager:GetSecretValue", "dynamodb:GetItem", "ssm:GetParameter*"} <= denied
    assert allowed[:1] == sorted(allowed)[:1]


def test_only_pull_requests_of_one_repository_take_the_role() -> None:
    [statement] = json.loads(Path("docs/ci/plan-role-trust.json").read_text(encoding="utf-8"))["Statement"]

    assert statement["Condition"] == {
        "StringEquals": {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": "repo:ORGANIZATION/REPOSITORY:pull_request",
        }
    }


def test_links_of_the_page_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", PAGE.read_text(encoding="utf-8"))

    assert links
    assert all((PAGE.parent / link).is_file() for link in links), links
