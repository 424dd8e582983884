"""A line for each thing that happens, as logs of engines want it."""

from __future__ import annotations

from collections.abc import Sequence

from cli.rollout.views import line_of
from cli.terminal import console
from rollout.domain.naming import said_once
from rollout.domain.progress import Progress
from rollout.domain.records import Record

_MOST_LINES = 20
"""More changes than these at once, such as what a stopped run skips, are told together where they are the same."""


class Telling:
    """Prints each new record, and whatever else is worth knowing."""

    def changed(self, progress: Progress, records: Sequence[Record]) -> None:
        """These records are new."""
        del progress
        lines: dict[str, list[str]] = {}
        for record in records:
            lines.setdefault(f"{record.at:%H:%M:%S}", []).append(line_of(record))
        for moment, each in lines.items():
            for line in each if len(each) <= _MOST_LINES else said_once(each):
                self.noted(f"{moment} {line}")

    def noted(self, sentence: str) -> None:
        """Something else."""
        console.print(sentence, markup=False, highlight=False, soft_wrap=True)
