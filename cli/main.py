"""Entry point: runs a command; errors are sentences."""

from __future__ import annotations

import sys

from cli.commands import named_in
from cli.terminal import errors
from modules.core.errors import ConfigError, SuiteError
from rollout.adapters.termination import termination_as_exit
from rollout.domain.naming import said_once


def main() -> None:
    """Run the command line; an error of the suite is printed without a traceback and sets the exit code."""
    try:
        with termination_as_exit():
            named_in(sys.argv[1:])()
    except SuiteError as error:
        errors.print(_report(error), style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(error.exit_code)


def _report(error: SuiteError) -> str:
    """What is refused, once where hundreds of targets have it from the same file."""
    return "\n".join(said_once(map(str, error.problems))) if isinstance(error, ConfigError) else str(error)
