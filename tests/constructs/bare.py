"""A stack with nothing in it, what it synthesizes, and the sentence of a refusal."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.core.target import Target
from stacks.base import TargetStack


def target(**other: Any) -> Target:
    fields = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}
    return Target.parse({**fields, "stack": "orders", "owner": "me", **other})


def refusal(build: Callable[[], object]) -> str:
    with pytest.raises(ConfigError) as refused:
        build()
    return str(refused.value)


def resources(stack: TargetStack, kind: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = stack.to_terraform()["resource"].get(kind, {})
    return found


def only(stack: TargetStack, kind: str) -> dict[str, Any]:
    """The only resource of a kind."""
    (found,) = resources(stack, kind).values()
    return found


def sids(text: str) -> list[str]:
    return [statement["Sid"] for statement in json.loads(text)["Statement"]]
