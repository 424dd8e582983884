"""`lambdanet check`, as a user calls it; Checkov itself runs in one test only."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import cli.check_inputs as chosen
from cli.changed_targets import changed_files, untouched_targets
from modules.core.errors import TargetError
from policies import check as judging
from policies import checkov
from rollout.targets import TargetEntry, read_targets
from tests.cli.plan_runs import run
from tests.policies.runs import FakeScan, plan, policy, skips, stack

SLOW: Mapping[str, Any] = {"jobs": {"name": "jobs", "delay_seconds": 5}}
UNTOLD: Mapping[str, Any] = {"jobs": {"name": "jobs", "delay_seconds": "${aws_sqs_queue.jobs.id}"}}
FAST: Mapping[str, Any] = {"jobs": {"name": "jobs", "delay_seconds": 0}}
BUCKET: Mapping[str, Any] = {"resource": {"aws_sqs_queue": {"jobs": {"name": "jobs"}}}}


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """One policy of our own, a Checkov that finds nothing, no exceptions; in an empty folder."""
    monkeypatch.setattr(checkov, "scan", FakeScan())
    monkeypatch.setattr(judging, "catalogue", lambda: (policy(),))
    (tmp_path / "none.yaml").write_text("[]", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def checked(*arguments: str | Path) -> Any:
    return run("check", "--exceptions", "none.yaml", *arguments)


@pytest.mark.parametrize(
    ("queues", "options", "code"),
    [
        (FAST, (), 0),
        (SLOW, (), 1),
        (SLOW, ("--fail-on", "high"), 1),
        (SLOW, ("--fail-on", "CRITICAL"), 0),
        (UNTOLD, (), 0),
        (UNTOLD, ("--fail-on-unknown",), 1),
    ],
)
@pytest.mark.parametrize("form", ["table", "json", "sarif", "junit", "markdown", "github"])
def test_exit_codes_are_the_same_in_every_format(
    fast: Path, queues: Mapping[str, Any], options: tuple[str, ...], code: int, form: str
) -> None:
    result = checked(stack(fast / "orders", queues), "--format", form, *options)

    assert (result.exit_code, result.stdout.strip() != "") == (code, True)


def test_paths_plans_and_folders_are_judged_together(fast: Path) -> None:
    stack(fast / "out" / "stacks" / "dev", SLOW)
    written = plan(fast / "plans" / "prod.json", SLOW)
    alone = stack(fast / "test", FAST)

    result = checked(alone / "cdk.tf.json", "--dir", "out", "--plan", written, "--format", "json")

    document = json.loads(result.stdout)
    assert document["summary"]["targets"] == ["dev", "plans/prod.json", "test"]
    assert [finding["target"] for finding in document["findings"]] == ["dev", "plans/prod.json"]


@pytest.mark.parametrize(
    ("prepare", "arguments", "said"),
    [
        (lambda _: None, ["missing"], "missing does not exist"),
        (lambda here: (here / "x.json").write_text("{", encoding="utf-8"), ["x.json"], "x.json"),
        (lambda here: (here / "x.json").write_text("", encoding="utf-8"), ["x.json"], "x.json is empty"),
        (lambda here: (here / "x").mkdir(), ["x"], "holds neither a plan nor a synthesized stack"),
        (lambda here: stack(here / "x", {}), ["x"], "holds no resource"),
        (lambda _: None, [], "environments"),
        (lambda _: None, ["--target", "none"], "environments"),
        (lambda here: stack(here / "x"), ["x", "--baseline", "none.json"], "none.json: cannot be read"),
        (lambda here: stack(here / "x"), ["x", "--exceptions", "none.txt"], "none.txt: cannot be read"),
        (lambda here: stack(here / "x"), ["x", "--changed-since", "HEAD"], "git"),
        (lambda here: stack(here / "x"), ["x", "--output", "x"], "x cannot be written"),
        (lambda here: stack(here / "x", {"jobs": {**skips(("CKV_AWS_999", "y"))}}), ["x"], "no check has this id"),
    ],
)
def test_what_cannot_be_judged_ends_with_2(fast: Path, prepare: Any, arguments: list[str], said: str) -> None:
    prepare(fast)

    result = checked(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_a_fault_of_ours_does_not_look_like_a_finding(fast: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(judging, "judged", crash)

    result = checked(stack(fast / "orders"))

    assert result.exit_code == 2
    assert "the run failed with ZeroDivisionError: by zero; nothing is known" in result.stderr


def test_an_unneeded_exception_fails_the_run(fast: Path) -> None:
    entry = (
        "- {check: CKV2_LNET_901, kind: accepted, frameworks: [terraform_json], resource: '*jobs', "
        "reason: Jobs are not in a hurry., owner: orders, expires: 2999-01-01}\n"
    )
    (fast / "some.yaml").write_text(entry, encoding="utf-8")

    needed = run("check", stack(fast / "slow", SLOW), "--exceptions", "some.yaml")
    unneeded = run("check", stack(fast / "fast", FAST), "--exceptions", "some.yaml", "--format", "json")
    (fast / "some.yaml").write_text(entry.replace("2999", "2020"), encoding="utf-8")
    expired = run("check", stack(fast / "slow", SLOW), "--exceptions", "some.yaml")

    assert (needed.exit_code, unneeded.exit_code, expired.exit_code) == (0, 1, 2)
    assert "is needed by no finding" in unneeded.stderr
    assert "expired on 2020-01-01" in expired.stderr


def test_a_baseline_is_written_and_then_holds(fast: Path) -> None:
    folder = stack(fast / "orders", SLOW)

    codes = [
        checked(folder, "--write-baseline", "base.json").exit_code,
        checked(folder, "--baseline", "base.json").exit_code,
        checked(folder, stack(fast / "prod", SLOW), "--baseline", "base.json").exit_code,
    ]

    assert codes == [0, 0, 1]
    gone = checked(stack(folder, FAST), "--baseline", "base.json", "--format", "json")
    assert "orders aws_sqs_queue.jobs: CKV2_LNET_901 does not occur any more" in gone.stderr


def test_a_file_is_written_and_the_counts_are_told(fast: Path) -> None:
    result = checked(stack(fast / "orders", SLOW), "--format", "sarif", "--output", "out/x.sarif")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "1 failed (1 HIGH)" in result.stderr
    assert json.loads((fast / "out" / "x.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"


def test_one_run_is_written_in_several_formats(fast: Path) -> None:
    folder = stack(fast / "orders", SLOW)

    result = checked(folder, "--format", "github", "--also", "json=a/x.json", "--also", "junit=x.xml")

    assert (result.exit_code, result.stdout.startswith("::error ")) == (1, True)
    assert len(json.loads((fast / "a" / "x.json").read_text(encoding="utf-8"))["findings"]) == 1
    assert (fast / "x.xml").read_text(encoding="utf-8").startswith("<?xml")
    for wrong in ("json", "json=", "yaml=x", "=x"):
        refused = checked(folder, "--also", wrong)
        assert (refused.exit_code, f'--also is "{wrong}"' in refused.stderr) == (2, True)


@pytest.fixture
def two_targets(fast: Path) -> Path:
    """A project with two targets."""
    source = Path(__file__).parents[2] / "environments"
    for name in ("defaults.yaml", "dev/environment.yaml", "dev/main/account.yaml", "dev/main/us-east-1.yaml"):
        copy = fast / "environments" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / name, copy)
    region = fast / "environments" / "dev" / "main" / "us-east-1.yaml"
    text = region.read_text(encoding="utf-8").replace("us-east-1", "eu-west-1")
    region.with_name("eu-west-1.yaml").write_text(text, encoding="utf-8")
    return fast


@pytest.fixture
def project(two_targets: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same in git, with a synthesis that is made up."""

    def synthesize(output: Path, *, environments: Path, target: str, **_: object) -> Path:
        for entry in read_targets(environments, only=target):
            stack(output / "stacks" / entry.target.name, SLOW)
        return output / "stacks"

    monkeypatch.setattr("rollout.adapters.synth.synthesize", synthesize)
    for command in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "x")):
        identity = ("-c", "user.name=x", "-c", "user.email=x@example.com")
        subprocess.run(("git", *identity, *command), cwd=two_targets, check=True)
    return two_targets


