"""From a Node.js source folder and its package-lock.json to the zip archive that Lambda runs."""

from __future__ import annotations

import json
from pathlib import Path

from modules.core.errors import ConfigError
from modules.function.packaging.build import check_output, headers, joined
from modules.function.packaging.command import run_command
from modules.function.packaging.machines import check_machines
from modules.function.packaging.npm import node_modules
from modules.function.packaging.package import Package, write_package
from modules.function.packaging.ready import check_node_handler
from modules.function.packaging.sources import source_files

NODE_EXCLUDES = (
    ".*",
    "node_modules",  # a checkout's own, for this machine and with development packages
    "/test",
    "/tests",
    "*.test.js",
    "*.test.mjs",
    "*.tgz",  # archives that package.json depends on are unpacked
    "/package-lock.json",
)
"""What a Node.js package leaves out of its source unless told otherwise."""


def build_node_package(
    source: Path,
    *,
    handler: str | None,
    architecture: str,
    output: Path,
    exclude: tuple[str, ...] = (),
    command: tuple[str, ...] = (),
    command_output: Path | None = None,
    direct: bool = True,
    cache: Path | None = None,
) -> Package:
    """Write the package of a Node.js function; the same input gives the same bytes on any machine.

    What a command makes is packaged as it is: a bundle holds its dependencies.

    Args:
        source: folder that becomes the root of the package.
        handler: `file.export`, as Lambda takes it; None where a layer brings it.
        architecture: `arm64` or `x86_64`.
        output: the zip archive to write; parent folders are made.
        exclude: patterns of source files to leave out beside the usual; see `modules.function.packaging.sources`.
        command: program and arguments that run in the source folder first.
        command_output: file or folder that the command makes and that is packaged instead of the source.
        direct: whether Lambda gets the archive itself, and not a place in S3.
        cache: folder of unpacked dependencies; by default `lambdanet/packages` below the user's cache folder.

    Raises:
        ConfigError: when the source, command, handler, lock or size is refused, or npm cannot install the lock.
    """
    source = source.resolve()
    where = f'package "{source.name}"'
    check_output(source, output, where)
    root = run_command(command, source, command_output, where) if command else source
    own = {root.name: root} if root.is_file() else source_files(root, (*NODE_EXCLUDES, *exclude), where)
    if handler is not None:
        check_node_handler(handler, list(own), where)
    bundled = command_output is not None
    lock = source / "package-lock.json"
    foreign = {} if bundled or not _needs_modules(source, where) else node_modules(lock, architecture, cache, where)
    files = joined(own, foreign, where)
    check_machines(headers(files), architecture, where)
    return write_package(files, output, where, direct=direct)


def _needs_modules(source: Path, where: str) -> bool:
    """Whether package.json names anything to install."""
    path = source / "package.json"
    if not path.is_file():
        return False
    try:
        project = json.loads(path.read_bytes())
    except ValueError as error:
        raise ConfigError.single(where, f'"{path}" is not JSON ({error})', "npm reads it", "correct it") from None
    return any(project.get(name) for name in ("dependencies", "optionalDependencies"))
