"""A run's journal, and what it adds up to: kept in step while others write to it too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rollout.domain.model import Run
from rollout.domain.ports import Journal
from rollout.domain.progress import Progress
from rollout.domain.records import Draft, Record


class Ledger:
    """The journal of a run and the progress that its records add up to.

    A person may write from another machine meanwhile (`pause`, `limit`, `approve`); `poll` takes that in. Records of
    one subject are taken in order: where somebody else's came in between, the journal is read anew.

    Attributes:
        run: the run.
        progress: what all records that were seen add up to.
    """

    def __init__(self, run: Run, journal: Journal) -> None:
        """Read the journal.

        Raises:
            StoreError: it cannot be read.
        """
        self.run = run
        self._journal = journal
        self._take_all(journal.read())

    def append(self, drafts: Sequence[Draft]) -> tuple[Record, ...]:
        """Write changes of state; what is returned holds records of others too, where some came in between.

        Raises:
            StoreError: they cannot be written.
        """
        if not drafts:
            return ()
        written = self._journal.append(drafts)
        if self._follow(written):
            return self._take(written)
        return self._anew()

    def poll(self) -> tuple[Record, ...]:
        """Take in what others wrote.

        Raises:
            StoreError: the journal cannot be read.
        """
        records = self._journal.read()
        if len(records) == self._count:  # each is taken once, so that nobody wrote
            return ()
        return self._take([record for record in records if record.number > self._seen.get(record.subject, 0)])

    def preview(self, drafts: Sequence[Draft], *, at: datetime) -> Progress:
        """What the journal would add up to with these drafts; nothing is written.

        Raises:
            StoreError: the journal cannot be read.
        """
        records = self._journal.read()
        numbers = {record.subject: record.number for record in records}
        progress = Progress.of(self.run, records)
        add_drafts(progress, numbers, drafts, at=at)
        return progress

    def _follow(self, records: Sequence[Record]) -> bool:
        """Whether each is the next of its subject."""
        ahead: dict[str, int] = {}
        for record in records:
            before = ahead.get(record.subject, self._seen.get(record.subject, 0))
            if record.number != before + 1:
                return False
            ahead[record.subject] = record.number
        return True

    def _anew(self) -> tuple[Record, ...]:
        before = self._seen
        records = self._journal.read()
        self._take_all(records)
        return tuple(record for record in records if record.number > before.get(record.subject, 0))

    def _take_all(self, records: Sequence[Record]) -> None:
        self.progress = Progress(self.run)
        self._seen: dict[str, int] = {}
        self._count = 0
        self._take(records)

    def _take(self, records: Sequence[Record]) -> tuple[Record, ...]:
        for record in records:
            self.progress.add(record)
            self._seen[record.subject] = record.number
        self._count += len(records)
        return tuple(records)


def add_drafts(progress: Progress, numbers: dict[str, int], drafts: Sequence[Draft], *, at: datetime) -> None:
    """Add drafts to a progress as if they were written.

    Args:
        progress: is changed.
        numbers: number of each subject's last record; is changed.
        drafts: what would be written.
        at: when.
    """
    for draft in drafts:
        numbers[draft.subject] = numbers.get(draft.subject, 0) + 1
        progress.add(Record(numbers[draft.subject], at, "", draft))
