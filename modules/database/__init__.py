"""Databases that functions reach through RDS Proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.core.lazy import on_first_use
from modules.database.config import DatabaseConfig
from modules.database.proxy_config import DatabaseProxyConfig

if TYPE_CHECKING:
    from modules.database.construct import Database
    from modules.database.proxy import DatabaseProxy

__all__ = ["Database", "DatabaseConfig", "DatabaseProxy", "DatabaseProxyConfig"]

__getattr__ = on_first_use(__name__, {"Database": "construct", "DatabaseProxy": "proxy"})
