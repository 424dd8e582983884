"""A stack with a network, to which tests add functions, and what it synthesizes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.core.target import Target
from modules.function import Function, FunctionConfig
from modules.key import Key
from modules.network import Network, NetworkBase, NetworkConfig
from stacks.base import App, TargetStack

OFF = {"enabled": False, "reason": "not what these tests are about"}
API = "dev-main-eu-west-1-orders/api"
"""Where the function `api` is refused."""


class Made:
    """A stack with a network; `source` is a folder with a handler.

    Attributes:
        stack: the stack.
        key: its key.
        network: its network, without any way out unless fields say otherwise.
    """

    def __init__(self, source: Path, *, provider: str = ">= 5.100, < 7", **network: Any) -> None:
        target = Target(
            org="acme", env="dev", account="main", account_id="123456789012", region="eu-west-1", stack="orders",
            owner="me", aws_provider_version=provider,
        )  # fmt: skip
        self._source, self._work = source, source.parent
        self._app = App(outdir=str(self._work / "out"))
        self.stack = TargetStack(self._app, target)
        self.key = Key(self.stack, "key")
        fields = {"cidr": "10.0.0.0/16", "availability_zones": ["eu-west-1a", "eu-west-1b"], "egress": "none"}
        config = NetworkConfig.parse({**fields, "alarms": OFF, **network})
        self.network = Network(self.stack, "network", config=config, key=self.key)

    def function(self, name: str = "api", *, network: NetworkBase | None = None, **fields: Any) -> Function:
        """A function with `fields` beyond what it must have."""
        config = FunctionConfig.parse(
            {"code": {"source": str(self._source)}, "reserved_concurrency": 5, "alarms": OFF, **fields}
        )
        return Function(self.stack, name, config=config, network=network or self.network, key=self.key)

    def resources(self, kind: str, *, block: str = "resource") -> dict[str, dict[str, Any]]:
        """The synthesized resources of a kind, by their Terraform name; those of the network's flow log aside.

        Args:
            kind: such as `aws_db_instance`.
            block: `resource`, or `ephemeral` for ephemeral ones.
        """
        self._app.synth()
        text = (self._work / "out" / "stacks" / self.stack.target.name / "cdk.tf.json").read_text(encoding="utf-8")
        found: dict[str, dict[str, Any]] = json.loads(text).get(block, {}).get(kind, {})
        return {name: resource for name, resource in found.items() if not name.startswith("network_flow-log_")}

    def only(self, kind: str) -> dict[str, Any]:
        """The only synthesized resource of a kind."""
        [found] = self.resources(kind).values()
        return found


def refusal(build: Callable[[], object]) -> str:
    """The whole message with which `build` is refused."""
    with pytest.raises(ConfigError) as refused:
        build()
    return str(refused.value)


def address(made: Made, kind: str) -> str:
    """The Terraform address of the only resource of a kind."""
    [name] = made.resources(kind)
    return f"{kind}.{name}"


def alias_name(made: Made) -> str:
    """How everything names the only alias: by what Terraform knows of it, so that it waits for the alias."""
    return f"${{{address(made, 'aws_lambda_alias')}.name}}"
