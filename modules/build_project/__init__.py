"""CodeBuild projects: builds in a VPC or outside of one, logged and watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.build_project.config import BuildProjectConfig, NoSource, S3Source
from modules.core.lazy import on_first_use

if TYPE_CHECKING:
    from modules.build_project.construct import BuildProject

__all__ = ["BuildProject", "BuildProjectConfig", "NoSource", "S3Source"]

__getattr__ = on_first_use(__name__, {"BuildProject": "construct"})
