"""`lambdanet release`, as a user or a pipeline runs it, against the emulator."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.emulator import Emulator
from tests.cli.release.conftest import QUICK, SLOW, TIMEOUT_SECONDS, Run
from tests.rollout.release.conftest import REGION, Account


def named(text: str) -> str:
    return re.sub(r"d-[A-Z0-9]{9}", "d-X", text)


def test_plan_shift_and_shift_again(account: Account, outputs: Callable[..., Path], run: Run) -> None:
    file = outputs(account.release("orders"), region=REGION, account_id="123456789012")
    planned = run("plan", "--outputs", file)
    assert planned.returncode == 0, planned.stderr
    hashes = [
        account.functions.get_function_configuration(FunctionName="orders", Qualifier=v)["CodeSha256"] for v in "12"
    ]
    assert planned.stdout.splitlines() == [
        "orders:live: would be shifted",
        "  version 1 → 2",
        f"  code {hashes[0][:12]} → {hashes[1][:12]}",
        "  10 percent, then the rest after 5 minutes (CodeDeployDefault.LambdaCanary10Percent5Minutes)",
        "  alarm orders-errors: INSUFFICIENT_DATA",
    ]
    shifted = run("shift", "--outputs", file, "--poll-seconds", "0.2")
    assert (shifted.returncode, shifted.stderr) == (0, "")
    lines = named(shifted.stdout).splitlines()
    assert lines[0] == (
        "orders:live: version 1 to 2: 10 percent, then the rest after 5 minutes (deployment d-X started)"
    )
    assert "orders:live: 10 percent, InProgress, AllowTraffic" in lines
    assert lines[-1] == "✓ orders:live: all traffic went from version 1 to 2 (deployment d-X)"
    assert account.alias("orders") == ("2", {})
    again = run("shift", "--outputs", file)
    assert (again.returncode, again.stdout) == (0, "✓ orders:live: all traffic is at version 2, the newest\n")
    (told,) = json.loads(run("plan", "--outputs", file, "--json").stdout)
    assert (told["action"], told["newest_version"], told["problems"]) == ("nothing", 2, [])


def test_a_shift_needs_no_shell_and_no_aws_command_line(
    account: Account, outputs: Callable[..., Path], begin: Callable[..., subprocess.Popen[str]]
) -> None:
    target = account.release("orders", config="CodeDeployDefault.LambdaAllAtOnce")
    process = begin("shift", "--outputs", outputs(target), "--poll-seconds", "0.2")
    out, error = process.communicate(timeout=TIMEOUT_SECONDS)
    assert (process.returncode, error) == (0, ""), out
    assert account.alias("orders") == ("2", {})


def test_a_first_version_is_released_without_a_deployment(
    account: Account, outputs: Callable[..., Path], run: Run
) -> None:
    ran = run("shift", "--outputs", outputs(account.release("orders", versions=1)))
    assert (ran.returncode, ran.stdout, ran.stderr) == (
        0,
        "✓ orders:live: all traffic is at version 1, the newest\n",
        "",
    )
    assert account.deployments("orders") == []


def test_an_alarm_fails_the_command_and_rollback_and_prune_clean_up(
    account: Account, emulator: Emulator, outputs: Callable[..., Path], begin: Callable[..., Any], run: Run
) -> None:
    emulator.set_deployment_minute(SLOW)
    file = outputs(account.release("orders", versions=3))
    process = begin("shift", "--outputs", file, "--poll-seconds", "0.2")
    until(lambda: account.alias("orders") == ("1", {"3": 0.1}), emulator)
    account.fire("orders")
    out, error = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 1
    assert "Traceback" not in error
    assert "ended as Stopped (ALARM_ACTIVE: " in error
    assert error.endswith("all traffic is at version 1 (rolled back by " + error.rpartition(" ")[2])
    assert "✗ orders:live: deployment d-X from version 1 to 3" in named(out)
    assert account.alias("orders") == ("1", {})
    refused = run("plan", "--outputs", file)
    assert refused.returncode == 1
    assert "  refused: orders:live: alarm orders-errors is in the state ALARM;" in refused.stdout
    assert run("shift", "--outputs", file).returncode == 1
    emulator.set_deployment_minute(QUICK)
    ignoring = ("--ignore-alarm", "orders-errors", "--reason", "the fix", "--poll-seconds", "0.2")
    assert run("shift", "--outputs", file, *ignoring).returncode == 0
    assert account.alias("orders") == ("3", {})
    shown = run("rollback", "--outputs", file, "--dry-run")
    assert shown.stdout == "orders:live: shift back at once; all traffic at version 1\n"
    assert account.alias("orders") == ("3", {})
    assert run("rollback", "--outputs", file, "--poll-seconds", "0.2").returncode == 0
    assert account.alias("orders") == ("1", {})
    shown = run("prune", "--keep", "1", "--outputs", file)
    assert shown.stdout.splitlines() == [
        "orders: version 1 stays: alias live",
        "orders: version 3 stays: newest",
        "orders: version 2 would be deleted",
    ]
    assert len(versions(account)) == 4
    assert run("prune", "--keep", "1", "--delete", "--outputs", file).returncode == 0
    assert versions(account) == ["$LATEST", "1", "3"]


@pytest.mark.parametrize(
    ("sign", "choice", "code", "alias"),
    [
        (signal.SIGTERM, "roll-back", 143, ("1", {})),
        (signal.SIGTERM, "leave", 143, ("1", {"2": 0.1})),
        (signal.SIGINT, "roll-back", 130, ("1", {})),
    ],
)
def test_being_ended_from_outside(
    account: Account,
    emulator: Emulator,
    outputs: Callable[..., Path],
    begin: Callable[..., Any],
    sign: signal.Signals,
    choice: str,
    code: int,
    alias: tuple[str, dict[str, float]],
) -> None:
    emulator.set_deployment_minute(SLOW)
    file = outputs(account.release("orders"))
    process = begin("shift", "--outputs", file, "--poll-seconds", "0.2", "--on-interrupt", choice)
    until(lambda: account.alias("orders") == ("1", {"2": 0.1}), emulator)
    process.send_signal(sign)
    out, error = process.communicate(timeout=TIMEOUT_SECONDS)
    assert "Traceback" not in error
    assert process.returncode == code, error
    assert account.alias("orders") == alias
    told = "because interrupted" if choice == "roll-back" else "goes on in CodeDeploy (interrupted)"
    assert told in out


def test_no_time_left_is_exit_code_3(
    account: Account, emulator: Emulator, outputs: Callable[..., Path], run: Run
) -> None:
    emulator.set_deployment_minute(SLOW)
    file = outputs(account.release("orders"))
    ran = run("shift", "--outputs", file, "--timeout-minutes", "0.01", "--poll-seconds", "0.2")
    assert ran.returncode == 3
    assert "goes on in CodeDeploy (no time is left); run the command again, which joins it" in ran.stderr


def test_another_account_or_region_is_refused(account: Account, outputs: Callable[..., Path], run: Run) -> None:
    target = account.release("orders")
    other = run("shift", "--outputs", outputs(target, account_id="999999999999"))
    assert other.returncode == 2
    assert other.stderr == (
        "the credentials are for account 123456789012, and the stack is in 999999999999; a release changes the stack's "
        "account only; choose the other profile or role\n"
    )
    elsewhere = run("shift", "--outputs", outputs(target, region="eu-west-2"), "--region", "eu-west-1")
    assert elsewhere.returncode == 2
    assert elsewhere.stderr == (
        "the releases are in eu-west-2; one region is released at a time, and --region is eu-west-1; name functions of "
        "one region with --function\n"
    )
    assert account.deployments("orders") == []


def test_a_profile_that_does_not_exist_is_one_sentence(
    account: Account, outputs: Callable[..., Path], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    ran = run("plan", "--outputs", outputs(account.release("orders"), region=REGION))
    assert (ran.returncode, ran.stdout, ran.stderr) == (
        1,
        "",
        (
            "release: AWS could not be asked (The config profile (nobody) could not be found); choose another profile, "
            "and run the command again\n"
        ),
    )


def test_outputs_come_from_the_stacks_folder_too(account: Account, tmp_path: Path, run: Run) -> None:
    told = [vars(account.release("orders"))]
    kinds = ["list", ["object", dict.fromkeys(told[0], "string")]]
    state = {"version": 4, "terraform_version": "1.10.0", "serial": 1, "lineage": "a", "resources": []}
    (tmp_path / "terraform.tfstate").write_text(
        json.dumps({**state, "outputs": {"releases": {"value": told, "type": kinds}}}), encoding="utf-8"
    )
    ran = run("plan", "--folder", tmp_path, "--json")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)[0]["name"] == "orders:live"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            (),
            (
                "release: neither --folder nor --outputs is given; the stack's output `releases` names what is "
                "shifted; give one of them\n"
            ),
        ),
        (
            ("--outputs", "a", "--folder", "b"),
            (
                "release: --folder and --outputs are both given; the stack's output `releases` names what is shifted; "
                "give one of them\n"
            ),
        ),
        (
            ("--outputs", "nothing.json"),
            (
                "nothing.json: cannot be read ([Errno 2] No such file or directory: 'nothing.json'); what `terraform "
                "output -json` prints is expected; write it anew\n"
            ),
        ),
    ],
)
def test_outputs_that_are_not_there_are_refused(run: Run, arguments: tuple[str, ...], message: str) -> None:
    ran = run("shift", *arguments)
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", message)


def versions(account: Account) -> list[str]:
    found = account.functions.list_versions_by_function(FunctionName="orders")["Versions"]
    return [version["Version"] for version in found]


def until(holds: Callable[[], bool], emulator: Emulator) -> None:
    """Wait for the command to come so far; a deployment's first seconds need not be waited for."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "the command did not come so far"
        emulator.pass_deployment_minutes(0.02)
        time.sleep(0.1)
