"""The lock in S3: refused, waited for, taken over, lost; on the emulator."""

from __future__ import annotations

import dataclasses
import json
import multiprocessing
import multiprocessing.connection
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any

import pytest

from rollout.adapters.store.locking import Lease, S3Lock
from rollout.adapters.store.machine import is_gone, machine
from rollout.adapters.store.s3_journal import S3Journal
from rollout.adapters.store.s3_objects import Objects, Stored
from rollout.domain.errors import LockedError
from rollout.domain.ports import Owner
from tests.rollout.adapters.store.conftest import BUCKET
from tests.rollout.adapters.store.sample_runs import draft

SHORT = Lease(seconds=0.4, poll_seconds=0.02)
KEY = "lock.json"
OWNER = Owner("r1", "ann@laptop", "laptop", os.getpid(), datetime(2026, 11, 21, 9, 30, tzinfo=UTC))
OTHER = Owner("r2", "bob@desk", "desk", 7, OWNER.since)


@pytest.fixture
def objects(bucket: str, client: Any) -> Objects:
    return Objects(client, bucket, "", None)


def lock(objects: Objects, lease: Lease = SHORT) -> S3Lock:
    return S3Lock(objects, KEY, lease)


def left_behind(objects: Objects, **fields: Any) -> None:
    """What a holder leaves that was killed."""
    objects.put(KEY, json.dumps({**HELD, **fields}).encode())


HELD = {
    "run": "r1",
    "by": "ann@laptop",
    "host": "laptop",
    "pid": 1,
    "since": "2026-11-21T09:30:00+00:00",
    "token": "t",
    "machine": "another",
    "lease_seconds": 60.0,
    "beat": 3,
}


def test_the_second_is_refused_and_told_who_is_first(objects: Objects) -> None:
    first, second = lock(objects), lock(objects)
    assert second.owner() is None
    with first.locked(OWNER, wait_seconds=0) as owner:
        assert owner == second.owner() == OWNER
        with pytest.raises(LockedError) as caught, second.locked(OTHER, wait_seconds=0):
            pass
        assert str(caught.value) == (
            f"s3://{BUCKET}: run r1 by ann@laptop holds the lock on laptop, process {os.getpid()}, since 2026-11-21 "
            "09:30:00 UTC; one rollout of a store runs at a time; wait for its end, or pause it with "
            "`lambdanet rollout pause`"
        )
    assert second.owner() is None
    with second.locked(OTHER, wait_seconds=0):
        assert first.owner() == OTHER


def test_the_second_waits_for_the_first(objects: Objects) -> None:
    held, order = Event(), []

    def first() -> None:
        with lock(objects).locked(OWNER, wait_seconds=0):
            held.set()
            time.sleep(0.2)
            order.append("first")

    thread = Thread(target=first)
    thread.start()
    held.wait()
    with lock(objects).locked(OTHER, wait_seconds=10):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


