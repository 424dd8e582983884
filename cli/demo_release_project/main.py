"""Synthesize the stack of `lambdanet demo-release` with the source folder that LAMBDANET_DEMO_SOURCE names."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import modules.core.engine

from cdktf import App

from cli.demo_release_project.stack import build
from modules.core.errors import SuiteError


def main() -> int:
    """Write the stack."""
    app = App()
    build(app, Path(os.environ["LAMBDANET_DEMO_SOURCE"]))
    app.synth()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SuiteError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
