"""Configuration of a function's code: one model per kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf
from modules.core.kinds import ByKind
from modules.function.code.existing import ImageCode, S3Code, ZipCode
from modules.function.code.fields import BuildFields, BuiltCode, FileCode, NodeHandler, Pattern, PythonHandler, names_of

_EXCLUDE = Field(
    default=(),
    description="Further patterns of source files to leave out; one that begins with ! takes back what earlier ones "
    "left out.",
)


class PythonCode(BuildFields, FileCode):
    """A Python source folder, packaged at synth with its pinned dependencies for the function's architecture."""

    kind: Literal["python"] = "python"
    source: Path = Field(description="Folder with the handler; relative paths start at the working directory.")
    handler: PythonHandler = Field(default="handler.handler", description="module.function that Lambda calls.")
    lock: Path | None = Field(
        default=None,
        description="Lock file with hashes, whose wheels are packaged with the source: pip requirements, uv.lock, "
        "poetry.lock or pylock.toml.",
    )
    exclude: tuple[Pattern, ...] = _EXCLUDE
    runtime: Annotated[str, OneOf(names_of("python"), "a Python runtime", literal=True)] = Field(
        default="python3.13", description="Lambda runtime."
    )


class NodeCode(BuildFields, FileCode):
    """A Node.js source folder, packaged at synth with what its package-lock.json names.

    Dependencies come by `npm ci --omit=dev --ignore-scripts`. A bundle of one's own is made by `build_command` and
    named by `build_output`; it is packaged as it is.
    """

    kind: Literal["node"] = "node"
    source: Path = Field(description="Folder with the handler; relative paths start at the working directory.")
    handler: NodeHandler = Field(default="index.handler", description="file.export that Lambda calls.")
    exclude: tuple[Pattern, ...] = _EXCLUDE
    runtime: Annotated[str, OneOf(names_of("nodejs"), "a Node.js runtime", literal=True)] = Field(
        default="nodejs22.x", description="Lambda runtime."
    )


class BuildCode(BuildFields, FileCode):
    """Any source folder whose `build_command` makes the package's content, such as a program in Go, Rust or Java."""

    kind: Literal["build"] = "build"
    source: Path = Field(description="Folder that the command runs in; relative paths start at the working directory.")
    exclude: tuple[Pattern, ...] = _EXCLUDE

    def cross_checks(self) -> Iterator[Problem]:
        """A command and what it makes."""
        yield from super().cross_checks()
        if not self.build_command or self.build_output is None:
            yield Problem(
                "", "build_command or build_output is missing", "this kind packages what a command makes", "set both"
            )


class InlineCode(BuiltCode):
    """A few lines of Python or JavaScript, written into the configuration."""

    kind: Literal["inline"] = "inline"
    text: Annotated[
        str,
        Matching(r"[^\0]+", "it takes 1 to 65536 characters of source", "move it into a file", 65_536, literal=True),
    ] = Field(description="The handler's module.")
    handler: Annotated[
        str,
        Matching(
            r"[A-Za-z_]\w*\.[A-Za-z_]\w*", "a handler reads like module.function, 128 characters at most",
            "correct it", 128, literal=True,
        ),
    ] = Field(default="index.handler", description="module.function that Lambda calls; names the module.")  # fmt: skip
    runtime: Annotated[str, OneOf(names_of("python", "nodejs"), "a Python or Node.js runtime", literal=True)] = Field(
        default="python3.13", description="Lambda runtime."
    )


Code = Annotated[
    PythonCode | NodeCode | BuildCode | ZipCode | S3Code | ImageCode | InlineCode, ByKind(default="python")
]
"""Every kind of code; plain data without `kind` is Python."""
