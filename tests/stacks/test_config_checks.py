"""All targets' settings are checked at once, and before anything starts."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from modules.core.errors import ConfigError
from modules.core.target import Target
from stacks.checks import checked_configs
from stacks.orders_api_config import OrdersApiConfig
from tests.modules.core.test_target import target
from tests.stacks.test_orders_api_config import VALID, with_


@dataclass(frozen=True)
class Entry:
    target: Target
    settings: dict[str, Any] = field(default_factory=lambda: VALID)


def test_configurations_come_by_the_name_of_their_target() -> None:
    configs = checked_configs([Entry(target(env="dev")), Entry(target(env="prod"))])
    assert configs == {
        "dev-main-eu-west-1-orders_api": OrdersApiConfig.parse(VALID),
        "prod-main-eu-west-1-orders_api": OrdersApiConfig.parse(VALID),
    }


def test_problems_of_all_targets_come_at_once_and_name_their_target() -> None:
    entries = [
        Entry(target(env="dev"), with_(function={"memory_mb": 64}, database={"port": 80})),
        Entry(target(env="stage")),
        Entry(target(env="prod", stack="orders_ui")),
        Entry(target(env="prod"), with_(network={"cidr": "10.20.0.1/16"})),
    ]
    with pytest.raises(ConfigError) as caught:
        checked_configs(entries)
    assert [str(problem).partition(";")[0] for problem in caught.value.problems] == [
        "dev/main/eu-west-1/orders_api: database.port is 80",
        "dev/main/eu-west-1/orders_api: function.memory_mb is 64",
        'prod/main/eu-west-1/orders_ui: stack "orders_ui" is not known',
        'prod/main/eu-west-1/orders_api network: cidr is "10.20.0.1/16"',
    ]
    assert str(caught.value.problems[2]).endswith("; there are orders_api, rollout_engine; correct it")


def test_what_does_not_fit_the_target_is_refused_before_anything_starts() -> None:
    settings = with_(function={"code": {**VALID["function"]["code"], "runtime": "python3.14"}})
    with pytest.raises(ConfigError) as caught:
        checked_configs([Entry(target(region="us-east-1"), settings)])
    assert str(caught.value).splitlines() == [
        (
            "dev/main/us-east-1/orders_api network: availability_zones holds eu-west-1a, eu-west-1b; the target's "
            "region is us-east-1; name zones of that region"
        ),
        (
            'dev/main/us-east-1/orders_api function: runtime is "python3.14"; AWS provider 5 does not know it, and the '
            "target allows >= 5.100, < 7; use python3.13, or set the target's aws_provider_version to "
            '">= 6.20, < 7"'
        ),
    ]


def test_a_database_and_its_proxy_fit_the_target_too() -> None:
    elsewhere = {
        **VALID["database"],
        "replicas": {"reports": {"availability_zone": "us-east-1a"}},
        "master_password_rotation_off_reason": "a test",
    }
    settings = with_(database=elsewhere, proxy={"default_auth_scheme": "IAM_AUTH", "iam_users": ["orders"]})
    with pytest.raises(ConfigError) as caught:
        checked_configs([Entry(target(), settings)])
    assert str(caught.value).splitlines() == [
        (
            "dev/main/eu-west-1/orders_api database replicas.reports: availability_zones holds us-east-1a; the "
            "target's region is eu-west-1; name zones of that region"
        ),
        (
            'dev/main/eu-west-1/orders_api proxy: default_auth_scheme is "IAM_AUTH"; AWS provider 5 has no '
            "aws_db_proxy.default_auth_scheme, and the target allows >= 5.100, < 7; remove it, or set the target's "
            'aws_provider_version to ">= 6.69, < 7"'
        ),
    ]


def test_a_target_that_pins_provider_6_may_use_its_runtimes() -> None:
    settings = with_(function={"code": {**VALID["function"]["code"], "runtime": "python3.14"}})
    assert checked_configs([Entry(target(aws_provider_version=">= 6.20, < 7"), settings)])


def environments(folder: Path, region: dict[str, Any]) -> Path:
    """An environments folder with one account, and `region` as the file of its only region."""
    account = folder / "dev" / "main"
    account.mkdir(parents=True)
    shared = {"org": "acme", "owner": "orders-team", "env": "dev", "account": "main", "account_id": "123456789012"}
    (folder / "defaults.yaml").write_text(yaml.safe_dump(shared), encoding="utf-8")
    (account / "eu-west-1.yaml").write_text(yaml.safe_dump({"region": "eu-west-1", **region}), encoding="utf-8")
    return folder


def run_main(folder: Path, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    settings = {"LAMBDANET_ENVIRONMENTS": str(folder), "JSII_NODE": str(folder / "no-node"), **variables}
    return subprocess.run(
        [sys.executable, *options, "main.py"],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_refused_configuration_ends_with_2_and_its_sentences_without_starting_node(tmp_path: Path) -> None:
    settings = with_(function={"memory_mb": 64, "timeout_seconds": "30"})
    done = run_main(environments(tmp_path / "environments", {"stacks": {"orders_api": settings}}), "-X", "importtime")
    lines = done.stderr.splitlines()
    imported = {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}
    assert done.returncode == 2
    assert done.stdout == ""
    where = "dev/main/eu-west-1/orders_api"
    memory = "a Lambda function's memory takes 128 to 10240 MB (Lambda quotas)"
    timeout = "a Lambda function's timeout takes 1 to 900 seconds (Lambda quotas)"
    assert [line for line in lines if not line.startswith("import time:")] == [
        f"{where}: function.memory_mb is 64; {memory}; set a value from 128 to 10240",
        f'{where}: function.timeout_seconds is "30"; {timeout}; write the number without quotes',
    ]
    assert "stacks.checks" in imported
    assert not {name.partition(".")[0] for name in imported} & {"cdktf", "cdktn", "jsii", "constructs", "boto3"}


def test_a_configuration_that_holds_does_start_node(tmp_path: Path) -> None:
    done = run_main(environments(tmp_path / "environments", {"stacks": {"orders_api": VALID}}))
    assert done.returncode != 0
    assert "JSII_NODE" in done.stderr  # so the other tests of this file would notice a start


@pytest.mark.parametrize(
    ("region", "variables", "expected"),
    [
        ({"regoin": "x", "stacks": {"orders_api": {}}}, {},
         "dev/main/eu-west-1.yaml: regoin is not a field; remove it, or check its spelling\n"),
        ({"stacks": {"orders_api": VALID}}, {"LAMBDANET_TARGET": "prod"},
         'target "prod" does not exist; there are: dev-main-eu-west-1-orders_api; name one of them\n'),
    ],
)  # fmt: skip
def test_a_target_that_cannot_be_read_ends_with_2_and_its_sentence(
    tmp_path: Path, region: dict[str, Any], variables: dict[str, str], expected: str
) -> None:
    done = run_main(environments(tmp_path / "environments", region), **variables)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", expected)


def test_a_folder_that_does_not_exist_ends_with_2_and_its_sentence(tmp_path: Path) -> None:
    done = run_main(tmp_path / "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"{tmp_path / 'nowhere'}: the folder does not exist; targets are read from it; create it, or name another\n"
    )
