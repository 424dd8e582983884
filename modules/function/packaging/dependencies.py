"""Dependencies as unpacked trees, one per lock, architecture and Python version, kept in a cache.

    <cache>/<key>/tree/      the files as they go into a package
    <cache>/<key>/digest     SHA-256 over their names and contents

The key is made of the lock's bytes, the platform and `_FORMAT`. A tree is built in a temporary folder beside
its place and renamed into it, so that it is there whole or not at all; of two processes at once the first to
finish wins, and both use its tree. A tree that no longer matches its digest (a file lost or changed) is built
again.

Left out of a tree: bytecode, what the installer writes about itself, and `bin`, whose scripts begin with the
path of this machine's interpreter.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from modules.core.errors import ConfigError
from modules.function.packaging.installer import install
from modules.function.packaging.lockfile import check_lock
from modules.function.packaging.platforms import Platform

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


def dependency_files(requirements: Path, platform: Platform, cache: Path | None, where: str) -> dict[str, Path]:
    """Name in the package and path of every file that the lock installs.

    Args:
        requirements: the lock file.
        platform: where the function runs.
        cache: folder of the trees; None for the default.
        where: place for error messages.

    Raises:
        ConfigError: when the lock is missing or refused, cannot be installed, or the cache cannot be written.
    """
    lock = check_lock(requirements, where)
    key = hashlib.sha256(
        b"\0".join([_FORMAT.encode(), platform.wheels.encode(), platform.python_version.encode(), lock])
    )
    place = (cache or _default_cache()) / key.hexdigest()
    try:
        if not _is_whole(place):
            _build(place, requirements, platform, where)
    except OSError as error:
        raise ConfigError.single(
            where,
            f'the package cache "{place.parent}" cannot be used ({error.strerror or error})',
            "dependencies are unpacked there",
            "make the folder writable, free space, or set cache to another folder",
        ) from error
    return _tree_files(place / "tree")


def _default_cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "lambdanet" / "packages"


def _build(place: Path, requirements: Path, platform: Platform, where: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".draft-") as folder:
        draft = Path(folder) / "new"
        tree = draft / "tree"
        tree.mkdir(parents=True)
        install(requirements, tree, platform, where)
        _clean(tree)
        (draft / "digest").write_text(_digest(tree))
        if place.exists() and not _is_whole(place):
            with contextlib.suppress(FileNotFoundError):  # another process has moved it away already
                place.rename(Path(folder) / "spoilt")
        try:
            draft.rename(place)
        except OSError:
            if not _is_whole(place):  # otherwise another process was faster, and its tree is as good
                raise


def _clean(tree: Path) -> None:
    shutil.rmtree(tree / "bin", ignore_errors=True)  # console scripts: they begin with this machine's interpreter
    (tree / ".lock").unlink(missing_ok=True)
    for path in list(tree.rglob("*")):
        if path.name == "__pycache__" and path.is_dir():
            shutil.rmtree(path)
        elif path.parent.name.endswith(".dist-info") and path.name in _LEFTOVERS:
            path.unlink()


def _tree_files(tree: Path) -> dict[str, Path]:
    return {path.relative_to(tree).as_posix(): path for path in tree.rglob("*") if path.is_file()}


def _digest(tree: Path) -> str:
    total = hashlib.sha256()
    for name, path in sorted(_tree_files(tree).items(), key=lambda item: item[0].encode()):
        total.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _is_whole(place: Path) -> bool:
    try:
        return (place / "digest").read_text() == _digest(place / "tree")
    except FileNotFoundError:
        return False
