"""Configuration of a KMS key."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.fields import Within


class KeyConfig(ConfigModel):
    """A customer-managed KMS key.

    Raises:
        ConfigError: with every refused field.
    """

    deletion_window_days: Annotated[int, Within(limits.KMS_DELETION_WINDOW_DAYS)] = Field(
        default=30, description="Days between scheduling the key's deletion and losing what it encrypts. 7 to 30 (KMS)."
    )
    rotation_period_days: Annotated[int, Within(limits.KMS_ROTATION_DAYS)] = Field(
        default=365, description="Days between automatic rotations. 90 to 2560 (KMS)."
    )
    multi_region: StrictBool = Field(
        default=False,
        description="Make it the primary of keys in several regions, for what is copied there; changing it replaces "
        "the key.",
    )
