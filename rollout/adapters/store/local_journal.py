"""A run's journal in a file: appended under a lock, on disk before a call returns, read as it grows."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from rollout.adapters.store.files import FILE_MODE, sync_folder
from rollout.domain.codec import Records, read_records, record_line
from rollout.domain.errors import StoreError
from rollout.domain.records import Draft, Record


class LocalJournal:
    """Records of one run; several processes and threads may append at once.

    Args:
        path: the file; its folder exists.
        where: the journal, as people know it.
        by: who writes.
        now: the time of records.
    """

    def __init__(
        self, path: Path, where: str, by: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._path = path
        self._where = where
        self._by = by
        self._now = now
        self._lock = Lock()
        self._records: list[Record] = []
        self._last = Records(())
        self._read_bytes = 0

    def append(self, drafts: Sequence[Draft]) -> tuple[Record, ...]:
        """Write changes of state in order; a line that was torn when its writer was killed is taken away before.

        Raises:
            StoreError: the journal cannot be written, or holds what nobody wrote.
        """
        if not drafts:
            return ()
        with self._lock, self._opened() as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)  # until it is closed
            self._catch_up(handle)
            os.ftruncate(handle, self._read_bytes)
            records = self._numbered(drafts)
            written = b"".join(record_line(record) for record in records)
            os.lseek(handle, 0, os.SEEK_END)
            rest = memoryview(written)
            while rest:
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)
            self._take(written)
        return records

    def read(self) -> tuple[Record, ...]:
        """Every record that is whole.

        Raises:
            StoreError: the journal cannot be read, or holds what nobody wrote.
        """
        with self._lock, self._opened() as handle:
            self._catch_up(handle)
            return tuple(self._records)

    @contextmanager
    def _opened(self) -> Iterator[int]:
        try:
            is_new = not self._path.exists()
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
            try:
                if is_new:
                    sync_folder(self._path.parent)
                yield handle
            finally:
                os.close(handle)
        except OSError as error:
            raise StoreError(
                f"{self._where}: cannot be read or written ({error}); nothing is applied that cannot be written down; "
                "correct that and run `lambdanet rollout resume`"
            ) from error

    def _catch_up(self, handle: int) -> None:
        size = os.fstat(handle).st_size
        if size < self._read_bytes:
            raise StoreError(
                f"{self._where}: is shorter than it was; records are never removed; restore it from a copy, or plan a "
                "new run"
            )
        if size > self._read_bytes:
            self._take(_read(handle, self._read_bytes, size))

    def _take(self, data: bytes) -> None:
        found = read_records(data, where=self._where, lines_before=self._last.lines, numbers=self._last.numbers)
        self._records.extend(found.records)
        self._read_bytes += len(data) - found.torn_bytes
        self._last = found

    def _numbered(self, drafts: Sequence[Draft]) -> tuple[Record, ...]:
        numbers = dict(self._last.numbers)
        at = self._now()
        records = []
        for draft in drafts:
            numbers[draft.subject] = numbers.get(draft.subject, 0) + 1
            records.append(Record(numbers[draft.subject], at, self._by, draft))
        return tuple(records)


def _read(handle: int, start: int, end: int) -> bytes:
    found = b""
    while start + len(found) < end:
        piece = os.pread(handle, end - start - len(found), start + len(found))
        if not piece:
            break
        found += piece
    return found
