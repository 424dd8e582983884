"""Unpacks the wheels of a lock file with uv.

uv and not pip: pip evaluates environment markers for the interpreter it runs on, also when asked for another
platform, and so picks the wrong lines of a universal lock; uv evaluates them for the platform and Python
version it is given.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from modules.core.errors import ConfigError
from modules.function.packaging.lockfile import Lock
from modules.function.packaging.platforms import Platform
from modules.function.packaging.programs import TIMEOUT_SECONDS, find_uv, last_lines, uv_environment


def install(lock: Lock, folder: Path, platform: Platform, where: str) -> None:
    """Unpack every wheel that the lock names for the platform; nothing is built, nothing compiled.

    Raises:
        ConfigError: when uv is missing or refuses; the message ends with its last lines.
    """
    with tempfile.TemporaryDirectory(prefix="lock-") as place:
        requirements = Path(place) / "requirements.txt"
        requirements.write_bytes(lock.requirements)
        command = [
            str(find_uv(where)), "pip", "install",
            "--requirements", str(requirements), "--require-hashes", "--no-deps",
            "--only-binary", ":all:", "--no-compile-bytecode", "--link-mode", "copy",
            "--python", sys.executable,
            "--python-platform", platform.wheels, "--python-version", platform.python_version,
            "--target", str(folder),
            "--quiet", "--no-progress", "--color", "never",
        ]  # fmt: skip  # one option and its value beside each other
        try:
            result = subprocess.run(
                command, env=uv_environment(), capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise _refused(lock, platform, where, f"nothing for {TIMEOUT_SECONDS} seconds") from None
    if result.returncode:
        raise _refused(lock, platform, where, last_lines(result.stderr))


def _refused(lock: Lock, platform: Platform, where: str, said: str) -> ConfigError:
    return ConfigError.single(
        where,
        f'lock is "{lock.path}", which uv cannot install for {platform.runtime} on {platform.architecture}',
        "every requirement is pinned with == and has a wheel for "
        f"CPython {platform.python_version} on {platform.wheels} whose hash is in the lock, "
        "and the package index answers",
        f"correct the lock or the connection and try again; uv said: {said}",
    )
