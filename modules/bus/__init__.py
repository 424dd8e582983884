"""EventBridge event buses that functions put events on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.bus.config import ArchiveConfig, BusConfig
from modules.core.lazy import on_first_use

if TYPE_CHECKING:
    from modules.bus.base import BusBase
    from modules.bus.construct import Bus
    from modules.bus.existing import ExistingBus

__all__ = ["ArchiveConfig", "Bus", "BusBase", "BusConfig", "ExistingBus"]

__getattr__ = on_first_use(__name__, {"Bus": "construct", "BusBase": "base", "ExistingBus": "existing"})
