"""The zip format, with everything that could vary held fixed.

Entries are sorted by the bytes of their names, dated 1980-01-01, marked as made on Unix, without folder
entries, and stored rather than deflated: the output of deflate differs between builds of zlib (zlib-ng among
them), so compressed bytes would depend on the machine. Lambda unpacks either, and its limit on the unzipped
size is the same. Contents are taken byte for byte, line endings included.

Modes come from content, not from the file system, whose executable bits depend on the checkout: programs (ELF
files and scripts that begin with `#!`) get 0755, every other file 0644.
"""

from __future__ import annotations

import base64
import hashlib
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_LOCAL_HEADER_BYTES = 30
_CENTRAL_HEADER_BYTES = 46
_END_BYTES = 22


def zipped_size(files: Mapping[str, Path]) -> int:
    """Size of the archive that `write_archive` would write, to the byte (below the bounds of zip64)."""
    headers = _LOCAL_HEADER_BYTES + _CENTRAL_HEADER_BYTES
    entries = sum(headers + 2 * len(name.encode()) + path.stat().st_size for name, path in files.items())
    return entries + _END_BYTES


def write_archive(files: Mapping[str, Path], output: Path) -> str:
    """Write the archive in one step: `output` is either the old file or the whole new one.

    Args:
        files: name in the archive and path of every file.
        output: the zip archive; parent folders are made.

    Returns:
        The archive's SHA-256 in base64.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".package-") as folder:
        draft = Path(folder) / output.name
        with ZipFile(draft, "w", ZIP_STORED) as archive:
            for name in sorted(files, key=str.encode):
                content = files[name].read_bytes()
                archive.writestr(_entry(name, content), content)
        digest = hashlib.sha256(draft.read_bytes()).digest()
        draft.replace(output)
    return base64.b64encode(digest).decode()


def _entry(name: str, content: bytes) -> ZipInfo:
    entry = ZipInfo(name, _EPOCH)
    entry.create_system = _UNIX
    entry.compress_type = ZIP_STORED
    mode = 0o755 if content.startswith((b"\x7fELF", b"#!")) else 0o644
    entry.external_attr = (stat.S_IFREG | mode) << 16
    return entry
