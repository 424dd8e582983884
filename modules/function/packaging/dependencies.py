"""Python dependencies of a lock file, unpacked for one architecture and Python version.

The tree's key is made of the lock's requirements, the platform and `_FORMAT`. Left out of a tree: bytecode, what the
installer writes about itself, and `bin`, whose scripts begin with the path of this machine's interpreter.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from modules.function.packaging.installer import install
from modules.function.packaging.lockfile import read_lock
from modules.function.packaging.platforms import Platform
from modules.function.packaging.trees import cached_tree, tree_files

_FORMAT = "1"  # raise it when the same lock shall give another tree
_LEFTOVERS = frozenset(  # what installers write about themselves: versions, paths and times that vary
    {
        "RECORD",
        "INSTALLER",
        "REQUESTED",
        "direct_url.json",
        "provenance_url.json",
        "uv_cache.json",
        "uv_build.json",
    }
)


def dependency_files(path: Path, platform: Platform, cache: Path | None, where: str) -> dict[str, Path]:
    """Name in the package and path of every file that the lock installs.

    Args:
        path: the lock file.
        platform: where the function runs.
        cache: folder of the trees; None for the default.
        where: place for error messages.

    Raises:
        ConfigError: when the lock is missing or refused, cannot be installed, or the cache cannot be written.
    """
    lock = read_lock(path, where)

    def fill(tree: Path) -> None:
        install(lock, tree, platform, where)
        _clean(tree)

    parts = (_FORMAT.encode(), platform.wheels.encode(), platform.python_version.encode(), lock.requirements)
    return tree_files(cached_tree(parts, fill, cache, where))


def _clean(tree: Path) -> None:
    shutil.rmtree(tree / "bin", ignore_errors=True)  # console scripts: they begin with this machine's interpreter
    (tree / ".lock").unlink(missing_ok=True)
    for path in list(tree.rglob("*")):
        if path.name == "__pycache__" and path.is_dir():
            shutil.rmtree(path)
        elif path.parent.name.endswith(".dist-info") and path.name in _LEFTOVERS:
            path.unlink()
