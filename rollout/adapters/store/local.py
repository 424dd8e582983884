"""Runs in a folder: `<folder>/<run>/{run.json,journal.jsonl,plans/<target>/…}`, for their owner only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from rollout.adapters.store.encryption import Keys, seal, unseal
from rollout.adapters.store.files import make_folder, write, write_new
from rollout.adapters.store.identity import identity
from rollout.adapters.store.local_journal import LocalJournal
from rollout.adapters.store.local_lock import locked, owner_of
from rollout.adapters.store.names import LATEST, checked, missing, named_latest, no_run, run_exists, run_of
from rollout.adapters.store.owners import this_process
from rollout.domain.errors import StoreError
from rollout.domain.model import Run
from rollout.domain.ports import Owner, Part
from rollout.domain.serialized import run_as_json

_RUN, _JOURNAL, _PLANS, _LOCK = "run.json", "journal.jsonl", "plans", "lock"


class LocalStore:
    """Runs in a folder of this machine.

    Args:
        folder: the folder; made when it is first written to, with a `.gitignore` that keeps plans out of Git.
        keys: keys that plans are encrypted with.
        environment: tells who writes.
    """

    def __init__(self, folder: Path, keys: Keys, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._keys = keys
        self._by = identity(environment)
        self._journals: dict[str, LocalJournal] = {}

    def create(self, run: Run) -> None:
        """Keep a new run; refuses an id that exists."""
        folder = self._run_folder(run.id)
        if run.id == LATEST:
            raise named_latest()
        with self._using():
            self._make_own_folder()
            make_folder(folder)
            if not write_new(folder / _RUN, json.dumps(run_as_json(run)).encode()):
                raise run_exists(run.id, str(self._folder))

    def read(self, run_id: str) -> Run:
        """A run by its id, or the newest where that is `latest`."""
        wanted = (self.run_ids() or (LATEST,))[-1] if run_id == LATEST else run_id
        if wanted == LATEST:
            raise no_run(LATEST, str(self._folder))
        path = self._run_folder(wanted) / _RUN
        with self._using():
            if not path.is_file():
                raise no_run(run_id, str(self._folder))
            content = path.read_bytes()
        return run_of(content, str(path), wanted)

    def run_ids(self) -> tuple[str, ...]:
        """Ids of every run, the oldest first."""
        with self._using():
            if not self._folder.is_dir():
                return ()
            return tuple(sorted(each.name for each in self._folder.iterdir() if (each / _RUN).is_file()))

    def journal(self, run_id: str) -> LocalJournal:
        """The journal of a run; one for all who ask."""
        folder = self._run_folder(run_id)
        if not (folder / _RUN).is_file():
            raise no_run(run_id, str(self._folder))
        journal = LocalJournal(folder / _JOURNAL, f"run {run_id}, journal", self._by)
        return self._journals.setdefault(run_id, journal)

    def put(self, run_id: str, target: str, part: Part, content: bytes) -> None:
        """Keep a file of a target's plan, encrypted."""
        path = self._part(run_id, target, part)
        sealed = seal(self._keys, content, run_id=run_id, target=target, part=part)
        with self._using():
            make_folder(path.parent)
            write(path, sealed)

    def get(self, run_id: str, target: str, part: Part) -> bytes:
        """A file of a target's plan."""
        path = self._part(run_id, target, part)
        with self._using():
            if not path.is_file():
                raise missing(run_id, target, part)
            sealed = path.read_bytes()
        return unseal(self._keys, sealed, run_id=run_id, target=target, part=part)

    def locked(self, run_id: str, *, wait_seconds: float = 0.0) -> AbstractContextManager[Owner]:
        """Hold the lock on all rollouts of this folder."""
        with self._using():
            self._make_own_folder()
        return locked(self._folder / _LOCK, this_process(run_id, self._by), wait_seconds=wait_seconds)

    def owner(self) -> Owner | None:
        """Who holds the lock now."""
        return owner_of(self._folder / _LOCK)

    def _run_folder(self, run_id: str) -> Path:
        return self._folder / checked("run", run_id)

    def _part(self, run_id: str, target: str, part: Part) -> Path:
        return self._run_folder(run_id) / _PLANS / checked("target", target) / part

    def _make_own_folder(self) -> None:
        make_folder(self._folder)
        write_new(self._folder / ".gitignore", b"*\n")

    @contextmanager
    def _using(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreError(
                f"{self._folder}: cannot be read or written ({error}); runs are kept there; correct that, or choose "
                "another folder in rollout.yaml"
            ) from error
