"""EFS file systems that functions mount."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.core.lazy import on_first_use
from modules.filesystem.mounts import coverage_problems, mount_problems

if TYPE_CHECKING:
    from modules.filesystem.access_point_config import AccessPointConfig
    from modules.filesystem.config import FileSystemConfig
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

__getattr__ = on_first_use(
    __name__,
    {
        "AccessPointConfig": "access_point_config",
        "ExistingFileSystem": "existing",
        "FileSystem": "construct",
        "FileSystemConfig": "config",
    },
)
