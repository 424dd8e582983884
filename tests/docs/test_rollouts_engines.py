"""The workflow of a wave and the page on engines: what they run exists, and nothing goes past the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from modules.build_project import S3Source
from stacks.rollout_engine_config import RolloutEngineConfig
from tests.docs.test_ci import USAGE_ERROR, commands, parse, steps, workflow
from tests.synth.project import clean_environment, run

WAVE, SHARD = Path(".github/workflows/rollout.yml"), Path(".github/workflows/rollout-shard.yml")
PAGE = Path("docs/rollouts-engines.md")
READS, SIGNS = {"contents": "read"}, {"contents": "read", "id-token": "write"}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def script(file: Path, name: str) -> str:
    [found] = [step["run"] for step in steps(file) if step.get("name") == name]
    return str(found)


def test_each_command_of_the_page_exists() -> None:
    found = [command for command in commands(PAGE.read_text(encoding="utf-8")) if "…" not in command]

    assert len(found) >= 12
    for command in found:
        try:
            parse(command.removesuffix("\\"))
        except USAGE_ERROR as error:
            pytest.fail(f"{command}: {error.format_message()}")


def test_the_shell_of_the_page_is_well_formed() -> None:
    whole = "\n".join(f"part_{number}() {{\n{block}\n}}" for number, block in enumerate(blocks("sh")))
    result = run(["bash", "-n", "-c", whole], cwd=Path.cwd(), environment=clean_environment())

    assert result.returncode == 0, result.stderr


def test_links_of_the_page_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", PAGE.read_text(encoding="utf-8"))

    assert links
    assert all((PAGE.parent / link).is_file() for link in links), links


def test_both_workflows_are_called_and_start_by_nothing_else() -> None:
    assert [list(workflow(file)[True]) for file in (WAVE, SHARD)] == [["workflow_call"]] * 2


def test_an_approval_is_asked_for_once_and_not_by_each_target() -> None:
    jobs = {**workflow(WAVE)["jobs"], **workflow(SHARD)["jobs"]}

    assert [name for name, job in jobs.items() if "environment" in job] == ["gate"]
    assert "strategy" not in jobs["gate"]


def test_gate_then_shards_then_settle() -> None:
    jobs = workflow(WAVE)["jobs"]
    units = jobs["units"]

    assert (units["needs"], jobs["settle"]["needs"]) == ("gate", ["gate", "units"])
    assert units["strategy"]["max-parallel"] == 1
    assert units["strategy"]["fail-fast"] is False
    assert units["if"] == "needs.gate.outputs.shards != '[]'"
    assert "!cancelled()" in jobs["settle"]["if"]
    assert units["uses"] == f"./{SHARD}"


def test_a_target_that_fails_cancels_no_other_one() -> None:
    strategy = workflow(SHARD)["jobs"]["unit"]["strategy"]

    assert strategy["fail-fast"] is False
    assert strategy["max-parallel"] == "${{ inputs.max_parallel }}"


def test_a_target_that_fails_leaves_the_verdict_to_settling() -> None:
    """A job that calls another workflow fails with it, and the next wave needs this one."""
    lenient = [
        name for file in (WAVE, SHARD) for name, job in workflow(file)["jobs"].items() if "continue-on-error" in job
    ]

    assert lenient == ["unit"]


def test_two_runs_never_change_one_target_at_once_and_nothing_running_is_cancelled() -> None:
    unit = workflow(SHARD)["jobs"]["unit"]
    groups = [workflow(WAVE)["concurrency"], workflow(SHARD)["concurrency"], unit["concurrency"]]

    assert unit["concurrency"]["group"] == "rollout-target-${{ matrix.id }}"
    assert [group["cancel-in-progress"] for group in groups] == [False] * 3
    assert len({group["group"] for group in groups}) == 3


def test_what_calls_the_shards_gives_them_what_they_ask_for() -> None:
    asked = workflow(SHARD)[True]["workflow_call"]["inputs"]
    given = workflow(WAVE)["jobs"]["units"]["with"]

    assert set(given) == set(asked)
    assert all(each["required"] for each in asked.values())


def test_jobs_sign_in_by_token_and_hold_no_secret() -> None:
    rights = [job["permissions"] for file in (WAVE, SHARD) for job in workflow(file)["jobs"].values()]

    assert rights == [SIGNS] * len(rights)
    assert all("secrets" not in file.read_text(encoding="utf-8") for file in (WAVE, SHARD))
    assert not [step for file in (WAVE, SHARD) for step in steps(file) if "artifact" in step.get("uses", "")]


def test_nothing_that_is_settled_or_gated_is_lost() -> None:
    """The exit code of these steps is that of the command, and decides."""
    assert script(WAVE, "Settle") == 'exec lambdanet rollout settle --run "$RUN" --wave "$WAVE" --wait-minutes 345'
    assert script(SHARD, "Gate") == 'lambdanet rollout gate --run "$RUN" --wave "$WAVE"'
    assert "||" not in script(WAVE, "Gate") + script(WAVE, "Matrix")


@pytest.mark.parametrize(
    ("units", "called", "code"),
    [
        ("a@1", ["a 1"], 0),
        ("a@1 b@2 c@3", ["a 1", "b 2", "c 3"], 0),
        ("a@1 fails@2 c@3", ["a 1", "fails 2", "c 3"], 1),
    ],
)
def test_a_job_applies_each_of_its_targets(tmp_path: Path, units: str, called: list[str], code: int) -> None:
    program = tmp_path / "lambdanet"
    program.write_text(
        f'#!/bin/sh\n[ "$1 $2 $3 $4 $5" = "rollout unit apply --run R" ] || exit 9\necho "$7 $9" >> {tmp_path}/called\n'
        '[ "$7" != fails ]\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    environment = {**clean_environment(), "PATH": f"{tmp_path}:/usr/bin:/bin", "RUN": "R", "UNITS": units}
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script(SHARD, "Apply")]
    result = run(shell, cwd=tmp_path, environment=environment)

    assert result.returncode == code, result.stderr
    assert (tmp_path / "called").read_text(encoding="utf-8").splitlines() == called


def test_the_workflow_that_the_page_shows_fits() -> None:
    [text, _] = blocks("yaml")
    caller: dict[Any, Any] = yaml.safe_load(text)
    asked = workflow(WAVE)[True]["workflow_call"]["inputs"]

    for job in caller["jobs"].values():
        assert job["uses"] == f"./{WAVE}"
        assert job["permissions"] == SIGNS
        assert set(job["with"]) <= set(asked)
        assert {name for name, each in asked.items() if each.get("required")} <= set(job["with"])
    assert caller["jobs"]["rest"]["needs"] == "canary"
    assert caller["permissions"] == {}
    assert "group" in caller["concurrency"]


def test_the_engine_that_the_page_shows_is_accepted() -> None:
    [_, text] = blocks("yaml")
    config = RolloutEngineConfig.parse(yaml.safe_load(text)["stacks"]["rollout_engine"])

    assert (config.build.source.kind, S3Source(kind="s3").key) == ("s3", "source/project.zip")
    assert f"s3://$BUCKET_NAME/{S3Source(kind='s3').key}" in PAGE.read_text(encoding="utf-8")


def test_a_run_that_is_not_there_is_no_refusal() -> None:
    policy = json.loads(Path("docs/ci/rollout-role-policy.json").read_text(encoding="utf-8"))["Statement"]
    [lists] = [entry for entry in policy if entry["Action"] == ["s3:ListBucket"]]

    assert "Condition" not in lists  # a request for an object has no prefix; S3 would answer 403 instead of 404


def test_the_role_lets_in_no_pull_request_and_no_other_organization() -> None:
    [trust] = json.loads(Path("docs/ci/rollout-role-trust.json").read_text(encoding="utf-8"))["Statement"]
    policy = json.loads(Path("docs/ci/rollout-role-policy.json").read_text(encoding="utf-8"))["Statement"]
    subjects = trust["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"]
    [assume] = [entry for entry in policy if "sts:AssumeRole" in entry["Action"]]

    assert all(subject.split(":")[2] in {"ref", "environment"} for subject in subjects)
    assert "StringLike" not in trust["Condition"]
    assert "aws:ResourceOrgID" in assume["Condition"]["StringEquals"]
    assert all("*" not in action for entry in policy for action in entry["Action"])
