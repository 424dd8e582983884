"""Fields that several kinds of code share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason
from modules.core.target import Target
from modules.function.code.store import ArtifactStoreConfig
from modules.function.runtimes import RUNTIMES

ARCHITECTURES = ("arm64", "x86_64")
"""Instruction sets; arm64 costs 20 percent less per GB-second (AWS Lambda pricing)."""

Architecture = Annotated[str, OneOf(ARCHITECTURES, "an architecture", literal=True)]
PythonHandler = Annotated[
    str,
    Matching(
        r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+", "a handler reads like module.function, 128 characters at most",
        "correct it", 128, literal=True,
    ),
]  # fmt: skip
NodeHandler = Annotated[
    str,
    Matching(
        r"[A-Za-z0-9_-][\w./-]*\.[A-Za-z_$][\w$]*", "a handler reads like file.export, 128 characters at most",
        "correct it", 128, literal=True,
    ),
]  # fmt: skip
AnyHandler = Annotated[
    str, Matching(r"\S+", "a handler has 1 to 128 characters without spaces (lambda API model)", "correct it", 128)
]
Argument = Annotated[str, Matching(r"[^\0]+", "an argument is text", "write it in quotes", literal=True)]
Pattern = Annotated[
    str,
    Matching(r"!?[^\0!\s](?:[^\0]*\S)?", "a pattern is a file name with *, ? and [...]", "correct it", literal=True),
]


def names_of(*families: str) -> tuple[str, ...]:
    """Runtimes whose names begin with one of `families`, in the table's order; all when none is named."""
    return tuple(name for name in RUNTIMES if name.startswith(families or ("",)))


class CodeModel(ConfigModel):
    """What every kind of code has."""

    architecture: Architecture = Field(default="arm64", description="Instruction set.")
    deployed_elsewhere_reason: Reason = Field(
        default="",
        description="Why something else deploys new code: Terraform then creates the function from this code and "
        "leaves every later change of the code alone. Empty: Terraform deploys the code.",
    )


class ManagedCode(CodeModel):
    """What every kind of code has that runs on one of Lambda's runtimes; the function judges the runtime's age."""

    handler: AnyHandler = Field(description="What Lambda calls; bootstrap for an OS-only runtime.")
    runtime: Annotated[str, OneOf(names_of(), "a runtime", literal=True)] = Field(description="Lambda runtime.")


class BuiltCode(ManagedCode):
    """What every kind of code has whose package is a zip that this project writes or checks."""

    store: ArtifactStoreConfig | None = Field(
        default=None, description="Bucket that the package is uploaded to; required above 50 MB zipped."
    )

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """A store whose key fits."""
        if self.store:
            yield from self.store.target_checks(target)


class FileCode(BuiltCode):
    """What every kind of code has whose package is made of files."""

    handler_in_layer: StrictBool = Field(
        default=False, description="A layer brings the handler's module, so it is not looked for in the package."
    )


class BuildFields(ConfigModel):
    """A command that makes what is packaged."""

    build_command: tuple[Argument, ...] = Field(
        default=(),
        description="Program and arguments, run without a shell in the source folder at every synth.",
    )
    build_output: Path | None = Field(
        default=None,
        description="Folder or file below source that the command makes and that is packaged instead of it.",
    )

    def cross_checks(self) -> Iterator[Problem]:
        """No output without a command."""
        yield from super().cross_checks()
        if self.build_output is not None and not self.build_command:
            yield Problem(
                "",
                f'build_output is "{self.build_output}" without build_command',
                "it is what the command makes",
                "set build_command, or remove build_output",
            )