EUROPE, AMERICA = "dev-main-eu-west-1-orders_api", "dev-main-us-east-1-orders_api"


def test_targets_are_synthesized_and_judged(project: Path) -> None:
    assert project.is_dir()
    everything = json.loads(checked("--format", "json").stdout)["summary"]
    one = json.loads(checked("--target", EUROPE, "--format", "json").stdout)["summary"]
    named = json.loads(checked(AMERICA, "--format", "json").stdout)["summary"]

    assert [entry["targets"] for entry in (everything, one, named)] == [[EUROPE, AMERICA], [EUROPE], [AMERICA]]
    stranger = checked("--target", "prod")
    assert stranger.exit_code == 2
    assert f'target "prod" does not exist; there are: {EUROPE}, {AMERICA}' in stranger.stderr


def test_targets_that_nothing_has_changed_are_left_out_and_told(project: Path) -> None:
    nothing = checked("--changed-since", "HEAD")
    assert nothing.exit_code == 0
    assert f"has changed: 2 targets ({EUROPE}, {AMERICA})\nnothing was judged.\n" in nothing.stdout

    region = project / "environments" / "dev" / "main" / "eu-west-1.yaml"
    region.write_text(region.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    some = json.loads(checked("--changed-since", "HEAD", "--format", "json").stdout)["summary"]
    assert (some["targets"], some["left_out"]) == ([EUROPE], [AMERICA])

    folders = [project / "cdktf.out" / "stacks" / name for name in (EUROPE, AMERICA)]
    stranger = plan(project / "docs" / "by-hand.json", FAST)
    given = json.loads(checked(*folders, stranger, "--changed-since", "HEAD", "--format", "json").stdout)["summary"]
    assert (given["targets"], given["left_out"]) == ([EUROPE, "docs/by-hand.json"], [AMERICA])

    unknown = checked("--changed-since", "no-such-branch")
    assert unknown.exit_code == 2
    assert "takes a commit, branch or tag that this clone holds" in unknown.stderr


@pytest.mark.parametrize(
    ("file", "untouched"),
    [
        ("docs/a.md", {EUROPE, AMERICA}),
        ("tests/test_a.py", {EUROPE, AMERICA}),
        ("README.md", {EUROPE, AMERICA}),
        (".github/workflows/a.yml", {EUROPE, AMERICA}),
        ("environments/dev/main/eu-west-1.yaml", {AMERICA}),
        ("environments/dev/main/account.yaml", set()),
        ("environments/dev/other/account.yaml", {EUROPE, AMERICA}),
        ("environments/dev/environment.yaml", set()),
        ("environments/prod/environment.yaml", {EUROPE, AMERICA}),
        ("environments/prod/main/eu-west-1.yaml", {EUROPE, AMERICA}),
        ("environments/defaults.yaml", set()),
        ("environments/quotas/123456789012/eu-west-1.yaml", {AMERICA}),
        ("environments/prices/eu-west-1.yaml", {EUROPE, AMERICA}),
        ("environments/rollout.yaml", {EUROPE, AMERICA}),
        ("environments/odd/place/of/a.yaml", set()),
        ("stacks/handlers/orders_api/app.py", set()),
        ("stacks/handlers/other/app.py", {EUROPE, AMERICA}),
        ("stacks/handlers/shared.py", set()),
        ("stacks/orders_api.py", set()),
        ("modules/queue/config.py", set()),
        ("modules/queue/README.md", set()),
        ("policies/catalogue/a.py", set()),
        ("pyproject.toml", set()),
        ("../elsewhere/a.py", set()),
    ],
)
def test_a_target_is_left_out_only_where_a_file_is_no_part_of_it(
    two_targets: Path, file: str, untouched: set[str]
) -> None:
    environments = two_targets / "environments"
    entries: tuple[TargetEntry, ...] = read_targets(environments)
    changed = (two_targets / file).resolve()

    found = untouched_targets([changed], entries, project=two_targets, environments=environments)

    assert found == untouched


def test_renamed_deleted_and_new_files_have_changed(project: Path) -> None:
    (project / "environments" / "defaults.yaml").rename(project / "moved.yaml")
    (project / "none.yaml").unlink()

    found = {file.relative_to(project).as_posix() for file in changed_files("HEAD", project)}

    assert found == {"environments/defaults.yaml", "moved.yaml", "none.yaml"}
    with pytest.raises(TargetError, match="git rev-parse"):
        changed_files("--output=x", project)


def test_targets_are_judged_beside_those_that_are_left_out(project: Path) -> None:
    shutil.copytree(project / "environments" / "dev", project / "environments" / "prod")
    environment = project / "environments" / "prod" / "environment.yaml"
    environment.write_text(environment.read_text(encoding="utf-8").replace("env: dev", "env: prod"), encoding="utf-8")
    subprocess.run(("git", "add", "-A"), cwd=project, check=True)
    subprocess.run(("git", "-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qm", "x"), cwd=project, check=True)
    region = project / "environments" / "prod" / "main" / "eu-west-1.yaml"
    region.write_text(region.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")

    found = chosen.chosen_inputs(chosen.Wanted((), (), project / "environments", "HEAD"))

    assert [entry.target for entry in found.inputs] == ["prod-main-eu-west-1-orders_api"]
    assert {place: [Path(plan.source).name for plan in plans] for place, plans in found.beside.items()} == {
        ("123456789012", "eu-west-1"): [EUROPE]
    }
    assert not found.is_complete
