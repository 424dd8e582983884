"""Commands that engines call, with real Terraform, a store in a folder, and roots that need no provider."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from cli.rollout.access import Access, opened
from modules.core.errors import SuiteError
from rollout.adapters.root import pack
from rollout.domain.model import Batch, Gate, Run, RunKind, RunTarget
from rollout.running.planning import Planning, plan_run
from tests.rollout.running.engine_world import a_wave, target

CANARY, BLUE, GREEN = (
    RunTarget(target("us-east-1", "canary")),
    RunTarget(target("eu-west-1", "blue")),
    RunTarget(target("us-east-1", "green")),
)
RUN = "20261121-093000-a1b2c3"
NO_ALARMS = Gate(0)


class Project:
    """A project with a planned run of two waves, or of the first one alone, and the command line in it."""

    def __init__(self, folder: Path, *, broken: str = "", is_short: bool = False) -> None:
        self.folder, self.environments = folder, folder / "environments"
        self.environments.mkdir()
        rest = a_wave(
            "rest",
            Batch((BLUE.name,), region="eu-west-1"),
            Batch((GREEN.name,), region="us-east-1"),
            gate=NO_ALARMS,
            approval=True,
        )
        waves = (a_wave("canary", Batch((CANARY.name,)), gate=NO_ALARMS), rest)
        if is_short:
            run = Run(RUN, RunKind.ROLLOUT, datetime.now(UTC), "0.1.0", (CANARY,), waves[:1])
        else:
            run = Run(RUN, RunKind.ROLLOUT, datetime.now(UTC), "0.1.0", (CANARY, BLUE, GREEN), waves)
        plan_run(Planning(self.access.store, self.access.unit, workers=1), run, lambda each: self.root(each, broken))

    @property
    def access(self) -> Access:
        return opened(self.environments, RUN)

    def root(self, each: RunTarget, broken: str) -> bytes:
        folder = self.folder / "roots" / each.name
        folder.mkdir(parents=True)
        command = "exit 1" if each.name == broken else f"echo {each.name} >> {self.folder / 'applied'}"
        resource = {"input": "1", "provisioner": [{"local-exec": {"command": command}}]}
        backend = {"local": {"path": f"states/{each.name}.tfstate"}}
        root = {"terraform": {"backend": backend}, "resource": {"terraform_data": {"release": resource}}}
        (folder / "cdk.tf.json").write_text(json.dumps(root), encoding="utf-8")
        return pack(folder)

    def call(self, *arguments: str) -> Result:
        """As `main` ends: an error of the suite is printed and sets the exit code."""
        given = ["rollout", *arguments, "--environments", str(self.environments)]
        return CliRunner().invoke(app, given, env={"COLUMNS": "200"})

    def code(self, *arguments: str) -> int:
        result = self.call(*arguments)
        if isinstance(result.exception, SuiteError):
            return result.exception.exit_code
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code

    def said(self, *arguments: str) -> str:
        result = self.call(*arguments)
        assert result.exit_code == 0, (result.output, result.exception)
        return result.stdout

    def units(self, wave: str) -> list[dict[str, str]]:
        lines = self.said("matrix", "--run", RUN, "--wave", wave, "--format", "jsonl").splitlines()
        return [json.loads(line) for line in lines]

    def apply(self, unit: dict[str, str]) -> int:
        given = ("--run", RUN, "--target", unit["target"], "--plan-digest", unit["plan_digest"], "--wait-minutes", "0")
        return self.code("unit", "apply", *given)

    def applied(self) -> list[str]:
        file = self.folder / "applied"
        return file.read_text(encoding="utf-8").split() if file.exists() else []


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of plans stands in the user's configuration folder."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("LAMBDANET_PLAN_KEY", raising=False)


@pytest.mark.plan
def test_a_wave_after_the_other_as_an_engine_carries_them_out(tmp_path: Path) -> None:
    project = Project(tmp_path)
    assert project.said("gate", "--run", RUN, "--wave", "canary") == f"run {RUN}: wave canary may begin\n"
    [canary] = project.units("canary")
    assert project.code("gate", "--run", RUN, "--wave", "rest") == 2

    assert project.apply(canary) == 0
    assert project.apply(canary) == 0  # an engine that starts a job twice
    assert project.code("settle", "--run", RUN, "--wave", "canary") == 0
    assert project.units("canary") == []

    assert project.code("gate", "--run", RUN, "--wave", "rest") == 3
    digest = json.loads(project.said("status", RUN, "--format", "json"))["waves"][1]["digest"]
    project.said("approve", RUN, "--wave", "rest", "--digest", digest)
    project.said("gate", "--run", RUN, "--wave", "rest")
    shards = json.loads(project.said("matrix", "--run", RUN, "--wave", "rest"))
    assert [(shard["name"], [job["id"] for job in shard["include"]]) for shard in shards] == [
        ("eu-west-1", [BLUE.name]),
        ("us-east-1", [GREEN.name]),
    ]
    blue, green = project.units("rest")
    assert project.apply(green) == 3  # its region's turn has not come
    assert [project.apply(blue), project.apply(green)] == [0, 0]
    assert project.said("settle", "--run", RUN, "--wave", "rest").endswith("wave rest has passed\n")
    assert json.loads(project.said("status", RUN, "--format", "json"))["state"] == "completed"
    assert project.applied() == [CANARY.name, BLUE.name, GREEN.name]


@pytest.mark.plan
def test_a_unit_that_fails_stops_the_run_until_it_is_reopened(tmp_path: Path) -> None:
    project = Project(tmp_path, broken=CANARY.name)
    project.said("gate", "--run", RUN, "--wave", "canary")
    [canary] = project.units("canary")
    assert project.apply(canary) == 1
    assert project.code("settle", "--run", RUN, "--wave", "canary") == 1
    assert project.code("gate", "--run", RUN, "--wave", "canary") == 1
    assert project.units("rest") == []

    project.said("gate", "--run", RUN, "--wave", "canary", "--reopen")
    assert project.units("canary") == [canary]


@pytest.mark.plan
def test_another_digest_and_a_pause_apply_nothing(tmp_path: Path) -> None:
    project = Project(tmp_path, is_short=True)
    project.said("gate", "--run", RUN, "--wave", "canary")
    [canary] = project.units("canary")
    assert project.apply({**canary, "plan_digest": "0" * 64}) == 2

    project.said("pause", RUN, "--reason", "looking at a graph")
    assert project.apply(canary) == 3
    project.said("gate", "--run", RUN, "--wave", "canary", "--reopen")
    assert project.applied() == []
    assert project.apply(canary) == 0


@pytest.mark.plan
def test_one_target_is_planned_again_and_its_digest_is_another(tmp_path: Path) -> None:
    project = Project(tmp_path, is_short=True)
    [before] = project.units("canary")
    said = project.said("unit", "plan", "--run", RUN, "--target", CANARY.name)
    [after] = project.units("canary")

    assert before["plan_digest"] != after["plan_digest"]
    assert said.endswith(f"{CANARY.name}: planned, digest {after['plan_digest']}\n")
    assert project.apply(before) == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--format", "jsonl", "--pack", "2"), "--pack is for --format github; jsonl hands over each target alone"),
        (("--shard-size", "257"), "--shard-size is 257; a matrix has at most 256 jobs (GitHub Actions) of 1 targets"),
        (("--pack", "0"), "Invalid value for '--pack'"),
    ],
)
def test_options_that_make_no_matrix_are_refused(tmp_path: Path, given: tuple[str, ...], said: str) -> None:
    (tmp_path / "environments").mkdir()
    arguments = ["rollout", "matrix", "--wave", "all", *given, "--environments", str(tmp_path / "environments")]
    result = CliRunner().invoke(app, arguments, env={"COLUMNS": "300"})

    error = result.exception
    code, told = (error.exit_code, str(error)) if isinstance(error, SuiteError) else (result.exit_code, result.output)
    assert (code, said in " ".join(told.split())) == (2, True), told
