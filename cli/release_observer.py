"""How a release shows itself: a bar for each function in a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from cli.terminal import console
from rollout.release import Observer, Result


class Lines:
    """One line for each thing that changes."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[float, str]] = {}

    def started(self, name: str, sentence: str) -> None:
        """A deployment was started or joined."""
        _say(f"{name}: {sentence}")

    def progressed(self, name: str, percent: float, sentence: str) -> None:
        """Traffic or status; told when it differs from before."""
        if self._last.get(name) != (percent, sentence):
            self._last[name] = (percent, sentence)
            _say(f"{name}: {percent:.0f} percent, {sentence}")

    def finished(self, result: Result) -> None:
        """It ended for one alias."""
        show_result(result)

    def noted(self, sentence: str) -> None:
        """Something else worth knowing."""
        _say(sentence)


class Bars:
    """A bar for each function: its share of the traffic that the newer version has.

    Attributes:
        progress: the bars.
    """

    def __init__(self) -> None:
        self.progress = Progress(
            SpinnerColumn(finished_text=" "),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[what]}", style="dim"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self.progress.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self.progress.stop()

    def started(self, name: str, sentence: str) -> None:
        """A deployment was started or joined."""
        self._task(name)
        _say(f"{name}: {sentence}")

    def progressed(self, name: str, percent: float, sentence: str) -> None:
        """Traffic or status."""
        self.progress.update(self._task(name), completed=percent, what=sentence, visible=True)

    def finished(self, result: Result) -> None:
        """It ended for one alias."""
        if result.target.name in self._tasks:
            self.progress.update(self._tasks[result.target.name], visible=False)
        show_result(result)

    def noted(self, sentence: str) -> None:
        """Something else worth knowing."""
        _say(sentence)

    def _task(self, name: str) -> TaskID:
        if name not in self._tasks:
            self._tasks[name] = self.progress.add_task(name, total=100, what="")
        return self._tasks[name]


@contextmanager
def watching() -> Iterator[Observer]:
    """What fits the terminal, if there is one."""
    if console.is_terminal:
        with Bars() as bars:
            yield bars
    else:
        yield Lines()


def show_result(result: Result) -> None:
    """One line with its mark."""
    mark = ("✓", "green") if result.held else ("✗", "red")
    console.print(Text.assemble(mark, f" {result}"), soft_wrap=True)


def _say(sentence: str) -> None:
    console.print(sentence, markup=False, highlight=False, soft_wrap=True)
