"""`rollout plan` and `rollout runs`, with real Terraform on roots that need no provider."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from modules.core.errors import ConfigError
from rollout.adapters.unit import TerraformUnit
from rollout.domain.errors import RolloutError
from rollout.domain.model import Run, RunTarget
from rollout.domain.ports import PlanOutcome
from tests.cli.rollout.planned_project import make, name_of

runner = CliRunner()
MAIN, SHOP, BANK = map(name_of, ("main", "shop", "bank"))
WAVES = "waves: [{name: canary, select: {accounts: [main]}, approval: required}, {name: rest}]\n"


@pytest.fixture(autouse=True)
def _own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def rollout(environments: Path, *arguments: str) -> Result:
    return runner.invoke(app, ["rollout", *arguments, "--environments", str(environments)], env={"COLUMNS": "200"})


def planned(environments: Path, *arguments: str) -> dict[str, Any]:
    result = rollout(environments, "plan", "--format", "json", *arguments)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def run_of(environments: Path) -> dict[str, Any]:
    """The only run."""
    [run] = json.loads(rollout(environments, "runs", "--format", "json").stdout)["runs"]
    found: dict[str, Any] = run
    return found


def test_one_synth_plans_all_targets_and_tells_who_changes_alike(tmp_path: Path) -> None:
    environments = make(tmp_path, "main", "shop", "bank", rollout=WAVES, more=BANK)
    page = tmp_path / "pages" / "page.md"
    pages = ("--page", str(page), "--page", str(tmp_path / "page.html"))
    result = rollout(environments, "plan", *pages, "--revision", "r1")
    assert result.exit_code == 0, result.output
    assert "a stack warns" in result.stderr
    rows = [" ".join(line.replace("│", " ").split()) for line in result.stdout.splitlines()]
    assert f"+1 2 {MAIN}, {SHOP}" in rows
    assert f"+2 1 {BANK}" in rows
    [canary] = [row for row in rows if row.startswith("canary ")]
    assert canary.startswith("canary 1 1 0 0 0 required ")
    assert f"What run {run_of(environments)['run']} does" in page.read_text(encoding="utf-8")
    assert SHOP in (tmp_path / "page.html").read_text(encoding="utf-8")
    run = run_of(environments)
    assert (run["state"], run["revision"], run["waves"]) == ("planned", "r1", ["canary", "rest"])
    assert run["counts"]["planned"] == 3
    assert f"review it, then: lambdanet rollout apply {run['run']}" in rows


def test_json_tells_states_digests_and_groups(tmp_path: Path) -> None:
    found = planned(make(tmp_path, "main", "shop", rollout=WAVES))
    assert [(wave["name"], wave["needs_approval"], len(wave["digest"])) for wave in found["waves"]] == [
        ("canary", True, 64),
        ("rest", False, 64),
    ]
    [first] = found["waves"][0]["targets"]
    assert (first["name"], first["state"], first["creates"], first["is_empty"]) == (MAIN, "planned", 1, False)
    assert len(first["digest"]) == 64
    assert [group["targets"] for group in found["groups"]] == [[MAIN, SHOP]]


def test_some_targets_only(tmp_path: Path) -> None:
    environments = make(tmp_path, "main", "shop", "bank", rollout=WAVES)
    found = planned(environments, "--target", "dev-shop-*", "--target", BANK)
    assert [(wave["name"], [each["name"] for each in wave["targets"]]) for wave in found["waves"]] == [
        ("rest", [BANK, SHOP])
    ]


def test_what_cannot_be_planned_is_one_report_and_is_tried_again(tmp_path: Path) -> None:
    environments = make(tmp_path, "main", "shop", "bank", broken=f"{SHOP} {BANK}")
    result = rollout(environments, "plan")
    assert isinstance(result.exception, RolloutError)
    lines = str(result.exception).splitlines()
    assert {line.split(": ")[0] for line in lines if line.startswith("dev-")} == {SHOP, BANK}
    run = run_of(environments)
    assert lines[-1] == (
        f"run {run['run']}: 2 of 3 targets could not be planned; nothing was applied; mend what is named above, then: "
        f"lambdanet rollout plan --run {run['run']}"
    )
    assert run["counts"] | {"planned": 1, "pending": 2} == run["counts"]
    assert "not planned" in result.stdout
    again = rollout(environments, "plan", "--run", run["run"])
    assert isinstance(again.exception, RolloutError)


def test_plans_that_hold_are_made_again_only_when_named(tmp_path: Path) -> None:
    environments = make(tmp_path, "main", "shop")
    first = planned(environments)
    run = first["run"]
    digests = {each["name"]: each["digest"] for each in first["waves"][0]["targets"]}
    same = planned(environments, "--run", run)
    assert same == first
    other = planned(environments, "--run", "latest", "--target", SHOP)
    changed = {each["name"] for each in other["waves"][0]["targets"] if digests[each["name"]] != each["digest"]}
    assert changed == {SHOP}


def test_a_dry_run_shows_the_waves_and_makes_no_run(tmp_path: Path) -> None:
    environments = make(tmp_path, "main", "shop", "bank", rollout=WAVES)
    result = rollout(environments, "plan", "--dry-run")
    assert result.stdout.splitlines() == [
        "wave canary in us-east-1: 1 target, max_concurrent 1, failure_tolerance 0",
        f"  {MAIN}",
        "wave rest in us-east-1: 2 targets, max_concurrent 1, failure_tolerance 0",
        f"  {BANK}",
        f"  {SHOP}",
    ]
    found = json.loads(rollout(environments, "plan", "--dry-run", "--format", "json").stdout)
    assert [wave["name"] for wave in found["waves"]] == ["canary", "rest"]
    assert "there is no run" in rollout(environments, "runs").stdout
    assert not (tmp_path / ".rollout").exists()


def test_waves_and_configurations_are_refused_together_before_anything_runs(tmp_path: Path) -> None:
    environments = make(tmp_path, "main", "shop", rollout="waves: [{name: a, select: {accounts: [main]}}]\n")
    region = environments / "dev" / "shop" / "us-east-1.yaml"
    region.write_text(region.read_text(encoding="utf-8").replace("10.20.0.0/16", "10.20.0.1/16"), encoding="utf-8")
    result = rollout(environments, "plan")
    assert isinstance(result.exception, ConfigError)
    places = [problem.where.split(" ")[0] for problem in result.exception.problems]
    assert places == ["dev/shop/us-east-1/orders_api", "rollout.yaml"]
    assert not (tmp_path / ".rollout").exists()


def test_a_page_of_another_form_is_refused_before_anything_runs(tmp_path: Path) -> None:
    result = rollout(make(tmp_path, "main"), "plan", "--page", "page.pdf")
    assert isinstance(result.exception, RolloutError)
    assert str(result.exception) == "--page is page.pdf; a page is FILE.html or FILE.md; name it so"


def test_runs_are_listed_newest_first(tmp_path: Path) -> None:
    environments = make(tmp_path, "main")
    ids = [planned(environments)["run"] for _ in range(2)]
    found = json.loads(rollout(environments, "runs", "--format", "json").stdout)["runs"]
    assert {run["run"] for run in found} == set(ids)
    result = rollout(environments, "runs", "--most", "1")
    assert "and 1 older ones; --most 0 lists all" in result.stdout


def test_ctrl_c_keeps_what_was_planned_and_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environments = make(tmp_path, "main", "shop", rollout="workers: 1\n")
    plan = TerraformUnit.plan

    def interrupted(unit: TerraformUnit, run: Run, target: RunTarget, *, interrupt: Event) -> PlanOutcome:
        if target.name == SHOP:
            raise KeyboardInterrupt
        return plan(unit, run, target, interrupt=interrupt)

    monkeypatch.setattr(TerraformUnit, "plan", interrupted)
    result = rollout(environments, "plan")
    run = run_of(environments)
    assert result.exit_code == 130
    assert result.stderr.splitlines()[-1] == (
        f"run {run['run']}: planning was interrupted; `lambdanet rollout plan --run {run['run']}` goes on"
    )
    assert (run["counts"]["planned"], run["counts"]["pending"]) == (1, 1)
    monkeypatch.setattr(TerraformUnit, "plan", plan)
    planned(environments, "--run", run["run"])
    assert run_of(environments)["counts"]["planned"] == 2


def test_a_warning_of_many_accounts_is_told_once(tmp_path: Path) -> None:
    result = rollout(make(tmp_path, "main", "shop", "bank"), "plan", "--dry-run")
    [warning] = result.stderr.splitlines()
    assert warning.startswith("warning: account ")
    assert warning.count("account ") == 3
    assert warning.endswith(
        ": its quotas are not known, so its concurrency was not checked; there is no quotas/<account>/<region>.yaml; "
        "run `lambdanet quotas snapshot --target <target>` with credentials of the account, and commit the file"
    )
