"""A build command of one's own, run at synth."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

from modules.core.errors import ConfigError
from modules.function.packaging.programs import TIMEOUT_SECONDS, last_lines


def run_command(command: tuple[str, ...], source: Path, output: Path | None, where: str) -> Path:
    """Run `command` in `source`, without a shell, and return what it made.

    Args:
        command: program and arguments.
        source: folder to run in.
        output: file or folder below `source` that the command makes; None for the source folder itself.
        where: place for error messages.

    Raises:
        ConfigError: the folder or program is missing, the program fails or takes too long, or makes no such output.
    """
    shown = shlex.join(command)
    if not source.is_dir():
        raise ConfigError.single(
            where,
            f'source is "{source}"',
            "it has to be an existing folder",
            "correct the path; a relative one counts from the working directory",
        )
    made = (source / output).resolve() if output else source
    if not made.is_relative_to(source):
        raise ConfigError.single(
            where, f'build_output is "{output}"', "it lies below the source folder", "let the command write there"
        )
    try:
        result = subprocess.run(
            command, cwd=source, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False, errors="replace"
        )
    except OSError as error:
        raise ConfigError.single(
            where,
            f"build_command is `{shown}`, which cannot be run ({error.strerror})",
            "its first word is a program",
            "install it, or correct the command",
        ) from None
    except subprocess.TimeoutExpired:
        raise ConfigError.single(
            where,
            f"build_command is `{shown}`, which ran for {TIMEOUT_SECONDS} seconds",
            "a build at synth takes no longer",
            "build before, and package the result",
        ) from None
    if result.returncode:
        raise ConfigError.single(
            where,
            f"build_command is `{shown}`, which ended with {result.returncode}",
            "a build that succeeds ends with 0",
            f"correct it; it said: {last_lines(result.stdout + result.stderr)}",
        )
    if not made.exists():
        raise ConfigError.single(
            where,
            f'build_output is "{output}", which `{shown}` did not make',
            "it is the file or folder that the command makes",
            "correct build_output, or the command",
        )
    return made
