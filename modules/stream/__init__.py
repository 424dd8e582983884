"""Kinesis data streams that functions write to and read from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.core.lazy import on_first_use
from modules.stream.config import ProvisionedCapacity, StreamAlarmsConfig, StreamConfig

if TYPE_CHECKING:
    from modules.stream.base import StreamBase
    from modules.stream.construct import Stream
    from modules.stream.existing import ExistingStream

__all__ = ["ExistingStream", "ProvisionedCapacity", "Stream", "StreamAlarmsConfig", "StreamBase", "StreamConfig"]

__getattr__ = on_first_use(__name__, {"ExistingStream": "existing", "Stream": "construct", "StreamBase": "base"})
