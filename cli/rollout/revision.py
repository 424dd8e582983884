"""The commit that a run is planned from."""

from __future__ import annotations

import subprocess
from pathlib import Path

_TIMEOUT_SECONDS = 30


def revision_of(project: Path) -> str:
    """The commit that is checked out, with a word where files differ from it; empty where there is no git."""
    commit = _git(project, "rev-parse", "--short=12", "HEAD")
    return f"{commit} with changes" if commit and _git(project, "status", "--porcelain") else commit


def _git(project: Path, *arguments: str) -> str:
    try:
        finished = subprocess.run(
            ("git", "-C", str(project), *arguments),
            capture_output=True,
            text=True,
            check=False,
            timeout=_TIMEOUT_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return "" if finished.returncode else finished.stdout.strip()
