"""The whole command line."""

from __future__ import annotations

from cli.commands import application

app = application()
