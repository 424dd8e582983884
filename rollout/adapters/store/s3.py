"""Runs in S3, shared by many machines.

`<prefix>/runs/<run>/{run.json,journal/<subject>.jsonl,targets/<target>/…}`, and `<prefix>/plans/<run>/<target>/…` for
what a lifecycle rule of the bucket deletes once it has expired: plans hold values of secrets.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager

from rollout.adapters.store.encryption import Keys, seal, unseal
from rollout.adapters.store.identity import identity
from rollout.adapters.store.locking import Lease, S3Lock
from rollout.adapters.store.names import LATEST, checked, missing, named_latest, no_run, run_exists, run_of
from rollout.adapters.store.owners import this_process
from rollout.adapters.store.s3_journal import S3Journal
from rollout.adapters.store.s3_objects import Objects
from rollout.domain.model import Run
from rollout.domain.ports import Owner, Part
from rollout.domain.serialized import run_as_json

_RUNS, _RUN, _JOURNAL, _TARGETS, _PLANS, _LOCK = "runs/", "run.json", "journal/", "targets/", "plans/", "lock.json"
_EXPIRING = {Part.PLAN, Part.PLAN_JSON}


class S3Store:
    """Runs in a bucket.

    Args:
        objects: those of the bucket, below the store's prefix.
        keys: keys that plans are encrypted with, beside S3's own encryption.
        environment: tells who writes.
        lease: of the lock on all rollouts.
    """

    def __init__(
        self,
        objects: Objects,
        keys: Keys,
        environment: Mapping[str, str],
        lease: Lease = Lease(),  # noqa: B008 - frozen
    ) -> None:
        self._objects = objects
        self._keys = keys
        self._by = identity(environment)
        self._lock = S3Lock(objects, _LOCK, lease)
        self._journals: dict[str, S3Journal] = {}

    def create(self, run: Run) -> None:
        """Keep a new run; refuses an id that exists."""
        key = self._key(run.id) + _RUN
        if run.id == LATEST:
            raise named_latest()
        if self._objects.put_new(key, json.dumps(run_as_json(run)).encode()) is None:
            raise run_exists(run.id, self._objects.place)

    def read(self, run_id: str) -> Run:
        """A run by its id, or the newest where that is `latest`."""
        wanted = (self.run_ids() or (LATEST,))[-1] if run_id == LATEST else run_id
        stored = None if wanted == LATEST else self._objects.get(self._key(wanted) + _RUN)
        if stored is None:
            raise no_run(run_id, self._objects.place)
        return run_of(stored.content, f"{self._objects.place}/{self._key(wanted)}{_RUN}", wanted)

    def run_ids(self) -> tuple[str, ...]:
        """Ids of every run, the oldest first."""
        return tuple(sorted(self._objects.folders(_RUNS)))

    def journal(self, run_id: str) -> S3Journal:
        """The journal of a run; one for all who ask."""
        folder = self._key(run_id)
        if run_id not in self._journals:
            if self._objects.get(folder + _RUN) is None:
                raise no_run(run_id, self._objects.place)
            where = f"run {run_id}, journal"
            journal = S3Journal(self._objects, folder + _JOURNAL, where, self._by, self._lock.fence)
            self._journals.setdefault(run_id, journal)
        return self._journals[run_id]

    def put(self, run_id: str, target: str, part: Part, content: bytes) -> None:
        """Keep a file of a target's plan, encrypted."""
        key = self._part(run_id, target, part)
        self._objects.put(key, seal(self._keys, content, run_id=run_id, target=target, part=part))

    def get(self, run_id: str, target: str, part: Part) -> bytes:
        """A file of a target's plan."""
        stored = self._objects.get(self._part(run_id, target, part))
        if stored is None:
            raise missing(run_id, target, part)
        return unseal(self._keys, stored.content, run_id=run_id, target=target, part=part)

    def locked(self, run_id: str, *, wait_seconds: float = 0.0) -> AbstractContextManager[Owner]:
        """Hold the lock on all rollouts of this bucket and prefix."""
        return self._lock.locked(this_process(run_id, self._by), wait_seconds=wait_seconds)

    def owner(self) -> Owner | None:
        """Who holds the lock now."""
        return self._lock.owner()

    def _key(self, run_id: str) -> str:
        return f"{_RUNS}{checked('run', run_id)}/"

    def _part(self, run_id: str, target: str, part: Part) -> str:
        run, name = self._key(run_id), checked("target", target)
        return f"{_PLANS}{run_id}/{name}/{part}" if part in _EXPIRING else f"{run}{_TARGETS}{name}/{part}"
