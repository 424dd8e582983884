"""A run's journal in S3: one object for each subject, replaced only as long as nobody else wrote it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from urllib.parse import quote, unquote

from rollout.adapters.store.aws import CONNECTIONS
from rollout.adapters.store.s3_objects import Objects
from rollout.domain.codec import Records, read_records, record_line
from rollout.domain.errors import StoreError
from rollout.domain.records import Draft, Record

_ATTEMPTS = 12
_WAIT_SECONDS = 0.05
_SUFFIX = ".jsonl"


@dataclass(frozen=True)
class _Subject:
    """What is known of one subject's object."""

    content: bytes = b""
    etag: str = ""
    found: Records = field(default_factory=lambda: Records(()))


class S3Journal:
    """Records of one run; several processes and threads may append at once.

    Args:
        objects: those of the store.
        folder: prefix of the journal, with slash.
        where: the journal, as people know it.
        by: who writes.
        fence: raises when this process has lost the lock that it held.
        now: the time of records.
    """

    def __init__(
        self,
        objects: Objects,
        folder: str,
        where: str,
        by: str,
        fence: Callable[[], None] = lambda: None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._objects = objects
        self._folder = folder
        self._where = where
        self._by = by
        self._fence = fence
        self._now = now
        self._known: dict[str, _Subject] = {}
        self._lock = Lock()

    def append(self, drafts: Sequence[Draft]) -> tuple[Record, ...]:
        """Write changes of state; those of one subject in order, several subjects side by side.

        Raises:
            LockedError: this process has lost the lock that it held, before or while it wrote.
            StoreError: the journal cannot be written, or holds what nobody wrote.
        """
        self._fence()
        by_subject: dict[str, list[int]] = {}
        for place, draft in enumerate(drafts):
            by_subject.setdefault(draft.subject, []).append(place)
        written: dict[int, Record] = {}

        def write(subject: str) -> None:
            places = by_subject[subject]
            records = self._append(subject, [drafts[place] for place in places])
            written.update(zip(places, records, strict=True))

        with self._lock:
            _side_by_side(write, by_subject)
        self._fence()  # S3 may have answered late: what was written is not to be acted upon then
        return tuple(written[place] for place in range(len(drafts)))

    def read(self) -> tuple[Record, ...]:
        """Every record; objects that did not change since the last time are not fetched again.

        Raises:
            StoreError: the journal cannot be read, or holds what nobody wrote.
        """
        with self._lock:
            listed = {_subject(name): etag for name, etag in self._objects.listed(self._folder)}
            known = {subject: each.etag for subject, each in self._known.items()}
            changed = sorted(each for each in {**known, **listed} if known.get(each) != listed.get(each))
            _side_by_side(self._fetch, changed)
            return _merged(self._known.values())

    def _append(self, subject: str, drafts: Sequence[Draft]) -> tuple[Record, ...]:
        known = self._known.get(subject) or self._fetch(subject)
        for attempt in range(_ATTEMPTS):
            at = self._now()
            first = known.found.numbers.get(subject, 0) + 1
            records = tuple(Record(number, at, self._by, draft) for number, draft in enumerate(drafts, first))
            content = known.content + b"".join(record_line(record) for record in records)
            key = self._key(subject)
            put = self._objects.replace(key, content, known.etag) if known.etag else self._objects.put_new(key, content)
            if put is not None:
                all_records = (*known.found.records, *records)
                self._known[subject] = _Subject(
                    content, put, Records(all_records, 0, len(all_records), {subject: len(all_records)})
                )
                return records
            time.sleep(random.uniform(0, _WAIT_SECONDS * 2 ** min(attempt, 5)))  # noqa: S311 - jitter, no secret
            known = self._fetch(subject)
            self._fence()  # it may be the one who took the lock over that wrote
        raise StoreError(
            f"{self._where}: {subject} was written by others {_ATTEMPTS} times while this record was; find who else "
            "writes this run, end it, and run `lambdanet rollout resume`"
        )

    def _fetch(self, subject: str) -> _Subject:
        stored = self._objects.get(self._key(subject))
        if stored is None:
            if subject in self._known:
                raise StoreError(
                    f"{self._where}: the records of {subject} are gone; records are never removed; restore them from "
                    "an older version of the object, or plan a new run"
                )
            return _Subject()
        where = f"{self._where} of {subject}"
        found = read_records(stored.content, where=where)
        if found.torn_bytes or set(found.numbers) != {subject}:
            raise StoreError(
                f"{where}: holds something else than its records; it was changed; restore an older version of the "
                "object, or plan a new run"
            )
        known = self._known[subject] = _Subject(stored.content, stored.etag, found)
        return known

    def _key(self, subject: str) -> str:
        return f"{self._folder}{quote(subject, safe='')}{_SUFFIX}"


def _subject(name: str) -> str:
    return unquote(name.removesuffix(_SUFFIX))


def _side_by_side(work: Callable[[str], object], subjects: Iterable[str]) -> None:
    wanted = list(subjects)
    if len(wanted) == 1:
        work(wanted[0])
    elif wanted:
        with ThreadPoolExecutor(min(CONNECTIONS, len(wanted))) as pool:
            for done in [pool.submit(work, subject) for subject in wanted]:
                done.result()


def _merged(subjects: Iterable[_Subject]) -> tuple[Record, ...]:
    """Records by time, those of one subject in their order even where a writer's clock went back."""
    dated = []
    for subject in subjects:
        latest = datetime.min.replace(tzinfo=UTC)
        for record in subject.found.records:
            latest = max(latest, record.at)
            dated.append((latest, record.subject, record.number, record))
    return tuple(each[-1] for each in sorted(dated, key=lambda each: each[:-1]))
