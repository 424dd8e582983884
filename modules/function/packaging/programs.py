"""The programs that packaging runs: uv, npm, and a build command of one's own."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path

from modules.core.errors import ConfigError

TIMEOUT_SECONDS = 900
"""Most seconds that an installation or a build may take."""

_LAST_LINES = 12


def find_uv(where: str) -> Path:
    """The uv that was installed beside this interpreter, else that on the path.

    Raises:
        ConfigError: there is none.
    """
    beside = (Path(sys.executable).parent, Path(sysconfig.get_path("scripts")))
    found = shutil.which("uv", path=os.pathsep.join(map(str, beside))) or shutil.which("uv")
    if not found:
        raise ConfigError.single(
            where,
            "uv is not installed",
            "it unpacks a function's dependencies",
            "install the pinned one with pip install --require-hashes -r requirements/bootstrap.lock",
        )
    return Path(found)


def uv_environment() -> dict[str, str]:
    """The environment for uv: only tags are computed, so no interpreter is ever downloaded."""
    return os.environ | {"UV_PYTHON_DOWNLOADS": "never"}


def last_lines(text: str) -> str:
    """The end of what a program said, each line on its own."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    return "\n  ".join(["", *lines[-_LAST_LINES:]]).rstrip()
