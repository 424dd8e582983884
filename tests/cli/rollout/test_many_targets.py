"""Reports of hundreds of targets, and credentials that lead nowhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table
from typer.testing import CliRunner

from benchmarks.fleet_world import fleet_run
from cli import main as entry
from cli.app import app
from cli.rollout.drift_view import drift_sentence, drift_table
from cli.rollout.preflight_view import preflight_table, sentences
from cli.rollout.runs import _table
from modules.core.errors import ConfigError, Problem
from rollout.domain.drift import DriftedAttribute, DriftedResource, DriftKind, TargetDrift
from rollout.domain.errors import RolloutError, StoreError
from rollout.domain.preflight import Checked, Verdict
from rollout.domain.progress import Progress

TARGETS = [f"prod-a{number}-{region}-orders_api" for number in range(500) for region in ("eu", "us", "ap")]
FIVE = ", ".join(TARGETS[:5])
S3 = "store: {kind: s3, bucket: acme-rollouts, region: us-east-1}\n"
EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:flow:one"
NO_PROFILE = "AWS could not be asked (The config profile (nobody) could not be found)"


def drawn(table: Table, width: int) -> list[str]:
    console = Console(width=width, color_system=None, _environ={})
    with console.capture() as found:
        console.print(table)
    return found.get().splitlines()


@pytest.mark.parametrize("width", [80, 120, 160])
def test_preflight_of_hundreds_of_targets_fits_a_screen(width: int) -> None:
    checks = [Checked(name, "plan role", Verdict.HOLDS, "lambdanet-plan") for name in TARGETS[1:]]
    checks.append(Checked(TARGETS[0], "plan role", Verdict.FAILS, f"{TARGETS[0]}: is denied"))
    lines = drawn(preflight_table(checks), width)
    assert len(lines) < 24
    assert "1,499 targets: " in "".join(lines)
    assert not any("…" in line for line in lines)


def test_preflight_says_a_problem_of_hundreds_of_targets_once() -> None:
    checks = [Checked(name, "state", Verdict.FAILS, f"{name}: bucket x does not exist") for name in TARGETS]
    assert sentences(checks, Verdict.FAILS) == (f"1,500 targets ({FIVE} and 1,495 more): bucket x does not exist",)


def test_a_drift_of_hundreds_of_targets_is_one_row() -> None:
    changed = DriftedResource("aws_sns_topic.news", DriftKind.CHANGED, (DriftedAttribute("tags.a", "1", "2"),))
    gone = DriftedResource("aws_sns_topic.gone", DriftKind.DELETED)
    found = [TargetDrift(name, (changed, gone)) for name in TARGETS[1:]]
    found.append(TargetDrift(TARGETS[0], (gone,)))
    text = " ".join("\n".join(drawn(drift_table(found), 300)).replace("│", " ").split())
    assert drift_table(found).row_count == 2
    assert f"1,499 targets: {TARGETS[1]}, " in text
    assert "aws_sns_topic.news tags.a 1 2" in text
    assert "aws_sns_topic.gone deleted" in text
    assert drift_sentence(found) == "1,500 drifted"


def test_differences_beyond_two_hundred_are_counted() -> None:
    found = [TargetDrift(name, (DriftedResource(f"aws_sns_topic.{name}", DriftKind.DELETED),)) for name in TARGETS]
    table = drift_table(found)
    assert table.row_count == 200
    assert table.caption == "and 1,300 more differences; --format json has all of them"


def test_a_field_that_hundreds_of_targets_inherit_is_refused_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    problems = [
        Problem(f"prod/a{number}/eu-west-1/orders_api network", "cidr is x", "it is a CIDR", "correct it")
        for number in range(500)
    ]

    def refused() -> None:
        raise ConfigError(problems)

    monkeypatch.setattr(entry, "named_in", lambda _arguments: refused)
    with pytest.raises(SystemExit) as end:
        entry.main()
    assert end.value.code == 2
    first = ", ".join(f"prod/a{number}/eu-west-1/orders_api" for number in range(5))
    assert capsys.readouterr().err == (
        f"500 targets ({first} and 495 more) network: cidr is x; it is a CIDR; correct it\n"
    )


@pytest.fixture
def s3_project(tmp_path: Path) -> Path:
    environments = tmp_path / "environments"
    environments.mkdir()
    (environments / "rollout.yaml").write_text(S3, encoding="utf-8")
    return environments


@pytest.mark.parametrize(
    "arguments",
    [
        ("runs",), ("status",), ("apply",), ("resume",), ("pause", "--reason", "x"), ("limit", "--max-concurrent", "1"),
        ("watch",), ("rollback", "latest"), ("matrix", "--wave", "a"), ("gate", "--wave", "a"),
        ("settle", "--wave", "a"), ("unit", "plan", "--run", "r", "--target", "t"), ("drift", "--run", "latest"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"AWS_PROFILE": "nobody"}, NO_PROFILE),
        ({"AWS_ENDPOINT_URL": "no url"}, "AWS cannot be reached (Invalid endpoint: no url)"),
    ],
)
def test_credentials_and_endpoints_that_are_none_are_a_sentence(
    s3_project: Path, arguments: tuple[str, ...], variables: dict[str, str], told: str
) -> None:
    known = {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_PROFILE": None}
    result = CliRunner().invoke(
        app, ["rollout", *arguments, "--environments", str(s3_project)], env={**known, **variables}
    )
    assert isinstance(result.exception, StoreError)
    assert (
        str(result.exception) == f"s3://acme-rollouts: {told}; set credentials and a region, and run the command again"
    )


def test_a_brake_without_a_profile_is_a_sentence() -> None:
    variables = {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_PROFILE": "nobody"}
    result = CliRunner().invoke(app, ["rollout", "brake", "--execution", EXECUTION], env=variables)
    assert isinstance(result.exception, RolloutError)
    assert str(result.exception) == f"{EXECUTION}: {NO_PROFILE}; correct that and run the command again"


@pytest.mark.parametrize("width", [80, 120, 160])
def test_no_column_of_runs_is_lost_in_a_narrow_terminal(width: int) -> None:
    progress = Progress.of(replace(fleet_run(100), revision="0123456789abcdef"), ())
    text = "".join(part for line in drawn(_table([progress]), width) for part in line.split())
    assert all(heading in text.replace("┃", " ") for heading in ("revision", "targets", "failed"))
    assert "(UTC)" in text
