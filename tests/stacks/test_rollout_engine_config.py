"""The configuration of the rollout engine, and what its builds may do."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from modules.core.errors import ConfigError
from modules.core.target import Target
from stacks import STACKS
from stacks.rollout_engine import assume_statements, plan_key_statements
from stacks.rollout_engine_config import BUILDSPEC, RolloutEngineConfig
from tests.constructs.bare import target

LEAST: dict[str, Any] = {"store": {"bucket": "acme-rollouts"}, "account_ids": ["123456789012"]}
ORGANIZATION = {"account_ids": [], "organization_id": "o-a1b2c3d4e5"}


def refusal(**fields: Any) -> str:
    with pytest.raises(ConfigError) as refused:
        RolloutEngineConfig.parse({**LEAST, **fields})
    return str(refused.value)


def test_the_least_is_a_store_and_whose_roles() -> None:
    config = RolloutEngineConfig.parse(LEAST)
    assert (config.store.folder, config.network) == ("lambdanet/", None)
    assert (config.build.timeout_minutes, config.settle_minutes) == (120, 480)
    assert config.build.source.kind == "s3"
    assert config.state_machine.execution_seconds == 7 * 86_400
    assert STACKS["rollout_engine"].config_model() is RolloutEngineConfig


def test_a_build_of_the_engine_keeps_its_commands_whatever_else_is_set() -> None:
    config = RolloutEngineConfig.parse({**LEAST, "build": {"compute_type": "BUILD_GENERAL1_LARGE"}})
    assert config.build.buildspec == BUILDSPEC
    assert set(yaml.safe_load(BUILDSPEC)["phases"]) == {"install", "build"}


@pytest.mark.parametrize(
    ("fields", "given"),
    [
        ({"account_ids": []}, "neither account_ids nor organization_id is set"),
        ({"organization_id": "o-a1b2c3d4e5"}, "both account_ids and organization_id are set"),
    ],
)
def test_accounts_or_their_organization_are_named(fields: dict[str, Any], given: str) -> None:
    assert refusal(**fields) == f"{given}; one of them says whose roles builds may assume; set one of them"


def test_an_account_is_named_once() -> None:
    accounts = ["123456789012", "123456789012"]
    assert refusal(account_ids=accounts) == 'account_ids holds "123456789012" twice; each account once; remove one'


def test_what_is_looked_at_fits_into_the_history_of_an_execution() -> None:
    assert refusal(settle_minutes=900, build={"timeout_minutes": 800}) == (
        "build.timeout_minutes is 800 and build.queued_timeout_minutes is 480; together they take at most 1249 "
        "minutes, as an execution's history has 25000 events (Step Functions quotas); lower one of them\n"
        "settle_minutes is 900 and build.queued_timeout_minutes is 480; together they take at most 1249 minutes, as an "
        "execution's history has 25000 events (Step Functions quotas); lower one of them"
    )
    assert RolloutEngineConfig.parse({**LEAST, "settle_minutes": 900, "build": {"queued_timeout_minutes": 60}})


def test_a_wave_is_no_express_execution() -> None:
    assert refusal(state_machine={"type": "EXPRESS"}) == (
        'state_machine.type is "EXPRESS"; a wave takes longer than five minutes, and starts child executions (Step '
        "Functions guide); remove it"
    )


def test_builds_assume_two_roles_in_each_account() -> None:
    config = RolloutEngineConfig.parse({**LEAST, "account_ids": ["123456789012", "210987654321"]})
    (statement,) = assume_statements(config, target())
    assert statement.actions == ("sts:AssumeRole",)
    assert statement.resources == (
        "arn:aws:iam::123456789012:role/lambdanet-apply",
        "arn:aws:iam::123456789012:role/lambdanet-plan",
        "arn:aws:iam::210987654321:role/lambdanet-apply",
        "arn:aws:iam::210987654321:role/lambdanet-plan",
    )
    assert statement.conditions == ()


def test_builds_assume_roles_of_one_organization_only() -> None:
    config = RolloutEngineConfig.parse({**LEAST, **ORGANIZATION, "plan_role_name": "lambdanet-apply"})
    (statement,) = assume_statements(config, Target.parse({**target().model_dump(mode="json"), "region": "cn-north-1"}))
    assert statement.resources == ("arn:aws-cn:iam::*:role/lambdanet-apply",)
    (condition,) = statement.conditions
    assert (condition.variable, condition.values) == ("aws:ResourceOrgID", ("o-a1b2c3d4e5",))


def test_many_accounts_are_named_by_their_organization() -> None:
    accounts = [f"{number:012}" for number in range(51)]
    assert refusal(account_ids=accounts) == (
        "account_ids has 51 entries; the policy of one role has room for the roles of 50 accounts (10240 characters, "
        "IAM quotas); set organization_id instead"
    )
    assert RolloutEngineConfig.parse({**LEAST, "account_ids": accounts[:50]})


def test_builds_use_the_stores_key_for_plans_of_runs_only() -> None:
    key = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"
    (statement,) = plan_key_statements(
        RolloutEngineConfig.parse({**LEAST, "store": {"bucket": "acme-rollouts", "key_arn": key}})
    )
    assert (statement.actions, statement.resources) == (("kms:Decrypt", "kms:GenerateDataKey"), (key,))
    (condition,) = statement.conditions
    assert (condition.test, condition.variable) == ("Null", "kms:EncryptionContext:lambdanet:run")
    assert condition.values == ("false",)
    assert plan_key_statements(RolloutEngineConfig.parse(LEAST)) == ()


def test_a_network_is_held_to_the_target() -> None:
    network = {"cidr": "10.0.0.0/16", "availability_zones": ["us-east-1a", "us-east-1b"]}
    config = RolloutEngineConfig.parse({**LEAST, "network": network})
    with pytest.raises(ConfigError, match="network"):
        config.require(target(), where="dev/main/eu-west-1/rollout_engine")
