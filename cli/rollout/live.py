"""How a run shows itself while it goes on: a live table in a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Group
from rich.live import Live
from rich.text import Text

from cli.rollout.steps import Steps
from cli.rollout.telling import Telling
from cli.rollout.views import STYLES, line_of, status_view
from cli.terminal import console
from rollout.domain.ports import Clock, Owner
from rollout.domain.progress import Progress
from rollout.domain.records import Record

_LAST, _MOST = 8, 10
"""How many of the last changes, and how many targets of a state, a live table shows."""


class LiveTable:
    """Waves, the targets that are worth a look, and the last changes; drawn anew with each.

    Attributes:
        progress: how far the run is.
    """

    def __init__(self, live: Live, progress: Progress, clock: Clock, owner: Owner | None, steps: Steps | None) -> None:
        self.progress = progress
        self._live, self._clock, self._owner, self._steps = live, clock, owner, steps
        self._last: deque[Text] = deque(maxlen=_LAST)
        self.draw()

    def changed(self, progress: Progress, records: Sequence[Record]) -> None:
        """Drawn with them."""
        self.progress = progress
        for record in records:
            self._last.append(Text(f"{record.at:%H:%M:%S} {line_of(record)}", STYLES.get(record.state, "")))
        self.draw()

    def noted(self, sentence: str) -> None:
        """Above the table."""
        self._live.console.print(sentence, markup=False, highlight=False, soft_wrap=True)

    def owned(self, owner: Owner | None) -> None:
        """Somebody else carries the run out now, or nobody."""
        self._owner = owner
        self.draw()

    def draw(self) -> None:
        """Draw it; what is drawn holds no reference to the progress, as another thread shows it."""
        view = status_view(
            self.progress.run, self.progress, self._clock, owner=self._owner, most=_MOST, steps=self._steps
        )
        self._live.update(Group(view, *self._last))


@contextmanager
def watching(
    progress: Progress, clock: Clock, owner: Owner | None, steps: Steps | None = None
) -> Iterator[Telling | LiveTable]:
    """What fits the terminal, if there is one; with `steps`, also how far each running Terraform is."""
    if console.is_terminal:
        with Live(console=console, refresh_per_second=2, transient=True) as live:
            table = LiveTable(live, progress, clock, owner, steps)
            yield table
        console.print(status_view(progress.run, table.progress, clock, owner=owner, most=_MOST))
    else:
        yield Telling()
