"""The commands of docs/rollouts.md run as they stand there, one after the other, against the emulator."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from local.emulator import Emulator
from tests.rollout.acceptance.fleet import Fleet, names

pytestmark = pytest.mark.apply

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rollouts.md"


def commands() -> list[list[str]]:
    """Every command of the page's console blocks."""
    blocks = re.findall(r"^```console\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


def test_the_page_runs_from_an_empty_account_to_a_rollout_that_is_done(tmp_path: Path) -> None:
    with Emulator() as emulator:
        fleet = Fleet(emulator, tmp_path, program="light.py")
        fleet.make_roles()
        for program, *arguments in commands():
            assert program == "lambdanet"
            fleet.run(*arguments)
        assert {target["name"]: target["state"] for target in fleet.status()["targets"]} == dict.fromkeys(
            names(), "done"
        )
        assert sorted(fleet.applied()) == sorted(names())
        assert (tmp_path / "page.html").is_file()


def test_the_page_shows_every_command_of_a_rollout() -> None:
    shown = {command[2] for command in commands()}
    assert {
        "bootstrap",
        "explain",
        "preflight",
        "plan",
        "runs",
        "apply",
        "status",
        "resume",
        "drift",
        "orphans",
    } <= shown
