"""The lock on all rollouts of a bucket: an object with a lease that its holder renews, and who finds it over takes it.

Every change of the object is conditional on what was read, so that of two that want it one gets it. How old a lease
is, S3 tells by its own clock.
"""

from __future__ import annotations

import json
import random
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Any

from rollout.adapters.store.machine import is_gone, machine
from rollout.adapters.store.owners import held, owner_as_json, owner_from_json
from rollout.adapters.store.s3_objects import Objects, Stored
from rollout.domain.errors import LockedError, StoreError
from rollout.domain.ports import Owner

LEASE_SECONDS = 60.0
"""How long after its last sign of life a holder on another machine counts as alive."""

_SLACK_SECONDS = 2.0  # S3 tells times in whole seconds
_BEATS = 4
_RACES = 20


@dataclass(frozen=True)
class Lease:
    """How long a lease lasts, and how often somebody who waits looks at it.

    Attributes:
        seconds: after its last renewal; it is renewed four times as often.
        poll_seconds: between two looks of one who waits.
    """

    seconds: float = LEASE_SECONDS
    poll_seconds: float = 2.0


class S3Lock:
    """The lock's object; one process holds it at a time.

    Args:
        objects: those of the store.
        key: key of the lock's object.
        lease: how long it lasts.
    """

    def __init__(self, objects: Objects, key: str, lease: Lease = Lease()) -> None:
        self._objects = objects
        self._key = key
        self._lease = lease
        self._held: _Held | None = None

    @contextmanager
    def locked(self, owner: Owner, *, wait_seconds: float) -> Iterator[Owner]:
        """Hold the lock; a thread renews its lease.

        Raises:
            LockedError: another rollout holds it, and does so after `wait_seconds`.
            StoreError: S3 cannot be asked.
        """
        token = uuid.uuid4().hex
        fields = {"token": token, "machine": machine(), "lease_seconds": self._lease.seconds}
        mine = self._acquire(owner, fields, wait_seconds)
        self._held = mine
        try:
            with mine.renewed(self._lease.seconds / _BEATS):
                yield owner
        finally:
            self._held = None
            mine.release()

    def owner(self) -> Owner | None:
        """Who holds the lock now.

        Raises:
            StoreError: S3 cannot be asked.
        """
        stored = self._objects.get(self._key)
        return None if stored is None or _is_free(stored) else _owner(stored)

    def fence(self) -> None:
        """Raise once this process has lost the lock that it held.

        Raises:
            LockedError: somebody took it over, as it was not renewed in time.
        """
        if self._held is not None:
            self._held.require(self._lease.seconds)

    def _acquire(self, owner: Owner, fields: dict[str, Any], wait_seconds: float) -> _Held:
        deadline = time.monotonic() + wait_seconds
        races = 0
        while True:
            stored = self._objects.get(self._key)
            content, asked_at = owner_as_json(owner, **fields, beat=0), _uptime()
            if stored is None or _is_free(stored):
                etag = (
                    self._objects.put_new(self._key, content)
                    if stored is None
                    else self._objects.replace(self._key, content, stored.etag)
                )
                if etag is not None:
                    return _Held(self._objects, self._key, owner, fields, etag, asked_at)
                races += 1
                if races < _RACES:
                    continue  # somebody was faster: see who
            if time.monotonic() >= deadline:
                raise held(self._objects.place, None if stored is None else _owner(stored))
            pause = self._lease.poll_seconds * random.uniform(0.5, 1)  # noqa: S311 - jitter, no secret
            time.sleep(min(pause, max(0.0, deadline - time.monotonic())))


class _Held:
    """The lock in our hands."""

    def __init__(
        self, objects: Objects, key: str, owner: Owner, fields: dict[str, Any], etag: str, asked_at: float
    ) -> None:
        self._objects = objects
        self._key = key
        self._owner = owner
        self._fields = fields
        self._etag = etag
        self._beats = 0
        self._renewed_at = asked_at
        self._is_lost = False
        self._lock = Lock()

    @contextmanager
    def renewed(self, every_seconds: float) -> Iterator[None]:
        over = Event()

        def beat() -> None:
            while not over.wait(every_seconds) and not self._is_lost:
                with suppress(StoreError):  # the next one may come through
                    self.renew()

        thread = Thread(target=beat, name="rollout-lock", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def renew(self) -> None:
        with self._lock:
            if self._is_lost:
                return
            for _ in range(2):
                self._beats += 1
                content = owner_as_json(self._owner, **self._fields, beat=self._beats)
                asked_at = _uptime()  # the lease counts from when S3 wrote it, however late the answer comes
                etag = self._objects.replace(self._key, content, self._etag)
                if etag is not None:
                    self._etag, self._renewed_at = etag, asked_at
                    return
                stored = self._objects.get(self._key)
                if stored is None or _fields(stored).get("token") != self._fields["token"]:
                    self._is_lost = True  # somebody took it over
                    return
                self._etag = stored.etag  # a renewal before came through, and its answer did not

    def require(self, lease_seconds: float) -> None:
        if not self._is_lost and _uptime() - self._renewed_at > lease_seconds / 2:
            self.renew()  # the machine slept, or S3 did not answer: somebody may have taken it over
        if self._is_lost:
            raise LockedError(
                f"{self._objects.place}: this process no longer holds the lock, as it was not renewed for "
                f"{lease_seconds:g} seconds and another rollout took it over; nothing more is started; see "
                "`lambdanet rollout status`, and run `lambdanet rollout resume` once the other has ended"
            )

    def release(self) -> None:
        with self._lock, suppress(StoreError):  # what is not released is over with its lease
            if not self._is_lost:
                self._objects.replace(self._key, json.dumps({"is_released": True}).encode(), self._etag)


def _uptime() -> float:
    """Seconds that go on while the machine sleeps, where it tells them."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def _fields(stored: Stored) -> dict[str, Any]:
    with suppress(ValueError):
        fields = json.loads(stored.content)
        if isinstance(fields, dict):
            return fields
    return {}


def _is_free(stored: Stored) -> bool:
    fields = _fields(stored)
    if fields.get("is_released") is True:
        return True
    lease, pid = fields.get("lease_seconds"), fields.get("pid")
    if stored.age_seconds > (lease if isinstance(lease, int | float) else LEASE_SECONDS) + _SLACK_SECONDS:
        return True
    return isinstance(pid, int) and is_gone(str(fields.get("machine", "")), pid)


def _owner(stored: Stored) -> Owner | None:
    with suppress(ValueError, KeyError, TypeError):
        return owner_from_json(_fields(stored))
    return None
