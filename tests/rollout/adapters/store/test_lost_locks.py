"""The lock in S3, lost: by a lease that ended, an answer that never came, a clock; on the emulator."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from rollout.adapters.store.locking import Lease
from rollout.adapters.store.s3_journal import S3Journal
from rollout.adapters.store.s3_objects import Objects
from rollout.domain.errors import LockedError
from tests.rollout.adapters.store.conftest import BUCKET
from tests.rollout.adapters.store.lock_world import KEY, OWNER, SHORT, left_behind, lock
from tests.rollout.adapters.store.sample_runs import draft


@pytest.fixture
def objects(bucket: str, client: Any) -> Objects:
    return Objects(client, bucket, "", None)


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
