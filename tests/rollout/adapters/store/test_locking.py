"""The lock in S3: refused, waited for, taken over; on the emulator."""

from __future__ import annotations

import dataclasses
import json
import multiprocessing
import multiprocessing.connection
import os
import re
import time
from threading import Event, Thread
from typing import Any

import pytest

from rollout.adapters.store.machine import is_gone, machine
from rollout.adapters.store.s3_objects import Objects, Stored
from rollout.domain.errors import LockedError
from rollout.domain.ports import Owner
from tests.rollout.adapters.store.conftest import BUCKET
from tests.rollout.adapters.store.lock_world import KEY, OTHER, OWNER, SHORT, left_behind, lock


@pytest.fixture
def objects(bucket: str, client: Any) -> Objects:
    return Objects(client, bucket, "", None)


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
