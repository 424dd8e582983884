"""Consoles and progress, the same for every command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:  # it brings AWS's SDK, which no other command needs
    from rollout.proof import StepResult

console = Console()
"""Standard output."""

errors = Console(stderr=True)
"""Standard error."""

for _each in (console, errors):
    _each._width = None  # noqa: SLF001  # rich keeps what COLUMNS is when a console is made; ours ask each time

_SHOWN = 44


class ProgressObserver:
    """Shows a proof's steps as they go: a bar where the length is known, a spinner where it is not."""

    def __init__(self) -> None:
        self._progress = Progress(
            SpinnerColumn(finished_text=" "),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[what]}", style="dim"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task("", total=None, what="", visible=False)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self._progress.stop()

    def started(self, title: str) -> None:
        """A step begins."""
        self._progress.reset(self._task, description=title, total=None, what="", visible=True)

    def progressed(self, done: int, total: int, what: str) -> None:
        """The step has done `done` of `total`."""
        shown = what if len(what) <= _SHOWN else f"{what[: _SHOWN - 1]}…"
        self._progress.update(self._task, completed=done, total=total, what=f"{done}/{total} {shown}")

    def finished(self, result: StepResult) -> None:
        """The step has ended."""
        self._progress.update(self._task, visible=False)
        mark = "[green]✓[/]" if result.held else "[red]✗[/]"
        line = f"{mark} {result.title:<40} [dim]{result.seconds:6.1f} s[/]  {escape(result.summary)}"
        console.print(line, highlight=False)  # in one: a line in two parts breaks under a live progress
        if not result.held:
            for line in result.details:
                console.print(f"  {line}", style="red", markup=False, highlight=False)
