"""Signals as words to a run that goes on."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable

import pytest

from rollout.running.stopping import Stop, stopping_on_signals


def reached(condition: Callable[[], bool]) -> bool:
    """Whether it comes true within ten seconds."""
    for _ in range(2_000):
        if condition():
            return True
        threading.Event().wait(0.005)
    return False


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_the_first_signal_asks_the_second_forces(number: signal.Signals, code: int) -> None:
    stop, told = Stop(), list[str]()
    before = signal.getsignal(number)

    with stopping_on_signals(stop, told.append):
        assert not stop.is_asked
        os.kill(os.getpid(), number)
        assert stop.wake.wait(10)
        assert (stop.is_asked, stop.forced.is_set(), stop.exit_code, stop.name) == (True, False, code, number.name)
        os.kill(os.getpid(), number)
        assert stop.forced.wait(10)
        assert reached(lambda: len(told) == 2)

    assert signal.getsignal(number) is before
    assert told == [
        f"{number.name}: nothing more starts; what is being applied ends first; once more asks Terraform to stop",
        f"{number.name} again: Terraform is asked to stop, and ends what it is doing",
    ]


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    stop = Stop()
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stopping_on_signals(stop, print):
            os.kill(os.getpid(), signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert not stop.is_asked
    finally:
        signal.signal(signal.SIGHUP, before)


def test_in_another_thread_signals_stay_as_they_are() -> None:
    before, inside = signal.getsignal(signal.SIGINT), list[object]()

    def work() -> None:
        with stopping_on_signals(Stop(), print):
            inside.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert inside == [before]
