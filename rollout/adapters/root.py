"""A Terraform root as one file: packed the same from the same content, unpacked elsewhere."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from rollout.domain.digest import CONFIGURATION, LOCK_FILE
from rollout.domain.errors import StoreError

__all__ = ["CONFIGURATION", "LOCK_FILE", "pack", "unpack"]

_LEFT_OUT = frozenset({".terraform", "crash.log"})
_STATE = ".tfstate"
_EXECUTABLE, _PLAIN = 0o755, 0o644


def pack(folder: Path) -> bytes:
    """The folder's files as a tar file compressed by gzip, byte for byte the same for the same content.

    Terraform's own working data, states and their locks are left out; links become what they point to.

    Args:
        folder: holds `cdk.tf.json`.

    Raises:
        StoreError: the folder holds no `cdk.tf.json`, or something that is no file.
    """
    if not (folder / CONFIGURATION).is_file():
        raise StoreError(f"{folder.name}: holds no {CONFIGURATION}; a synthesized stack does; synthesize it")
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as packed:
        for path in _files(folder):
            content = path.read_bytes()
            member = tarfile.TarInfo(path.relative_to(folder).as_posix())
            member.size = len(content)
            member.mode = _EXECUTABLE if path.stat().st_mode & 0o100 else _PLAIN
            packed.addfile(member, io.BytesIO(content))
    return gzip.compress(archive.getvalue(), mtime=0)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if _LEFT_OUT.intersection(parts) or _STATE in path.name:
            continue
        if path.is_file():
            yield path
        elif not path.is_dir():
            raise StoreError(
                f"{folder.name}: {'/'.join(parts)} is neither file nor folder; a Terraform root is packed from files; "
                "remove it, and synthesize again"
            )


def unpack(content: bytes, folder: Path) -> None:
    """Write a packed root into a folder, which is made if need be.

    Raises:
        StoreError: it was not packed by `pack`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        whole = gzip.decompress(content)  # first, as tarfile takes an archive that ends too soon for a shorter one
        with tarfile.open(fileobj=io.BytesIO(whole), mode="r:") as packed:
            for member in packed:
                if not member.isfile():
                    raise StoreError(_broken(f'"{member.name}" is no file'))
                packed.extract(member, folder, filter="data")
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise StoreError(_broken(" ".join(str(error).split()).rstrip("."))) from error


def _broken(detail: str) -> str:
    return (
        f"packed root: cannot be unpacked ({detail}); it is a tar file compressed by gzip, as `lambdanet rollout plan` "
        "writes it; plan the target again"
    )
