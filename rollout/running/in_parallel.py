"""The same for many targets at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from threading import Event
from typing import TypeVar

_Given = TypeVar("_Given")
_Found = TypeVar("_Found")

Told = Callable[[int, int], None]
"""Told how many are done, and of how many."""


def in_parallel(
    work: Callable[[_Given], _Found],
    items: Iterable[_Given],
    *,
    workers: int,
    told: Told = lambda *_: None,
    interrupt: Event | None = None,
) -> tuple[_Found, ...]:
    """Do `work` for each item, `workers` at once; what it found, in the order of the items.

    After an error, or Ctrl-C, nothing more starts; what runs is waited for.

    Args:
        work: called in threads.
        items: each is worked on once.
        workers: how many at once.
        told: told in this thread after each.
        interrupt: is set after an error, or Ctrl-C, so that what runs may end early.
    """
    given = tuple(items)
    pool = ThreadPoolExecutor(max_workers=max(1, min(workers, len(given))))
    try:
        futures = [pool.submit(work, item) for item in given]
        told(0, len(given))
        for done, each in enumerate(as_completed(futures), start=1):
            told(done, len(given))
            each.result()
        return tuple(each.result() for each in futures)
    except BaseException:
        if interrupt is not None:
            interrupt.set()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
