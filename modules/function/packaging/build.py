"""From a source folder and a lock file to the zip archive that Lambda runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from modules.core import limits
from modules.core.errors import ConfigError, Problem
from modules.function.packaging.archive import write_archive, zipped_size
from modules.function.packaging.dependencies import dependency_files
from modules.function.packaging.entrypoint import check_handler
from modules.function.packaging.platforms import Platform
from modules.function.packaging.sources import DEFAULT_EXCLUDES, source_files

_MIB = 1024 * 1024
_SHOWN_NAMES = 5


@dataclass(frozen=True)
class Package:
    """A written package.

    Attributes:
        path: the zip archive.
        sha256_base64: what Lambda reports as `CodeSha256` and Terraform takes as `source_code_hash`.
        zipped_bytes: size of the archive.
        unzipped_bytes: size of all its files.
        files: names in the archive, in archive order.
    """

    path: Path
    sha256_base64: str
    zipped_bytes: int
    unzipped_bytes: int
    files: tuple[str, ...]


def build_package(
    source: Path,
    *,
    handler: str,
    runtime: str,
    architecture: str,
    output: Path,
    requirements: Path | None = None,
    exclude: tuple[str, ...] = DEFAULT_EXCLUDES,
    cache: Path | None = None,
) -> Package:
    """Write the package of a Python function; the same input gives the same bytes on any machine.

    Everything that can be known is checked before `output` is touched. Dependencies are wheels for the
    function's platform, never this machine's; they are unpacked once per lock, architecture and Python
    version.

    Args:
        source: folder that becomes the root of the package.
        handler: `module.function`, as Lambda takes it.
        runtime: Lambda runtime, such as `python3.13`.
        architecture: `arm64` or `x86_64`.
        output: the zip archive to write; parent folders are made.
        requirements: lock file in pip's format with a hash for every requirement.
        exclude: patterns of source files to leave out; see `modules.function.packaging.sources`.
        cache: folder of unpacked dependencies; by default `lambdanet/packages` below the user's cache folder.

    Raises:
        ConfigError: when the source, handler, lock, platform or size is refused, or the lock cannot be
            installed.
    """
    source = source.resolve()
    where = f'package "{source.name}"'
    platform = Platform.of(runtime, architecture, where)
    _check_output(source, output, where)
    own = source_files(source, exclude, where)
    check_handler(handler, own, platform, where)
    foreign = dependency_files(requirements, platform, cache, where) if requirements else {}
    _check_collisions(own, foreign, where)
    files = own | foreign
    unzipped = sum(path.stat().st_size for path in files.values())
    _check_sizes(unzipped, zipped_size(files), where)
    digest = write_archive(files, output)
    names = tuple(sorted(files, key=str.encode))
    return Package(output, digest, output.stat().st_size, unzipped, names)


def _check_output(source: Path, output: Path, where: str) -> None:
    if output.resolve().is_relative_to(source):
        raise ConfigError.single(
            where,
            f'output is "{output}", inside the source folder',
            "a package never contains an earlier package",
            "write it to a folder outside the source",
        )


def _check_collisions(own: dict[str, Path], foreign: dict[str, Path], where: str) -> None:
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


def _check_sizes(unzipped: int, zipped: int, where: str) -> None:
    measured = (
        ("unzipped", unzipped, limits.LAMBDA_MAX_UNZIPPED_BYTES, "layers included"),
        ("zipped", zipped, limits.LAMBDA_MAX_ZIP_BYTES, "stored without compression"),
    )
    problems = [
        Problem(
            where,
            f"{size / _MIB:.1f} MiB {form} ({note})",
            f"Lambda takes {limit // _MIB} MiB {form} (Lambda quotas)",
            "leave files out with exclude, drop a dependency, or move some into a layer",
        )
        for form, size, limit, note in measured
        if size > limit
    ]
    if problems:
        raise ConfigError(problems)
