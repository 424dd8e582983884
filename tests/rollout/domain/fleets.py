"""Targets and settings that the tests of waves share."""

from __future__ import annotations

from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.core.target import Target
from rollout.domain.settings import RolloutSettings
from rollout.domain.waves import resolved

IDS = {"main": "111111111111", "shop": "222222222222", "bank": "333333333333"}


def target(account: str = "main", region: str = "us-east-1", stack: str = "orders_api", **fields: Any) -> Target:
    """A target of the environment dev."""
    given = {"org": "acme", "env": "dev", "owner": "me", "account_id": IDS[account], **fields}
    return Target(account=account, region=region, stack=stack, **given)


def fleet(*stacks: str) -> tuple[Target, ...]:
    """Three accounts in two regions."""
    return tuple(
        target(account, region, stack)
        for stack in stacks or ("orders_api",)
        for account in IDS
        for region in ("eu-west-1", "us-east-1")
    )


def settings(**fields: Any) -> RolloutSettings:
    """Settings, checked."""
    return RolloutSettings.parse(fields)


def refusals(chosen: RolloutSettings, *targets: Target, only: tuple[str, ...] = ()) -> list[str]:
    """The sentences with which targets and settings are refused together."""
    with pytest.raises(ConfigError) as caught:
        resolved(chosen, targets, only=only)
    return [str(problem) for problem in caught.value.problems]
