"""A line for each thing that happens, as logs of engines want it."""

from __future__ import annotations

from collections.abc import Sequence

from cli.rollout.views import line_of
from cli.terminal import console
from rollout.domain.progress import Progress
from rollout.domain.records import Record


class Telling:
    """Prints each new record, and whatever else is worth knowing."""

    def changed(self, progress: Progress, records: Sequence[Record]) -> None:
        """These records are new."""
        del progress
        for record in records:
            self.noted(f"{record.at:%H:%M:%S} {line_of(record)}")

    def noted(self, sentence: str) -> None:
        """Something else."""
        console.print(sentence, markup=False, highlight=False, soft_wrap=True)
