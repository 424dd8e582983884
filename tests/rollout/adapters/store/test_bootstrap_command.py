"""`lambdanet rollout bootstrap` on the emulator."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from cli.rollout.bootstrap import bootstrap
from local.emulator import Emulator
from modules.core.errors import ConfigError
from tests.rollout.adapters.store.conftest import REGION
from tests.rollout.adapters.store.test_bootstrap import ALIAS, ALIAS_ARN, OTHER, OWN, settings_of


@pytest.fixture(autouse=True)
def _empty(running: Emulator) -> None:
    running.reset()


DEFAULTS = """
org: acme
owner: team
backend:
  kind: s3
  bucket: acme-states
  region: eu-west-1
  kms_key_id: arn:aws:kms:eu-west-1:123456789012:alias/rollouts
"""
ROLLOUT = """
store: {kind: s3, bucket: acme-runs, region: eu-west-1, kms_key_id: alias/rollouts}
roles: {plan: plan, apply: apply}
"""


@pytest.fixture
def environments(tmp_path: Path, running: Emulator, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in running.environment(REGION).items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "environments"
    account = folder / "dev" / "main"
    account.mkdir(parents=True)
    (folder / "defaults.yaml").write_text(DEFAULTS)
    (folder / "rollout.yaml").write_text(ROLLOUT)
    (folder / "dev" / "environment.yaml").write_text("env: dev\n")
    (account / "account.yaml").write_text(f'account: main\naccount_id: "{OTHER}"\n')
    (account / "us-east-1.yaml").write_text("region: us-east-1\nstacks: {orders_api: {}}\n")
    return folder


def shown(capsys: pytest.CaptureFixture[str]) -> Sequence[str]:
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_the_command_shows_makes_and_makes_nothing_twice(
    environments: Path, capsys: pytest.CaptureFixture[str], client: Any
) -> None:
    key = f"KMS key {ALIAS} in {REGION}"
    things = [
        key,
        f"{key}: rotation",
        f"{key}: policy",
        *settings_of("acme-runs"),
        *settings_of("acme-states", ALIAS_ARN),
    ]
    bootstrap(environments=environments, dry_run=True)
    assert shown(capsys) == [f"account {OWN}", *(f"would be made {thing}" for thing in things)]
    assert client.list_buckets()["Buckets"] == []
    bootstrap(environments=environments)
    assert shown(capsys) == [f"account {OWN}", *(f"made {thing}" for thing in things)]
    bootstrap(environments=environments)
    assert shown(capsys) == [f"account {OWN}", *(f"there {thing}" for thing in things)]


def test_there_may_be_nothing_to_make(environments: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (environments / "rollout.yaml").unlink()
    (environments / "defaults.yaml").write_text("org: acme\nowner: team\n")
    bootstrap(environments=environments)
    assert shown(capsys) == ["nothing to make: neither runs nor states are kept in S3"]


def test_an_organization_s_id_is_checked(environments: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        bootstrap(environments=environments, organization_id="acme")
    assert str(caught.value) == (
        'rollout bootstrap: --organization-id is "acme"; an organization\'s id reads like o-a1b2c3d4e5; copy it from '
        "AWS Organizations"
    )
