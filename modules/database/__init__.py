"""Databases that functions reach through RDS Proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.database.config import DatabaseConfig, DatabaseProxyConfig

if TYPE_CHECKING:
    from modules.database.construct import Database
    from modules.database.proxy import DatabaseProxy

__all__ = ["Database", "DatabaseConfig", "DatabaseProxy", "DatabaseProxyConfig"]


def __getattr__(name: str) -> object:
    """Import the constructs, and with them the engine, on first use only."""
    if name == "Database":
        from modules.database.construct import Database

        return Database
    if name == "DatabaseProxy":
        from modules.database.proxy import DatabaseProxy

        return DatabaseProxy
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
