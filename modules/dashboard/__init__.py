"""Dashboards that show the way of a request, from the trigger to the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.core.lazy import on_first_use
from modules.dashboard.config import DashboardConfig

if TYPE_CHECKING:
    from modules.dashboard.construct import Dashboard

__all__ = ["Dashboard", "DashboardConfig"]

__getattr__ = on_first_use(__name__, {"Dashboard": "construct"})
