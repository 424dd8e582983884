"""The lock on all rollouts of a folder: the kernel's, which ends with its holder however that ends."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rollout.adapters.store.files import FILE_MODE
from rollout.adapters.store.owners import held, owner_as_json, owner_from_json
from rollout.domain.errors import StoreError
from rollout.domain.ports import Owner

_POLL_SECONDS = 0.2
_PROBES = 5
_PROBE_SECONDS = 0.02


@contextmanager
def locked(path: Path, owner: Owner, *, wait_seconds: float) -> Iterator[Owner]:
    """Hold the lock.

    Args:
        path: the lock's file; its folder exists.
        owner: who holds it from now on.
        wait_seconds: how long another holder is waited for.

    Raises:
        LockedError: another rollout holds it still.
        StoreError: the file cannot be written.
    """
    with _opened(path) as handle:
        _acquire(path, handle, wait_seconds)
        os.ftruncate(handle, 0)
        os.pwrite(handle, owner_as_json(owner), 0)
        try:
            yield owner
        finally:
            os.ftruncate(handle, 0)  # closing releases it


def owner_of(path: Path) -> Owner | None:
    """Who holds the lock now."""
    if not path.exists():
        return None
    with _opened(path) as handle:
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return None  # nobody holds it
        return _written(handle)


def _acquire(path: Path, handle: int, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    probes = _PROBES  # somebody may be looking who holds it, which takes it for an instant
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        probes -= 1
        if probes <= 0 and time.monotonic() >= deadline:
            raise held(str(path.parent), _written(handle))
        time.sleep(_PROBE_SECONDS if probes > 0 else min(_POLL_SECONDS, max(0.0, deadline - time.monotonic())))


def _written(handle: int) -> Owner | None:
    with suppress(ValueError, KeyError, TypeError):  # its holder writes it just now
        return owner_from_json(json.loads(os.pread(handle, os.fstat(handle).st_size, 0)))
    return None


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be opened ({error}); the lock on rollouts is a file that you may write; correct that"
        ) from error
    try:
        yield handle
    finally:
        os.close(handle)
