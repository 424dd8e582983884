"""Owners of the lock in S3, and what a killed one leaves."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import Any

from rollout.adapters.store.locking import Lease, S3Lock
from rollout.adapters.store.s3_objects import Objects
from rollout.domain.ports import Owner

SHORT = Lease(seconds=0.4, poll_seconds=0.02)
KEY = "lock.json"
OWNER = Owner("r1", "ann@laptop", "laptop", os.getpid(), datetime(2026, 11, 21, 9, 30, tzinfo=UTC))
OTHER = Owner("r2", "bob@desk", "desk", 7, OWNER.since)


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
