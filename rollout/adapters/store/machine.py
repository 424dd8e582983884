"""Whether a process of this machine is still there."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_PROCESSES = Path("/proc/self/ns/pid")


@cache
def machine() -> str:
    """What tells this machine, since its last start, and its process numbers from all others; empty if nothing does.

    A host name does not: containers share one, and number their processes alike.
    """
    try:
        return f"{_BOOT.read_text(encoding='ascii').strip()} {_PROCESSES.readlink()}"
    except OSError:  # not Linux
        return ""


def is_gone(on_machine: str, pid: int) -> bool:
    """Whether the process ran here and is no more; False where that cannot be told."""
    if not on_machine or on_machine != machine():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _has_ended(pid)


def _has_ended(pid: int) -> bool:
    """Whether it has ended and nobody asked how yet, as in a container whose first process never does."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True  # gone meanwhile
    return told.rpartition(")")[2].split()[0] in {"Z", "X"}  # after the command, proc(5)
