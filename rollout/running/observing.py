"""Who is told while a run goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rollout.domain.progress import Progress
from rollout.domain.records import Record


class Observer(Protocol):
    """Told about everything as it happens, from one thread."""

    def changed(self, progress: Progress, records: Sequence[Record]) -> None:
        """These records are new; `progress` holds them already."""
        ...

    def noted(self, sentence: str) -> None:
        """Something else worth knowing."""
        ...


class Silent:
    """Nobody is told."""

    def changed(self, progress: Progress, records: Sequence[Record]) -> None:
        """Nothing."""

    def noted(self, sentence: str) -> None:
        """Nothing."""
