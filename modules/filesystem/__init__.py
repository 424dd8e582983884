"""EFS file systems that functions mount."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.filesystem.access_point_config import AccessPointConfig
from modules.filesystem.config import FileSystemConfig
from modules.filesystem.mounts import coverage_problems, mount_problems

if TYPE_CHECKING:
    from modules.filesystem.construct import FileSystem
    from modules.filesystem.existing import ExistingFileSystem

__all__ = [
    "AccessPointConfig",
    "ExistingFileSystem",
    "FileSystem",
    "FileSystemConfig",
    "coverage_problems",
    "mount_problems",
]


def __getattr__(name: str) -> object:
    """Import the constructs, and with them the engine, on first use only."""
    if name == "FileSystem":
        from modules.filesystem.construct import FileSystem

        return FileSystem
    if name == "ExistingFileSystem":
        from modules.filesystem.existing import ExistingFileSystem

        return ExistingFileSystem
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
