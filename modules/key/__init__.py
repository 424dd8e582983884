"""KMS keys: one customer-managed key per stack, rotated, usable only through the services that need it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.key.config import KeyConfig

if TYPE_CHECKING:
    from modules.key.construct import Key

__all__ = ["Key", "KeyConfig"]


def __getattr__(name: str) -> object:
    """Import the construct, and with it the engine, on first use only."""
    if name == "Key":
        from modules.key.construct import Key

        return Key
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
