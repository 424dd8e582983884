"""ECR repositories for the container images of functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.image_repository.config import ImageRepositoryConfig

if TYPE_CHECKING:
    from modules.image_repository.construct import ImageRepository

__all__ = ["ImageRepository", "ImageRepositoryConfig"]


def __getattr__(name: str) -> object:
    """Import the construct, and with it the engine, on first use only."""
    if name == "ImageRepository":
        from modules.image_repository.construct import ImageRepository

        return ImageRepository
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
