"""`lambdanet quotas snapshot` against the emulator, and `lambdanet concurrency`."""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from analysis.quotas import QUOTAS, read_snapshots
from cli.app import app
from local.emulator import Emulator

runner = CliRunner()
ACCOUNT, REGION, OTHER = "123456789012", "us-east-1", "210987654321"
TARGET = "dev-main-us-east-1-orders_api"
FILE = f"quotas/{ACCOUNT}/{REGION}.yaml"
OWN = {"org": "acme", "env": "dev", "stack": "orders_api", "managed-by": "terraform"}


@pytest.fixture
def environments(tmp_path: Path) -> Path:
    """The project's targets, without its snapshots."""
    folder = tmp_path / "environments"
    shutil.copytree("environments", folder, ignore=shutil.ignore_patterns("quotas"))
    return folder


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


def run(*arguments: str, environments: Path, **variables: str | None) -> Result:
    wide = {"COLUMNS": "200", **variables}
    return runner.invoke(app, [*arguments, "--environments", str(environments)], env=wide)


def reserve(folder: Path, executions: int) -> None:
    region = folder / "dev" / "main" / "us-east-1.yaml"
    data = yaml.safe_load(region.read_text(encoding="utf-8"))
    data["stacks"]["orders_api"]["function"] = {"reserved_concurrency": executions}
    data["stacks"]["orders_api"]["proxy"] = {"oversubscription_reason": "a test"}
    region.write_text(yaml.safe_dump(data), encoding="utf-8")


def known(folder: Path, quota: int, taken: str = "2026-11-21") -> None:
    path = folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    text = f'account_id: "{ACCOUNT}"\nregion: {REGION}\ntaken: {taken}\nquotas: {{L-B99A9384: {quota}}}\n'
    path.write_text(text, encoding="utf-8")


def only(emulator: Emulator, account: str = ACCOUNT) -> dict[str, str | None]:
    """The emulator's environment as changes to this process's own."""
    wanted: dict[str, str | None] = dict(emulator.environment(REGION, account))
    gone: dict[str, str | None] = dict.fromkeys(name for name in os.environ if name not in wanted)
    return {**gone, **wanted}


def make_function(client: Any, role: str, name: str, tags: dict[str, str], reserved: int | None = None) -> None:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("handler.py", "def handler(event, context): ...")
    client.create_function(
        FunctionName=name, Runtime="python3.13", Role=role, Handler="handler.handler", Tags=tags,
        Code={"ZipFile": code.getvalue()}, Publish=True,
    )  # fmt: skip
    if reserved is not None:
        client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=reserved)


def test_a_snapshot_is_read_from_aws_and_is_the_same_each_time(emulator: Emulator, environments: Path) -> None:
    client = emulator.client("lambda", REGION)
    iam = emulator.client("iam", REGION)
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    make_function(client, role, "acme-dev-orders-api-api", OWN, 20)
    make_function(client, role, "theirs-reserved", {}, 35)
    make_function(client, role, "theirs-provisioned", {})
    client.put_provisioned_concurrency_config(
        FunctionName="theirs-provisioned", Qualifier="1", ProvisionedConcurrentExecutions=4
    )

    results = [
        run("quotas", "snapshot", "--target", target, environments=environments, **only(emulator))
        for target in (TARGET, "all")
    ]

    path = environments / FILE
    assert [(result.exit_code, result.stdout.strip()) for result in results] == [(0, str(path))] * 2, results[0].output
    [taken] = read_snapshots(environments).values()
    assert set(taken.quotas) == set(QUOTAS)
    assert (taken.concurrent_executions, taken.reserved_elsewhere, taken.provisioned_elsewhere) == (1000, 35, 4)
    assert path.read_text(encoding="utf-8") == taken.text()
    quotas = emulator.client("service-quotas", REGION)
    for code, quota in QUOTAS.items():
        found = quotas.get_service_quota(ServiceCode=quota.service, QuotaCode=code)["Quota"]
        assert (code, found["QuotaName"]) == (code, quota.name)
    assert run("validate", environments=environments).stderr == ""


def test_the_account_that_cannot_be_read_is_told_and_nothing_is_written(emulator: Emulator, environments: Path) -> None:
    result = run("quotas", "snapshot", environments=environments, **only(emulator, OTHER))

    assert result.exit_code == 2
    assert result.stderr == (
        f"account {ACCOUNT} in {REGION}: the credentials belong to account {OTHER}; quotas are read in the account "
        "itself; use credentials of the account (AWS_PROFILE), or name a target of another one with --target\n"
    )
    assert not (environments / FILE).exists()


