"""Being told to end, as an exception."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def termination_as_exit() -> Iterator[None]:
    """Inside, SIGTERM and SIGHUP raise SystemExit, so that every `with` and `finally` around still cleans up.

    By default they end Python on the spot: a cancelled CI job would leave a Terraform that goes on applying.
    Only the first one counts, because `timeout` sends two. Signals somebody else handles stay as they are, and
    so does everything in a thread that is not the main one, where Python delivers no signal.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    taken = [number for number in _SIGNALS if signal.getsignal(number) is signal.SIG_DFL]

    def leave(number: int, _: FrameType | None) -> None:
        for one in taken:
            signal.signal(one, signal.SIG_IGN)
        raise SystemExit(128 + number)

    try:
        for number in taken:
            signal.signal(number, leave)
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)
