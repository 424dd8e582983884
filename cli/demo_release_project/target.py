"""Where the release demo applies its stack, and the source of its function: known without the engine."""

from __future__ import annotations

from pathlib import Path

from modules.core.target import Target

TARGET = Target(
    org="acme",
    env="dev",
    account="main",
    account_id="123456789012",
    region="us-east-1",
    stack="orders_release",
    owner="orders-team",
)
"""Where the demo applies it: the emulator's default account."""

HANDLERS = Path(__file__).parents[2] / "stacks" / "handlers" / "orders_api"
