"""Safe releases: an alias that CodeDeploy shifts from version to version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.core.lazy import on_first_use
from modules.release.config import ReleaseConfig
from modules.release.traffic_config import AllAtOnceConfig, CanaryConfig, LinearConfig

if TYPE_CHECKING:
    from modules.release.construct import Release

__all__ = ["AllAtOnceConfig", "CanaryConfig", "LinearConfig", "Release", "ReleaseConfig"]

__getattr__ = on_first_use(__name__, {"Release": "construct"})
