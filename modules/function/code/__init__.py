"""What a function runs: Python or Node source, a build, a ready zip, an S3 object, an image, or a few lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.function.code.arguments import CodeArguments
from modules.function.code.config import BuildCode, Code, InlineCode, NodeCode, PythonCode
from modules.function.code.existing import ImageCode, S3Code, ZipCode
from modules.function.code.fields import ARCHITECTURES
from modules.function.code.store import ArtifactStoreConfig

if TYPE_CHECKING:
    from modules.function.code.resolve import resolve_code

__all__ = [
    "ARCHITECTURES",
    "ArtifactStoreConfig",
    "BuildCode",
    "Code",
    "CodeArguments",
    "ImageCode",
    "InlineCode",
    "NodeCode",
    "PythonCode",
    "S3Code",
    "ZipCode",
    "resolve_code",
]


def __getattr__(name: str) -> object:
    """Import the function, and with it the engine, on first use only."""
    if name == "resolve_code":
        from modules.function.code.resolve import resolve_code

        return resolve_code
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
