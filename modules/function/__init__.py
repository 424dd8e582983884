"""VPC-attached Lambda functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.function.config import (
    AsynchronousConfig,
    CodeConfig,
    CodeSigningConfig,
    FunctionAlarmsConfig,
    FunctionConfig,
    LoggingConfig,
)

if TYPE_CHECKING:
    from modules.function.construct import Function

__all__ = [
    "AsynchronousConfig",
    "CodeConfig",
    "CodeSigningConfig",
    "Function",
    "FunctionAlarmsConfig",
    "FunctionConfig",
    "LoggingConfig",
]


def __getattr__(name: str) -> object:
    """Import the construct, and with it the engine, on first use only."""
    if name == "Function":
        from modules.function.construct import Function

        return Function
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
