"""The same for many at once: in order, bounded, and ended by an error."""

from __future__ import annotations

import threading

import pytest

from rollout.running.in_parallel import in_parallel


def test_results_come_in_order_and_no_more_run_than_may() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def work(number: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        threading.Event().wait(0.001)
        with lock:
            running -= 1
        return number * number

    assert in_parallel(work, range(20), workers=3) == tuple(number * number for number in range(20))
    assert 1 <= most <= 3
    assert in_parallel(work, (), workers=3) == ()


def test_after_an_error_nothing_more_starts_and_what_runs_is_told() -> None:
    begun: list[int] = []
    interrupt = threading.Event()

    def work(number: int) -> None:
        begun.append(number)
        if number == 0:
            raise ValueError("broken")
        interrupt.wait(10)

    with pytest.raises(ValueError, match=r"^broken$"):
        in_parallel(work, range(50), workers=2, interrupt=interrupt)
    assert interrupt.is_set()
    assert len(begun) <= 4
