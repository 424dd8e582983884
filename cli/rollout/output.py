"""Where tables are printed."""

from __future__ import annotations

import os

from rich.console import Console

from cli.terminal import console

_PLAIN_WIDTH = 160


def output() -> Console:
    """Standard output; wide enough for names of targets where it is no terminal, as in a CI log."""
    if console.is_terminal or "COLUMNS" in os.environ:
        return console
    return Console(width=_PLAIN_WIDTH, color_system=None)
