"""Which instruction set compiled files are for, told by their ELF headers."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from modules.core.errors import ConfigError

HEADER_BYTES = 20
"""Beginning of a file that tells its instruction set."""

_MACHINES = {62: "x86_64", 183: "arm64"}
_SHOWN = 3


def check_machines(headers: Iterable[tuple[str, bytes]], architecture: str, where: str) -> None:
    """Refuse files that are compiled for the other instruction set, and nothing for this one.

    A package may hold the same library for several machines, so one that fits is enough.

    Args:
        headers: name and first bytes of every file.
        architecture: the function's.
        where: place for error messages.

    Raises:
        ConfigError: no compiled file runs on the function's architecture.
    """
    machines = {name: _MACHINES.get(struct.unpack_from("<H", head, 18)[0]) for name, head in headers if _is_elf(head)}
    foreign = sorted(name for name, machine in machines.items() if machine and machine != architecture)
    if not foreign or architecture in machines.values():
        return
    more = f" and {len(foreign) - _SHOWN} more" if len(foreign) > _SHOWN else ""
    raise ConfigError.single(
        where,
        f"{', '.join(foreign[:_SHOWN])}{more} {'is' if len(foreign) == 1 else 'are'} compiled for "
        f"{machines[foreign[0]]}",
        f"the function's architecture is {architecture}",
        f"build for {architecture}, or set architecture to {machines[foreign[0]]}",
    )


def _is_elf(head: bytes) -> bool:
    return head.startswith(b"\x7fELF") and len(head) >= HEADER_BYTES
