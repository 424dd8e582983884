"""Checkov on this machine, and the Python that it runs in."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from modules.core.errors import PolicyError

CHECKOV_VARIABLE = "LAMBDANET_CHECKOV"
_PROJECT = Path(__file__).absolute().parents[1]


def find_checkov(environment: Mapping[str, str] = os.environ, *, project: Path = _PROJECT) -> Path:
    """Find Checkov: LAMBDANET_CHECKOV, `.venv-checkov` beside the project's code, then PATH.

    Raises:
        PolicyError: there is none, or LAMBDANET_CHECKOV names something else.
    """
    path = environment.get("PATH", "")
    if wanted := environment.get(CHECKOV_VARIABLE):
        if found := shutil.which(wanted, path=path):
            return Path(found).absolute()
        raise PolicyError(
            f'{CHECKOV_VARIABLE} is "{wanted}", which is not an executable program; it must name a Checkov command; '
            "correct the variable, or unset it and run `make setup`"
        )
    own = project / ".venv-checkov" / "bin" / "checkov"
    if found := shutil.which(own) or shutil.which("checkov", path=path):
        return Path(found).absolute()
    raise PolicyError(
        f"Checkov was not found; looked for the variable {CHECKOV_VARIABLE}, for .venv-checkov/bin/checkov beside "
        "the project's code, and for checkov on PATH; run `make setup`, which installs it into an environment of "
        "its own"
    )


def python_of(checkov: Path) -> str:
    """The Python that a Checkov command runs in, by its first lines.

    Raises:
        PolicyError: the command is no Python program.
    """
    with suppress(OSError, UnicodeDecodeError, ValueError):
        first, second, *_ = [*checkov.read_text(encoding="utf-8").splitlines(), "", ""]
        words = shlex.split(first.removeprefix("#!")) if first.startswith("#!") else []
        if words and Path(words[0]).name == "env":
            words = words[1:]
        if words and Path(words[0]).name.startswith("python") and (found := shutil.which(words[0])):
            return found
        if second.startswith("'''exec' "):  # how installers write paths that are too long for a first line
            return shlex.split(second.removeprefix("'''exec' "))[0]
    raise PolicyError(
        f"{checkov}: is no Checkov that can be asked, it does not begin with the Python that it runs in; Checkov's "
        "checks run in that Python; run `make setup`, which installs it into an environment of its own"
    )