def test_of_many_that_want_it_one_has_it_at_a_time(objects: Objects) -> None:
    inside, most = [], []

    def take(number: int) -> None:
        with lock(objects).locked(dataclasses.replace(OWNER, run=f"r{number}"), wait_seconds=20):
            inside.append(number)
            most.append(len(inside))
            time.sleep(0.01)
            inside.remove(number)

    threads = [Thread(target=take, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 5


def test_a_holder_that_lives_is_never_taken_over(objects: Objects) -> None:
    with lock(objects).locked(OWNER, wait_seconds=0):
        first = objects.get(KEY)
        time.sleep(SHORT.seconds * 1.5)
        second = objects.get(KEY)
        assert first is not None
        assert second is not None
        assert json.loads(second.content)["beat"] > json.loads(first.content)["beat"]


def test_the_lock_of_a_killed_process_of_this_machine_is_free_at_once(objects: Objects) -> None:
    process = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
    process.start()
    assert process.pid is not None
    left_behind(objects, machine=machine(), pid=process.pid)
    assert lock(objects).owner() is not None
    process.kill()
    multiprocessing.connection.wait([process.sentinel])  # it has ended, and nobody asked how
    assert lock(objects).owner() is None
    process.join()
    assert lock(objects).owner() is None
    with lock(objects).locked(OTHER, wait_seconds=0):
        pass


@pytest.mark.parametrize("fields", [{"machine": "another"}, {"machine": ""}, {}])
def test_the_lock_of_another_machine_is_held_until_its_lease_is_over(objects: Objects, fields: dict[str, str]) -> None:
    left_behind(objects, **fields)
    assert lock(objects).owner() == Owner("r1", "ann@laptop", "laptop", 1, OWNER.since)
    with pytest.raises(LockedError), lock(objects).locked(OTHER, wait_seconds=0):
        pass


def test_a_lease_that_is_over_by_the_clock_of_s3_is_free(objects: Objects, monkeypatch: pytest.MonkeyPatch) -> None:
    left_behind(objects)
    get, age = objects.get, 61.0

    def aged(key: str) -> Stored | None:
        stored = get(key)
        assert stored is not None
        return dataclasses.replace(stored, age_seconds=age)

    monkeypatch.setattr(objects, "get", aged)
    assert lock(objects).owner() is not None  # times of S3 are whole seconds
    age = 62.5
    assert lock(objects).owner() is None
    with lock(objects).locked(OTHER, wait_seconds=0):
        pass


def test_one_that_lost_the_lock_writes_nothing_more(objects: Objects) -> None:
    mine = lock(objects)
    journal = S3Journal(objects, "runs/r1/journal/", "run r1, journal", "ann", mine.fence)
    with mine.locked(OWNER, wait_seconds=0):
        journal.append([draft()])
        left_behind(objects, run="r2")
        time.sleep(SHORT.seconds)
        with pytest.raises(LockedError) as caught:
            journal.append([draft(state="applying")])
    assert str(caught.value) == (
        f"s3://{BUCKET}: this process no longer holds the lock, as it was not renewed for 0.4 seconds and another "
        "rollout took it over; nothing more is started; see `lambdanet rollout status`, and run `lambdanet rollout "
        "resume` once the other has ended"
    )
    stored = objects.get(KEY)
    assert stored is not None
    assert json.loads(stored.content)["run"] == "r2"  # it is not released for another
    assert [record.state for record in journal.read()] == ["planned"]


def test_one_that_slept_looks_before_it_writes(objects: Objects, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = lock(objects, Lease())
    now = time.monotonic()
    monkeypatch.setattr("rollout.adapters.store.locking._uptime", lambda: now)
    with mine.locked(OWNER, wait_seconds=0):
        mine.fence()
        now += 31
        mine.fence()  # nobody took it
        left_behind(objects, run="r2")
        mine.fence()  # renewed an instant ago
        now += 31
        with pytest.raises(LockedError):
            mine.fence()


class Time:
    """What the lock takes for the time; S3 takes its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("rollout.adapters.store.locking._uptime", lambda: self.now)


def test_a_lease_counts_from_its_renewal_and_not_from_the_answer(
    objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, at = lock(objects, Lease()), Time(monkeypatch)
    replace = objects.replace

    def late(key: str, content: bytes, etag: str) -> str | None:
        answer = replace(key, content, etag)
        at.now += 50
        return answer

    with mine.locked(OWNER, wait_seconds=0):
        at.now += 31
        monkeypatch.setattr(objects, "replace", late)
        mine.fence()
        at.now += 15
        left_behind(objects, run="r2")  # 65 seconds after the renewal
        with pytest.raises(LockedError):
            mine.fence()


def test_a_renewal_that_came_through_unanswered_is_renewed_anew(
    objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, at = lock(objects, Lease()), Time(monkeypatch)
    with mine.locked(OWNER, wait_seconds=0):
        with once_unanswered(objects, monkeypatch):
            at.now += 31
            before = objects.get(KEY)
            mine.fence()
        after = objects.get(KEY)
        assert before is not None
        assert after is not None
        assert json.loads(after.content)["beat"] == json.loads(before.content)["beat"] + 2, "sent once more"


@pytest.mark.parametrize("who", ["ann", "bob"], ids=["answered late", "written by the other first"])
def test_what_was_written_when_the_lock_was_lost_is_not_acted_upon(
    objects: Objects, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    mine, at = lock(objects, Lease()), Time(monkeypatch)
    journal = S3Journal(objects, "runs/r1/journal/", "run r1, journal", "ann", mine.fence)
    other = S3Journal(objects, "runs/r1/journal/", "run r1, journal", "bob")
    replace = objects.replace

    def late(key: str, content: bytes, etag: str) -> str | None:
        if key == KEY or at.now > 1000:
            return replace(key, content, etag)
        at.now += 61
        left_behind(objects, run="r2")
        if who == "bob":
            other.append([draft(state="applying")])
        return replace(key, content, etag)

    with mine.locked(OWNER, wait_seconds=0):
        journal.append([draft()])
        monkeypatch.setattr(objects, "replace", late)
        with pytest.raises(LockedError):
            journal.append([draft(state="applying")])
    states = [(record.by, record.state) for record in other.read()]
    assert states == [("ann", "planned"), (who, "applying")]


@contextmanager
def once_unanswered(objects: Objects, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    replace: Callable[..., str | None] = objects.replace
    seen: list[str] = []

    def unanswered(key: str, content: bytes, etag: str) -> str | None:
        new = replace(key, content, etag)
        if seen:
            return new
        seen.append(key)
        return None

    monkeypatch.setattr(objects, "replace", unanswered)
    yield
    assert seen


def test_a_renewal_whose_answer_was_lost_is_no_loss(objects: Objects, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = lock(objects)
    with mine.locked(OWNER, wait_seconds=0), once_unanswered(objects, monkeypatch):
        time.sleep(SHORT.seconds * 1.5)
        mine.fence()
        assert mine.owner() == OWNER
    assert mine.owner() is None


@pytest.mark.parametrize("content", [b"", b"[]", b"not JSON", b'{"run": "r1"}'])
def test_what_nobody_wrote_is_held_until_its_lease_would_be_over(objects: Objects, content: bytes) -> None:
    objects.put(KEY, content)
    assert lock(objects).owner() is None  # nobody knows whose it is
    with pytest.raises(LockedError) as caught, lock(objects).locked(OTHER, wait_seconds=0):
        pass
    assert str(caught.value) == (
        f"s3://{BUCKET}: another rollout holds the lock; one rollout of a store runs at a time; wait for its end, or "
        "pause it with `lambdanet rollout pause`"
    )


def test_only_processes_of_this_machine_are_known_to_be_gone() -> None:
    assert re.fullmatch(r"[0-9a-f-]{36} pid:\[\d+\]", machine())
    assert not is_gone(machine(), os.getpid())
    assert not is_gone(machine(), 1)
    assert not is_gone("another", 2**22)
    assert not is_gone("", 2**22)
    assert is_gone(machine(), 2**22)  # above any process number
