"""From a source folder and a lock file to the zip archive that Lambda runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from modules.core.errors import ConfigError
from modules.function.packaging.command import run_command
from modules.function.packaging.dependencies import dependency_files
from modules.function.packaging.entrypoint import check_handler
from modules.function.packaging.machines import HEADER_BYTES, check_machines
from modules.function.packaging.package import Package, write_package
from modules.function.packaging.platforms import Platform
from modules.function.packaging.sources import DEFAULT_EXCLUDES, source_files

_SHOWN_NAMES = 5


def build_package(
    source: Path,
    *,
    handler: str | None,
    runtime: str,
    architecture: str,
    output: Path,
    lock: Path | None = None,
    exclude: tuple[str, ...] = (),
    command: tuple[str, ...] = (),
    command_output: Path | None = None,
    direct: bool = True,
    cache: Path | None = None,
) -> Package:
    """Write the package of a Python function; the same input gives the same bytes on any machine.

    Everything that can be known is checked before `output` is touched. Dependencies are wheels for the
    function's platform, never this machine's; they are unpacked once per lock, architecture and Python
    version.

    Args:
        source: folder that becomes the root of the package.
        handler: `module.function`, as Lambda takes it; None where a layer brings it.
        runtime: Lambda runtime, such as `python3.13`.
        architecture: `arm64` or `x86_64`.
        output: the zip archive to write; parent folders are made.
        lock: lock file with a hash for every requirement.
        exclude: patterns of source files to leave out beside the usual; see `modules.function.packaging.sources`.
        command: program and arguments that run in the source folder first.
        command_output: folder that the command makes and that is packaged instead of the source.
        direct: whether Lambda gets the archive itself, and not a place in S3.
        cache: folder of unpacked dependencies; by default `lambdanet/packages` below the user's cache folder.

    Raises:
        ConfigError: when the source, command, handler, lock, platform or size is refused, or the lock cannot be
            installed.
    """
    source = source.resolve()
    where = f'package "{source.name}"'
    platform = Platform.of(runtime, architecture, where)
    check_output(source, output, where)
    root = run_command(command, source, command_output, where) if command else source
    own = source_files(root, (*DEFAULT_EXCLUDES, *exclude), where)
    if handler is not None:
        check_handler(handler, own, lambda name: own[name].read_bytes(), platform, where)
    check_machines(headers(own), architecture, where)
    foreign = dependency_files(lock, platform, cache, where) if lock else {}
    return write_package(joined(own, foreign, where), output, where, direct=direct)


def headers(files: Mapping[str, Path]) -> list[tuple[str, bytes]]:
    """Name and first bytes of every file."""
    found = []
    for name, path in files.items():
        with path.open("rb") as file:
            found.append((name, file.read(HEADER_BYTES)))
    return found


def check_output(source: Path, output: Path, where: str) -> None:
    """Refuse to write a package into the folder it is made of.

    Raises:
        ConfigError: `output` lies inside `source`.
    """
    if output.resolve().is_relative_to(source):
        raise ConfigError.single(
            where,
            f'output is "{output}", inside the source folder',
            "a package never contains an earlier package",
            "write it to a folder outside the source",
        )


def joined(own: Mapping[str, Path], foreign: Mapping[str, Path], where: str) -> dict[str, Path]:
    """Source files and dependencies together.

    Raises:
        ConfigError: both have a file of the same name.
    """
    both = sorted(own.keys() & foreign.keys())
    if both:
        more = f" and {len(both) - _SHOWN_NAMES} more" if len(both) > _SHOWN_NAMES else ""
        verb = "is" if len(both) == 1 else "are"
        raise ConfigError.single(
            where,
            f"{', '.join(both[:_SHOWN_NAMES])}{more} {verb} in the source and in a dependency",
            "a dependency never overwrites a source file",
            "rename the source file, or take the dependency out of the lock",
        )
    return {**own, **foreign}
