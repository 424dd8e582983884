"""ECR repositories for the container images of functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.core.lazy import on_first_use
from modules.image_repository.config import ImageRepositoryConfig

if TYPE_CHECKING:
    from modules.image_repository.construct import ImageRepository

__all__ = ["ImageRepository", "ImageRepositoryConfig"]

__getattr__ = on_first_use(__name__, {"ImageRepository": "construct"})
