"""`lambdanet review`, as a user calls it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.review_inputs import target_of
from modules.core.errors import PlanInputError, SuiteError, TargetError
from tests.cli.plan_runs import run, write
from tests.rollout.review.samples import base_stack, findings, orders
from tests.rollout.review.stack import CANARY, Stack


def stack(env: str = "prod") -> Stack:
    return base_stack(env, "retail").endpoint().database().refunds().function(memory=1024)


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    folder = tmp_path / "plans"
    folder.mkdir()
    for env in ("dev", "prod"):
        write(folder / f"{stack(env).target}.json", stack(env).document)
    return folder


def test_markdown_goes_to_standard_output_where_no_file_is_named(plans: Path) -> None:
    result = run("review", plans, "--title", "Refunds")
    assert (result.exit_code, result.exception) == (0, None)
    assert result.stdout.startswith("<!-- lambdanet review -->\n## Refunds\n")
    assert "**all 2 targets: the same 5 changes** · USD a month 30.00 → 30.20 (+0.20)" in result.stdout
    assert "No findings of the policies were given" in result.stdout
    assert CANARY not in result.stdout


def test_files_are_written_and_say_the_same(plans: Path, tmp_path: Path) -> None:
    markdown, html = tmp_path / "out" / "review.md", tmp_path / "out" / "review.html"
    result = run("review", plans, "--markdown", markdown, "--html", html)
    assert (result.exit_code, result.stdout) == (0, "")
    assert markdown.read_text().startswith("<!-- lambdanet review -->")
    assert html.read_text().startswith("<!doctype html>")
    assert "all 2 targets: the same 5 changes" in html.read_text()


def test_only_html_where_only_html_is_asked_for(plans: Path, tmp_path: Path) -> None:
    result = run("review", plans, "--html", tmp_path / "review.html")
    assert (result.exit_code, result.stdout) == (0, "")


def test_each_target_may_have_a_folder_and_findings_are_compared(tmp_path: Path) -> None:
    stacks = orders()
    for target, each in stacks.items():
        (tmp_path / "plans" / target).mkdir(parents=True)
        write(tmp_path / "plans" / target / "plan.json", each.document)
    now, then = write(tmp_path / "now.json", findings(stacks)), write(tmp_path / "then.json", {"findings": []})
    result = run("review", tmp_path / "plans", "--check", now, "--base-check", then)
    assert result.exit_code == 0
    assert "**9 of 12 targets: the same 5 changes**" in result.stdout
    assert "12 new policy findings, up to HIGH" in result.stdout
    same = run("review", tmp_path / "plans", "--check", now, "--base-check", now)
    assert "12 findings still open." in same.stdout


def test_findings_on_a_plan_without_a_stack_are_told_of_its_target(plans: Path, tmp_path: Path) -> None:
    found = findings(orders())["findings"][0] | {"target": f"plans/{stack().target}.json"}
    result = run("review", plans, "--check", write(tmp_path / "now.json", {"findings": [found]}))
    row = next(line for line in result.stdout.splitlines() if line.startswith("| MEDIUM `CKV2_LNET_504`"))
    assert row.split(" | ")[2] == stack().target.replace("_", "\\_")


def test_the_base_branch_tells_what_is_pending(plans: Path) -> None:
    result = run("review", plans, "--base", plans)
    assert "*Pending*: the base branch would make the same change." in result.stdout
    assert "changed `aws_lambda_function.api` *(pending)*" in result.stdout


@pytest.mark.parametrize(
    ("file", "target"),
    [
        ("plans/dev-main.json", "dev-main"),
        ("plans/dev-main.plan.json", "dev-main"),
        ("plans/dev-main/plan.json", "dev-main"),
        ("plans/dev-main/tfplan.json", "dev-main"),
        ("plans/v1.2.json", "v1.2"),
    ],
)
def test_the_name_of_a_target(file: str, target: str) -> None:
    assert target_of(Path(file)) == target


def test_two_plans_of_one_target_are_a_sentence(plans: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    name = f"{stack().target}.json"
    write(other / name, stack().document)
    error = run("review", plans, other).exception
    assert isinstance(error, PlanInputError)
    assert str(error) == (
        f"{plans / name} and {other / name} are both of the target {stack().target}; rename one of them"
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is no JSON; write it with `lambdanet check --format json --output "),
        (b"\xff\xfe", "is no JSON; write it with `lambdanet check --format json --output "),
        (None, "cannot be read: No such file or directory; write it with `lambdanet check --format json --output "),
    ],
)
def test_findings_that_cannot_be_read_are_a_sentence(content: bytes | None, sentence: str, plans: Path) -> None:
    file = plans.parent / "check.json"
    if content is not None:
        file.write_bytes(content)
    error = run("review", plans, "--check", file).exception
    assert isinstance(error, SuiteError)
    assert error.exit_code == 2
    assert str(error).startswith(f"{file} {sentence}")


def test_findings_of_another_shape_and_folders_without_plans_are_refused(plans: Path, tmp_path: Path) -> None:
    wrong: Any = write(tmp_path / "wrong.json", {"findings": [{"id": "X"}]})
    assert isinstance(run("review", plans, "--check", wrong).exception, PlanInputError)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert str(run("review", empty).exception).startswith(f"{empty} is a folder without a plan; ")
    assert isinstance(run("review", plans, "--prices", tmp_path / "none").exception, TargetError)


def test_findings_of_the_base_need_those_of_now(plans: Path, tmp_path: Path) -> None:
    result = run("review", plans, "--base-check", write(tmp_path / "then.json", {"findings": []}))
    assert result.exit_code == 2
    assert "--base-check needs --check" in " ".join(result.output.split())


def test_a_file_that_cannot_be_written_is_a_sentence(plans: Path) -> None:
    error = run("review", plans, "--markdown", plans / f"{stack().target}.json" / "x").exception
    assert isinstance(error, PlanInputError)
    assert json.loads((plans / f"{stack().target}.json").read_text())
