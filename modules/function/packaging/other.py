"""Packages of anything else: what a build command makes, a few lines of text, and layers."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from zipfile import is_zipfile

from modules.core.errors import ConfigError
from modules.function.packaging.build import build_package, check_output, headers, joined
from modules.function.packaging.command import run_command
from modules.function.packaging.dependencies import dependency_files
from modules.function.packaging.machines import check_machines
from modules.function.packaging.node import NODE_EXCLUDES, build_node_package
from modules.function.packaging.npm import node_modules
from modules.function.packaging.package import Package, write_package
from modules.function.packaging.platforms import Platform
from modules.function.packaging.ready import check_archive
from modules.function.packaging.sources import DEFAULT_EXCLUDES, source_files


def build_other_package(
    source: Path,
    *,
    handler: str | None,
    runtime: str,
    architecture: str,
    command: tuple[str, ...],
    command_output: Path,
    output: Path,
    exclude: tuple[str, ...] = (),
    direct: bool = True,
) -> Package:
    """Run a command and package what it makes: a folder, a program, or a zip archive (a .jar is one) as it is.

    Raises:
        ConfigError: when the command, what it makes, or its size is refused.
    """
    source = source.resolve()
    where = f'package "{source.name}"'
    check_output(source, output, where)
    made = run_command(command, source, command_output, where)
    if made.is_file() and is_zipfile(made):
        return check_archive(made, handler=handler, runtime=runtime, architecture=architecture, direct=direct)
    files = {made.name: made} if made.is_file() else source_files(made, exclude, where)
    check_machines(headers(files), architecture, where)
    return write_package(files, output, where, direct=direct)


def build_text_package(
    text: str, *, handler: str, runtime: str, architecture: str, output: Path, direct: bool = True
) -> Package:
    """Package a few lines of Python or JavaScript as the handler's module.

    Raises:
        ConfigError: when the handler is not there.
    """
    module = handler.partition(".")[0]
    with tempfile.TemporaryDirectory(prefix="inline-") as folder:
        source = Path(folder) / "inline"
        source.mkdir()
        if runtime.startswith("python"):
            (source / f"{module}.py").write_text(text, encoding="utf-8", newline="")
            return build_package(
                source, handler=handler, runtime=runtime, architecture=architecture, output=output, direct=direct
            )
        ending = "mjs" if any(line.startswith(("export ", "import ")) for line in text.splitlines()) else "js"
        (source / f"{module}.{ending}").write_text(text, encoding="utf-8", newline="")
        return build_node_package(source, handler=handler, architecture=architecture, output=output, direct=direct)


def build_layer(
    *,
    name: str,
    source: Path | None,
    lock: Path | None,
    family: str,
    root: str,
    runtimes: tuple[str, ...],
    architectures: tuple[str, ...],
    output: Path,
    exclude: tuple[str, ...] = (),
    direct: bool = True,
    cache: Path | None = None,
) -> Package:
    """Write the package of a layer; everything lies below `root`.

    Args:
        name: the layer's, for error messages.
        source: folder whose files the layer holds.
        lock: lock file whose packages it holds.
        family: `python` or `nodejs`; decides how the lock is installed.
        root: folder inside the layer.
        runtimes: runtimes that the layer works with.
        architectures: architectures that it works with.
        output: the zip archive to write.
        exclude: patterns of source files to leave out beside the usual.
        direct: whether Lambda gets the archive itself, and not a place in S3.
        cache: folder of unpacked dependencies.

    Raises:
        ConfigError: when source, lock or size is refused, or the lock installs other files for another runtime.
    """
    where = f'layer "{name}"'
    usual = NODE_EXCLUDES if family == "nodejs" else DEFAULT_EXCLUDES
    own: Mapping[str, Path] = {}
    if source is not None:
        source = source.resolve()
        check_output(source, output, where)
        own = source_files(source, (*usual, *exclude), where)
    foreign: dict[str, Path] = {}
    if lock is not None:
        pairs = [(runtime, architecture) for runtime in runtimes for architecture in architectures]
        trees = {pair: _installed(lock, family, pair, cache, where) for pair in pairs}
        foreign = trees[pairs[0]]
        for pair in pairs[1:]:
            _check_same(lock, pairs[0], foreign, pair, trees[pair], where)
    files = joined(own, foreign, where)
    if len(architectures) == 1:
        check_machines(headers(files), architectures[0], where)
    prefix = f"{root}/" if root else ""
    return write_package({f"{prefix}{path}": files[path] for path in files}, output, where, direct=direct)


def _installed(lock: Path, family: str, pair: tuple[str, str], cache: Path | None, where: str) -> dict[str, Path]:
    if family == "nodejs":
        return node_modules(lock.resolve(), pair[1], cache, where)
    return dependency_files(lock, Platform.of(*pair, where), cache, where)


def _check_same(
    lock: Path,
    first: tuple[str, str],
    files: Mapping[str, Path],
    other: tuple[str, str],
    others: Mapping[str, Path],
    where: str,
) -> None:
    if _digests(files) != _digests(others):
        raise ConfigError.single(
            where,
            f'lock is "{lock}", which installs other files for {" on ".join(other)} than for {" on ".join(first)}',
            "a layer holds one set of files for all its runtimes and architectures",
            "make a layer for each",
        )


def _digests(files: Mapping[str, Path]) -> dict[str, str]:
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
