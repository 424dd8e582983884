"""Configuration of a Lambda layer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf
from modules.core.target import Target
from modules.function.code.fields import ARCHITECTURES, Pattern, names_of
from modules.function.code.store import ArtifactStoreConfig

LayerArn = Annotated[
    str,
    Matching(
        rf"arn:aws(?:-cn|-us-gov)?:lambda:{limits.REGION}:\d{{12}}:layer:[A-Za-z0-9_-]{{1,140}}:\d+",
        "a layer version's ARN names region, account, layer and version",
        "copy it from AWS Lambda, with its version",
    ),
]
"""ARN of one version of a layer."""

_MAX_RUNTIMES = 15
FOLDERS = {"nodejs": "nodejs", "python": "python"}
"""Folder of a layer that a runtime searches for packages (Lambda guide, layers)."""


class LayerConfig(ConfigModel):
    """A layer, packaged at synth from a lock file, a folder, or both.

    Raises:
        ConfigError: with every refused field.
    """

    source: Path | None = Field(default=None, description="Folder whose content the layer holds.")
    lock: Path | None = Field(
        default=None,
        description="Lock file with hashes, whose packages the layer holds: pip requirements, uv.lock, poetry.lock or "
        "pylock.toml for Python, package-lock.json for Node.js.",
    )
    exclude: tuple[Pattern, ...] = Field(
        default=(),
        description="Further patterns of source files to leave out; one that begins with ! takes back what earlier "
        "ones left out.",
    )
    folder: (
        Annotated[
            str,
            Matching(
                r"(?:[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*)?", "it is a relative folder, or empty for the layer's root",
                "correct it", literal=True,
            ),
        ]
        | None
    ) = Field(
        default=None,
        description="Folder of the layer that holds everything; by default python or nodejs, after the runtimes.",
    )  # fmt: skip
    compatible_runtimes: tuple[Annotated[str, OneOf(names_of(), "a runtime", literal=True)], ...] = Field(
        description="Runtimes that the layer works with, 1 to 15 (lambda API model)."
    )
    compatible_architectures: tuple[Annotated[str, OneOf(ARCHITECTURES, "an architecture", literal=True)], ...] = Field(
        default=("arm64",), description="Instruction sets that the layer works with."
    )
    description: Annotated[
        str, Matching(r".*", "a description has at most 256 characters on one line", "shorten it", 256)
    ] = Field(default="", description="What the layer is for.")
    license: Annotated[str, Matching(r".*", "a licence has at most 512 characters on one line", "shorten it", 512)] = (
        Field(default="", description="SPDX identifier, or address of the licence.")
    )
    keep_versions: StrictBool = Field(
        default=False,
        description="Leave versions in the account that are replaced or destroyed, so that functions elsewhere can go "
        "on using them (skip_destroy).",
    )
    account_id: (
        Annotated[str, Matching(r"\d{12}", "an AWS account id has 12 digits", "quote it in YAML and write all digits")]
        | None
    ) = Field(default=None, description="The one other account whose functions may use the layer.")
    organization_id: (
        Annotated[str, Matching(r"o-[a-z0-9]{10,32}", "an organization's id reads like o-a1b2c3d4e5", "correct it")]
        | None
    ) = Field(default=None, description="Organization whose functions may use the layer, instead of an account.")
    store: ArtifactStoreConfig | None = Field(
        default=None, description="Bucket that the package is uploaded to; required above 50 MB zipped."
    )

    @property
    def family(self) -> str:
        """`python`, `nodejs`, or empty for anything else and for several."""
        found = {
            next((family for family in FOLDERS if name.startswith(family)), "") for name in self.compatible_runtimes
        }
        return found.pop() if len(found) == 1 else ""

    @property
    def root(self) -> str:
        """Folder of the layer that holds everything; empty for the layer's root."""
        return FOLDERS.get(self.family, "") if self.folder is None else self.folder

    def cross_checks(self) -> Iterator[Problem]:
        """Something to package, for runtimes that it fits."""
        if self.source is None and self.lock is None:
            yield Problem("", "source and lock are missing", "a layer holds something", "set one of them, or both")
        if not 1 <= len(self.compatible_runtimes) <= _MAX_RUNTIMES:
            yield Problem(
                "",
                f"compatible_runtimes has {len(self.compatible_runtimes)} entries",
                f"a layer takes 1 to {_MAX_RUNTIMES} (lambda API model)",
                "name the runtimes that use it",
            )
        elif self.lock is not None and not self.family:
            yield Problem(
                "",
                f"compatible_runtimes are {', '.join(self.compatible_runtimes)}, and lock is set",
                "a lock installs packages for Python or for Node.js",
                "name runtimes of one of them, or package a folder",
            )
        if not self.compatible_architectures:
            yield Problem("", "compatible_architectures is empty", "a layer works with one at least", "name it")
        if self.account_id and self.organization_id:
            yield Problem(
                "",
                "account_id and organization_id are both set",
                "the AWS provider reads the first permission of a layer version only, and would change the other one "
                "on every run (terraform-provider-aws#44668)",
                "share the layer with the organization, or make one layer for each",
            )
        for name in ("compatible_runtimes", "compatible_architectures"):
            values = getattr(self, name)
            for value in sorted({value for value in values if values.count(value) > 1}):
                yield Problem("", f'{name} holds "{value}" twice', "each once", "remove one")

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """A store whose key fits."""
        if self.store:
            yield from self.store.target_checks(target)
