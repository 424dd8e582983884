"""The files of a source folder that go into its package.

A pattern without a slash is matched against every name on a file's path: `__pycache__` leaves out each such
folder. A pattern with a slash is matched from the source folder down, name by name: `/tests` leaves out only
the topmost one. A pattern that begins with `!` takes back what patterns before it left out; what lies in a folder that
is left out cannot be taken back without the folder.
Each name is matched as a shell would, with case.

Symbolic links are followed as long as they stay inside the source; the package holds what they point to.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from modules.core.errors import ConfigError

DEFAULT_EXCLUDES = (
    ".*",  # version control, virtual environments, tool caches, `.env`, `.DS_Store`
    "__pycache__",
    "*.py[cod]",
    "/tests",  # only at the top: a package inside may import its own `tests`
    "/test_*.py",
    "/conftest.py",
    "/requirements*.in",  # a comment in a lock file is no reason to deploy
    "/requirements*.lock",
    "/requirements*.txt",
)
"""What a package leaves out of its source unless told otherwise."""


def source_files(source: Path, exclude: tuple[str, ...], where: str) -> dict[str, Path]:
    """Name in the package and path of every file below `source` that no pattern excludes.

    Args:
        source: an absolute path without symbolic links.
        exclude: patterns.
        where: place for error messages.

    Raises:
        ConfigError: when the folder does not exist or is empty, a link leaves it or turns in a
            circle, a file is neither regular nor a folder, or a name is not UTF-8.
    """
    if not source.is_dir():
        raise ConfigError.single(
            where,
            f'source is "{source}"',
            "it has to be an existing folder",
            "correct the path; a relative one counts from the working directory",
        )
    files = dict(_walk(source, source, "", exclude, where, (source,)))
    if not files:
        raise ConfigError.single(
            where,
            f'source is "{source}", without a single file to package',
            "a package holds at least its handler",
            "add the handler, or correct exclude",
        )
    return files


def _walk(
    root: Path, folder: Path, prefix: str, exclude: tuple[str, ...], where: str, above: tuple[Path, ...]
) -> Iterator[tuple[str, Path]]:
    for entry in folder.iterdir():
        name = prefix + entry.name
        if _excluded(name, exclude):
            continue
        real = _inside(root, entry, name, where)
        if real.is_dir():
            if real in above:
                raise _refused_link(where, name, "a folder that contains it")
            yield from _walk(root, real, f"{name}/", exclude, where, (*above, real))
        else:
            yield name, real


def _excluded(name: str, exclude: tuple[str, ...]) -> bool:
    """What the last pattern that matches says; the folders above were asked on the way down."""
    parts = name.split("/")
    found = False
    for pattern in exclude:
        wanted = pattern.removeprefix("!")
        if _matches(parts, wanted):
            found = pattern == wanted
    return found


def _matches(parts: list[str], pattern: str) -> bool:
    if "/" not in pattern:
        return fnmatchcase(parts[-1], pattern)
    wanted = pattern.strip("/").split("/")
    return len(wanted) == len(parts) and all(map(fnmatchcase, parts, wanted))


def _inside(root: Path, entry: Path, name: str, where: str) -> Path:
    try:
        name.encode()
    except UnicodeEncodeError:
        raise ConfigError.single(
            where,
            f"a file is named {name!a}",
            "names in a package are UTF-8",
            "rename the file, or exclude it",
        ) from None
    real = Path(os.path.realpath(entry))  # Path.resolve raises on a link to itself in some Python versions
    if not real.is_relative_to(root):
        raise _refused_link(where, name, f'"{real}", outside the source')
    if not real.exists():
        raise _refused_link(where, name, "nothing")
    if not (real.is_dir() or real.is_file()):
        raise ConfigError.single(
            where,
            f"{name} is neither a file nor a folder",
            "a package holds regular files",
            "remove it, or exclude it",
        )
    return real


def _refused_link(where: str, name: str, target: str) -> ConfigError:
    return ConfigError.single(
        where,
        f"{name} is a symbolic link to {target}",
        "links may point to files and folders inside the source",
        "copy what it points to, or exclude it",
    )
