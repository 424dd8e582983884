"""A zip archive that somebody else made, opened and held to what Lambda can run."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from modules.core.errors import ConfigError, Problem
from modules.function.packaging.entrypoint import check_handler
from modules.function.packaging.machines import HEADER_BYTES, check_machines
from modules.function.packaging.package import Package, check_sizes
from modules.function.packaging.platforms import Platform

_ENCRYPTED = 0x1
_UNIX = 3
_READABLE, _EXECUTABLE = 0o004, 0o001


def check_archive(path: Path, *, handler: str | None, runtime: str, architecture: str, direct: bool = True) -> Package:
    """Open a ready archive; it is never changed.

    Args:
        path: the archive.
        handler: what Lambda calls; found in the archive for Python and Node.js. None looks for nothing.
        runtime: the function's.
        architecture: the function's.
        direct: whether Lambda gets the archive itself, and not a place in S3.

    Raises:
        ConfigError: there is no such file, it is not a whole zip archive, or Lambda could not run what it holds.
    """
    where = f'package "{path.name}"'
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError.single(
            where,
            f'path is "{path}", which cannot be read ({error.strerror})',
            "it is an existing zip archive",
            "build it before the stack is synthesized, or correct the path",
        ) from None
    try:
        with ZipFile(path) as archive:
            _check_content(archive, handler, runtime, architecture, where)
            sizes = {entry.filename: entry.file_size for entry in archive.infolist() if not entry.is_dir()}
    except (BadZipFile, NotImplementedError, EOFError) as error:
        raise ConfigError.single(
            where,
            f'path is "{path}", which is not a whole zip archive ({error})',
            "Lambda unpacks a zip archive, stored or deflated",
            "build it again",
        ) from None
    check_sizes(sizes, len(content), where, direct=direct, form="the archive")
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return Package(path, digest, len(content), sum(sizes.values()), tuple(sizes))


def _check_content(archive: ZipFile, handler: str | None, runtime: str, architecture: str, where: str) -> None:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    problems = [problem for entry in entries for problem in _entry_problems(entry, where)]
    if not entries:
        problems.append(Problem(where, "the archive is empty", "it holds at least the handler", "build it again"))
    if problems:
        raise ConfigError(problems)
    spoilt = archive.testzip()
    if spoilt is not None:
        raise BadZipFile(f"{spoilt} is damaged")
    names = [entry.filename for entry in entries]
    if handler is not None and runtime.startswith("python"):
        check_handler(handler, names, archive.read, Platform.of(runtime, architecture, where), where)
    elif handler is not None and runtime.startswith("nodejs"):
        check_node_handler(handler, names, where)
    check_machines(((name, _head(archive, name)) for name in names), architecture, where)


def _head(archive: ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        return file.read(HEADER_BYTES)


def _entry_problems(entry: ZipInfo, where: str) -> Iterator[Problem]:
    name = entry.filename
    mode = entry.external_attr >> 16
    if entry.flag_bits & _ENCRYPTED:
        yield Problem(where, f"{name} is encrypted", "Lambda has no password for an archive", "build it without one")
    if name.startswith("/") or ".." in PurePosixPath(name).parts or "\\" in name:
        yield Problem(
            where, f"{name} leaves the archive", "names are relative, with slashes between", "build the archive again"
        )
    if entry.create_system == _UNIX and mode and not mode & _READABLE:
        yield Problem(
            where,
            f"{name} has mode {mode & 0o777:o}",
            "Lambda runs as another user, who reads only what everybody may (Lambda guide, zip archives)",
            "run chmod -R a+rX before the archive is built",
        )
    elif entry.create_system == _UNIX and mode and name == "bootstrap" and not mode & _EXECUTABLE:
        yield Problem(
            where,
            f"bootstrap has mode {mode & 0o777:o}",
            "Lambda runs it as a program (Lambda guide, custom runtimes)",
            "run chmod 755 bootstrap before the archive is built",
        )


def check_node_handler(handler: str, names: list[str], where: str) -> None:
    """Refuse a handler whose file is not there.

    Raises:
        ConfigError: no file of the name with an ending that Node.js loads.
    """
    stem = handler.rpartition("/")[0]
    last = handler.rpartition("/")[2].partition(".")[0]
    module = f"{stem}/{last}" if stem else last
    if not any(f"{module}{ending}" in names for ending in (".js", ".mjs", ".cjs")):
        raise ConfigError.single(
            where,
            f'handler is "{handler}", and there is no {module}.js, {module}.mjs or {module}.cjs',
            "the handler's file is packaged",
            "add the file, or correct handler",
        )
