"""KMS keys: one customer-managed key per stack, rotated, and further ones for what is encrypted apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.core.lazy import on_first_use
from modules.key.config import KeyConfig

if TYPE_CHECKING:
    from modules.key.base import KeyBase
    from modules.key.construct import Key
    from modules.key.existing import ExistingKey

__all__ = ["ExistingKey", "Key", "KeyBase", "KeyConfig"]

__getattr__ = on_first_use(__name__, {"ExistingKey": "existing", "Key": "construct", "KeyBase": "base"})
