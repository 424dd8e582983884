"""Files, wheels and locks to try packaging on."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from modules.function.packaging import Package

FILES = {
    "handler.py": b"def handler(event, context):\n    return event\n",
    "orders/__init__.py": b"",
    "orders/rules.py": b"LIMIT = 3\r\n",
    "Zeta.txt": b"Z",
    "\u00e9t\u00e9.txt": b"summer",
}


def write_files(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


class Build(Protocol):
    def __call__(self, source: Path, **overrides: Any) -> Package: ...


def make_wheel(
    index: Path, name: str, files: Mapping[str, bytes], tag: str = "py3-none-any", requires: str = ""
) -> str:
    """Write a wheel of version 1.0 and return its hash as a lock states it."""
    info = f"{name}-1.0.dist-info"
    needs = f"Requires-Dist: {requires}\n" if requires else ""
    everything = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{needs}".encode(),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n".encode(),
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip('=')},\n"
        for path, content in everything.items()
    )
    wheel = index / f"{name}-1.0-{tag}.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, content in {**everything, f"{info}/RECORD": record.encode()}.items():
            archive.writestr(path, content)
    return f"--hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}"
