"""Requests that the emulator answers one after the other, and those that may wait beside others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from local.serial import one_at_a_time

SECONDS = 10.0


def _answered(application: Callable[..., Any], **environ: str) -> threading.Thread:
    thread = threading.Thread(target=application, args=(environ, lambda *_: None), daemon=True)
    thread.start()
    return thread


def test_a_request_waits_for_the_one_before_it() -> None:
    entered, leave = threading.Semaphore(0), threading.Event()
    inside, most = list[int](), list[int]()

    def application(_environ: dict[str, Any], _start: Callable[..., Any]) -> Iterable[bytes]:
        inside.append(1)
        most.append(len(inside))
        entered.release()
        leave.wait(SECONDS)
        inside.pop()
        return [b""]

    served = one_at_a_time(application)
    threads = [_answered(served) for _ in range(4)]
    assert entered.acquire(timeout=SECONDS)
    assert not entered.acquire(timeout=0.2)
    leave.set()
    for thread in threads:
        thread.join(SECONDS)
    assert most == [1, 1, 1, 1]


def test_a_request_that_waits_for_a_message_keeps_nobody_out() -> None:
    sent = threading.Event()

    def application(environ: dict[str, Any], _start: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("HTTP_X_AMZ_TARGET") == "AmazonSQS.ReceiveMessage":
            assert sent.wait(SECONDS)
        else:
            sent.set()
        return [b""]

    served = one_at_a_time(application)
    waiting = _answered(served, HTTP_X_AMZ_TARGET="AmazonSQS.ReceiveMessage")
    sending = _answered(served, HTTP_X_AMZ_TARGET="AmazonSQS.SendMessage")
    sending.join(SECONDS)
    waiting.join(SECONDS)
    assert sent.is_set()
    assert not waiting.is_alive()
