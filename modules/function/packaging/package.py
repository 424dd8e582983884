"""A written package, held to Lambda's limits before a byte of it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from modules.core import limits
from modules.core.errors import ConfigError, Problem
from modules.function.packaging.archive import write_archive, zipped_size

_MIB = 1024 * 1024
_SHOWN_PARTS = 3
_SHARE = 20  # parts below a twentieth of the largest are not worth naming
_TRIM = "leave files out with exclude, drop a dependency, or move some into a layer"


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


def write_package(files: Mapping[str, Path], output: Path, where: str, *, direct: bool) -> Package:
    """Write a package of `files`.

    Args:
        files: name in the package and path of every file.
        output: the zip archive to write; parent folders are made.
        where: place for error messages.
        direct: whether Lambda gets the archive itself, and not a place in S3.

    Raises:
        ConfigError: it would be larger than Lambda takes.
    """
    sizes = {name: path.stat().st_size for name, path in files.items()}
    check_sizes(sizes, zipped_size(files), where, direct=direct)
    digest = write_archive(files, output)
    names = tuple(sorted(files, key=str.encode))
    return Package(output, digest, output.stat().st_size, sum(sizes.values()), names)


def check_sizes(sizes: Mapping[str, int], zipped: int, where: str, *, direct: bool, form: str = "") -> None:
    """Refuse a package that is larger than Lambda takes.

    Args:
        sizes: name and size of every file.
        zipped: size of the archive.
        where: place for error messages.
        direct: whether Lambda gets the archive itself, and not a place in S3.
        form: how the archive was made, for the sentence.

    Raises:
        ConfigError: with every limit that is passed, and what takes the most.
    """
    measured = [("unzipped", sum(sizes.values()), limits.LAMBDA_MAX_UNZIPPED_BYTES, "layers included", _TRIM)]
    if direct:
        note = form or "stored without compression"
        measured.append(("zipped", zipped, limits.LAMBDA_MAX_ZIP_BYTES, note, f"{_TRIM}, or upload it by store"))
    problems = [
        Problem(
            where,
            f"{size / _MIB:.1f} MiB {name} ({note}); most is in {_largest(sizes)}",
            f"Lambda takes {limit // _MIB} MiB {name} (Lambda quotas)",
            fix,
        )
        for name, size, limit, note, fix in measured
        if size > limit
    ]
    if problems:
        raise ConfigError(problems)


def _largest(sizes: Mapping[str, int]) -> str:
    parts: dict[str, int] = {}
    for name, size in sizes.items():
        top = name.split("/", 1)[0]
        parts[top] = parts.get(top, 0) + size
    ranked = sorted(parts.items(), key=lambda part: (-part[1], part[0]))[:_SHOWN_PARTS]
    ranked = [part for part in ranked if part[1] >= ranked[0][1] / _SHARE]
    return ", ".join(f"{name} {size / _MIB:.1f} MiB" for name, size in ranked)