def test_a_profile_that_does_not_exist_is_told(environments: Path) -> None:
    result = run("quotas", "snapshot", environments=environments, AWS_PROFILE="nowhere")

    assert result.exit_code == 2
    assert result.stderr == (
        f"account {ACCOUNT} in {REGION}: its quotas cannot be read (The config profile (nowhere) could not be found); "
        "sign in to the account (AWS_PROFILE), and try again\n"
    )


def test_the_ledger_is_shown_for_each_account_and_region(environments: Path) -> None:
    known(environments, 1000)
    result = run("concurrency", "--max-age-days", "36500", environments=environments)

    assert result.exit_code == 0
    assert result.stderr == ""
    rows = [" ".join(line.replace("│", " ").split()) for line in result.stdout.splitlines()]
    assert f"{ACCOUNT} {REGION}: quota 1000, read on 2026-11-21" in rows
    assert "dev/main/us-east-1/orders_api function 20" in rows
    assert "together 20 0" in rows
    assert "left unreserved, of which 100 must stay 980" in rows


def test_what_does_not_fit_ends_with_1_and_is_refused_everywhere_else(environments: Path) -> None:
    known(environments, 10)
    reserve(environments, 1)
    sentence = (
        f"account {ACCOUNT} in {REGION}: dev/main/us-east-1/orders_api function reserves 1, together 1 concurrent "
        "executions; the quota of 10 (read on 2026-11-21) has nothing to reserve, as 100 stay unreserved (Lambda "
        "guide, reserved concurrency); take back the reserved_concurrency of dev/main/us-east-1/orders_api function "
        "(set it to null, with unreserved_reason), or ask for a quota of 101 by `aws service-quotas "
        "request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 101 "
        "--region us-east-1`"
    )

    shown = run("concurrency", "--max-age-days", "36500", environments=environments)
    assert (shown.exit_code, shown.stderr) == (1, f"{sentence}\n")

    for command in (["validate"], ["validate", "--target", TARGET], ["synth", "--output", str(environments / "out")]):
        result = run(*command, environments=environments)
        assert result.exit_code != 0
        assert str(result.exception) == sentence
    demo = run("demo", "--report", str(environments / "report"), environments=environments)
    assert demo.exit_code == 2
    assert sentence in (environments / "report" / "report.md").read_text(encoding="utf-8")


def test_an_account_without_a_snapshot_is_warned_of_and_nothing_refused(environments: Path) -> None:
    reserve(environments, 5000)
    warning = (
        f"warning: account {ACCOUNT} in {REGION}: its quotas are not known, so its concurrency was not checked; there "
        f"is no {FILE}; run `lambdanet quotas snapshot --target {TARGET}` with credentials of the account, and commit "
        "the file\n"
    )
    for command in ("concurrency", "validate"):
        result = run(command, environments=environments)
        assert (result.exit_code, result.stderr) == (0, warning)


def test_an_old_snapshot_is_warned_of(environments: Path) -> None:
    known(environments, 1000, taken="2020-01-01")
    result = run("validate", environments=environments)
    assert result.exit_code == 0
    assert result.stderr.startswith(f"warning: account {ACCOUNT} in {REGION}: its quotas were read ")


def test_synthesized_stacks_can_be_counted_instead(environments: Path, tmp_path: Path) -> None:
    known(environments, 1000)
    options = ["--max-age-days", "36500", "--synthesized", str(tmp_path)]
    missing = run("concurrency", *options, environments=environments)
    file = tmp_path / "stacks" / TARGET / "cdk.tf.json"
    assert str(missing.exception) == (
        f"{file}: the file does not exist; each target has one; run `lambdanet synth --output {tmp_path}`"
    )
    file.parent.mkdir(parents=True)
    function = {"function_name": "acme-dev-orders-api-api", "reserved_concurrent_executions": 901}
    file.write_text(json.dumps({"resource": {"aws_lambda_function": {"api": function}}}), encoding="utf-8")

    result = run("concurrency", *options, environments=environments)

    assert result.exit_code == 1
    assert "lower the reserved_concurrency of dev/main/us-east-1/orders_api acme-dev-orders-api-api" in result.stderr
