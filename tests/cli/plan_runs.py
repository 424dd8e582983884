"""The commands over plans, run in this process."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from cli.app import app

COMMAND = Path(sys.executable).with_name("lambdanet")
RUNNER = CliRunner()
WIDE = {"COLUMNS": "200"}


def run(*arguments: str | Path) -> Result:
    return RUNNER.invoke(app, [str(argument) for argument in arguments], env=WIDE)


def write(path: Path, document: Any) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path
