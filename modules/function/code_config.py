"""Configuration of a function's code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from modules.core.config import ConfigModel
from modules.core.fields import Matching, OneOf
from modules.function.runtimes import PYTHON_RUNTIMES

ARCHITECTURES = ("arm64", "x86_64")
"""Instruction sets; arm64 costs 20 percent less per GB-second (AWS Lambda pricing)."""


class CodeConfig(ConfigModel):
    """A Python source folder, packaged at synth with its pinned dependencies for the function's architecture."""

    source: Path = Field(description="Folder with the handler; relative paths start at the working directory.")
    handler: Annotated[
        str,
        Matching(
            r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+", "a handler reads like module.function, 128 characters at most",
            "correct it", 128, literal=True,
        ),
    ] = Field(default="handler.handler", description="module.function that Lambda calls.")  # fmt: skip
    requirements: Path | None = Field(
        default=None, description="Lock file with hashes, in pip's format; its wheels are packaged with the source."
    )
    runtime: Annotated[str, OneOf(PYTHON_RUNTIMES, "a Python runtime", literal=True)] = Field(
        default="python3.13", description="Lambda runtime."
    )
    architecture: Annotated[str, OneOf(ARCHITECTURES, "an architecture", literal=True)] = Field(
        default="arm64", description="Instruction set."
    )
