"""Unpacks the wheels of a lock file with uv.

uv and not pip: pip evaluates environment markers for the interpreter it runs on, also when asked for another
platform, and so picks the wrong lines of a universal lock; uv evaluates them for the platform and Python
version it is given.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from modules.core.errors import ConfigError
from modules.function.packaging.platforms import Platform

_TIMEOUT_SECONDS = 900
_LAST_LINES = 12


def install(requirements: Path, folder: Path, platform: Platform, where: str) -> None:
    """Unpack every wheel that the lock names for the platform; nothing is built, nothing compiled.

    Raises:
        ConfigError: when uv is missing or refuses; the message ends with its last lines.
    """
    command = [
        str(_uv(where)), "pip", "install",
        "--requirements", str(requirements), "--require-hashes", "--no-deps",
        "--only-binary", ":all:", "--no-compile-bytecode", "--link-mode", "copy",
        "--python", sys.executable,
        "--python-platform", platform.wheels, "--python-version", platform.python_version,
        "--target", str(folder),
        "--quiet", "--no-progress", "--color", "never",
    ]  # fmt: skip  # one option and its value beside each other
    environment = os.environ | {"UV_PYTHON_DOWNLOADS": "never"}  # only tags are computed; no interpreter is needed
    try:
        result = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise _refused(requirements, platform, where, f"nothing for {_TIMEOUT_SECONDS} seconds") from None
    if result.returncode:
        lines = [line.rstrip() for line in result.stderr.splitlines() if line.strip()]
        raise _refused(requirements, platform, where, "\n  ".join(["", *lines[-_LAST_LINES:]]).rstrip())


def _uv(where: str) -> Path:
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


def _refused(requirements: Path, platform: Platform, where: str, said: str) -> ConfigError:
    return ConfigError.single(
        where,
        f'requirements is "{requirements}", which uv cannot install for {platform.runtime} on {platform.architecture}',
        "every requirement is pinned with == and has a wheel for "
        f"CPython {platform.python_version} on {platform.wheels} whose hash is in the lock, "
        "and the package index answers",
        f"correct the lock or the connection and try again; uv said: {said}",
    )
