"""Told to stop: the first time nothing more starts, the second time what runs is asked to end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Event, Thread

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop:
    """Whether a run is to stop, and how soon.

    Attributes:
        wake: set with every word, and whenever something else happened that the engine is to look at.
        forced: set with the second word; every running Terraform is asked to stop then.
        signal: the signal that said it first; 0 for none.
    """

    def __init__(self) -> None:
        self.wake = Event()
        self.forced = Event()
        self.signal = 0

    @property
    def is_asked(self) -> bool:
        """Whether nothing more is to start."""
        return self.signal != 0

    @property
    def name(self) -> str:
        """The signal's name, such as `SIGINT`; empty for none."""
        return signal.Signals(self.signal).name if self.signal else ""

    @property
    def exit_code(self) -> int:
        """What a shell expects of a process that a signal ended: 130 for Ctrl-C, 143 for SIGTERM."""
        return 128 + self.signal

    def ask(self, number: int = signal.SIGINT) -> None:
        """Say it, once more."""
        if self.is_asked:
            self.forced.set()
        else:
            self.signal = int(number)
        self.wake.set()


@contextmanager
def stopping_on_signals(stop: Stop, tell: Callable[[str], None]) -> Iterator[None]:
    """Inside, Ctrl-C, SIGTERM and SIGHUP are words to `stop`, and end nothing by themselves.

    A signal that is ignored stays so, as `nohup` wants it. Handlers only put into a queue, which is safe at any moment;
    a thread reads it, as setting a flag inside a handler may wait for the very lock that the interrupted code holds.

    Args:
        stop: what is told.
        tell: shows a sentence to whoever is watching.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    said: SimpleQueue[int] = SimpleQueue()
    taken = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, lambda given, _: said.put(given)) for number in taken}
    listener = Thread(target=_listen, args=(said, stop, tell), name="signals", daemon=True)
    listener.start()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        said.put(0)
        listener.join()


def _listen(said: SimpleQueue[int], stop: Stop, tell: Callable[[str], None]) -> None:
    while number := said.get():
        is_second = stop.is_asked
        stop.ask(number)
        name = signal.Signals(number).name
        if is_second:
            tell(f"{name} again: Terraform is asked to stop, and ends what it is doing")
        else:
            tell(f"{name}: nothing more starts; what is being applied ends first; once more asks Terraform to stop")
