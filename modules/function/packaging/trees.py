"""Unpacked dependencies, kept in a cache: one tree for each lock and platform.

    <cache>/<key>/tree/      the files as they go into a package
    <cache>/<key>/digest     SHA-256 over their names and contents

A tree is built in a temporary folder beside its place and renamed into it, so that it is there whole or not at all; of
two processes at once the first to finish wins, and both use its tree. A tree that no longer matches its digest (a file
lost or changed) is built again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from modules.core.errors import ConfigError


def cached_tree(parts: tuple[bytes, ...], fill: Callable[[Path], None], cache: Path | None, where: str) -> Path:
    """The folder that `fill` filled for `parts`, now or on an earlier day.

    Args:
        parts: everything that decides what the tree holds.
        fill: fills an empty folder.
        cache: folder of the trees; None for `lambdanet/packages` below the user's cache folder.
        where: place for error messages.

    Raises:
        ConfigError: when the cache cannot be written, and whatever `fill` raises.
    """
    place = (cache or _default_cache()) / hashlib.sha256(b"\0".join(parts)).hexdigest()
    try:
        if not _is_whole(place):
            _build(place, fill)
    except OSError as error:
        raise ConfigError.single(
            where,
            f'the package cache "{place.parent}" cannot be used ({error.strerror or error})',
            "dependencies are unpacked there",
            "make the folder writable, free space, or set cache to another folder",
        ) from error
    return place / "tree"


def tree_files(tree: Path) -> dict[str, Path]:
    """Name below `tree` and path of every file."""
    return {path.relative_to(tree).as_posix(): path for path in tree.rglob("*") if path.is_file()}


def tree_digest(tree: Path) -> str:
    """SHA-256 over the names and contents of the files below `tree`."""
    total = hashlib.sha256()
    for name, path in sorted(tree_files(tree).items(), key=lambda item: item[0].encode()):
        total.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _default_cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "lambdanet" / "packages"


def _build(place: Path, fill: Callable[[Path], None]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".draft-") as folder:
        draft = Path(folder) / "new"
        tree = draft / "tree"
        tree.mkdir(parents=True)
        fill(tree)
        (draft / "digest").write_text(tree_digest(tree))
        if place.exists() and not _is_whole(place):
            with contextlib.suppress(FileNotFoundError):  # another process has moved it away already
                place.rename(Path(folder) / "spoilt")
        try:
            draft.rename(place)
        except OSError:
            if not _is_whole(place):  # otherwise another process was faster, and its tree is as good
                raise


def _is_whole(place: Path) -> bool:
    try:
        return (place / "digest").read_text() == tree_digest(place / "tree")
    except FileNotFoundError:
        return False
