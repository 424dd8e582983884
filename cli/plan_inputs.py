"""Plans, snapshots and prices that the calculators read, with a progress bar over several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli.terminal import errors
from modules.core.errors import TargetError

if TYPE_CHECKING:
    from analysis.cost import Prices
    from analysis.plan import Plan
    from analysis.quotas import QuotaSnapshot

_Judged = TypeVar("_Judged")


def plans_of(paths: Sequence[Path]) -> tuple[Plan, ...]:
    """Read plans from files and folders.

    Raises:
        PlanInputError: with a sentence for each that cannot be read.
    """
    from analysis.plan import read_plans  # noqa: PLC0415  # loads networkx, which no other command needs

    with progress_of("reading") as seen:
        return read_plans(paths, seen)


@contextmanager
def progress_of(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar that is told how many are done, and of how many; it is shown where there are several."""
    with _bar() as bar:
        task = bar.add_task(what, total=None, visible=False)

        def seen(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, visible=total > 1)

        yield seen


def judged(plans: Sequence[Plan], judge: Callable[[Plan], _Judged]) -> Iterator[_Judged]:
    """What is said of each plan, in their order."""
    with _bar() as bar:
        task = bar.add_task("judging", total=len(plans), visible=len(plans) > 1)
        for plan in plans:
            yield judge(plan)
            bar.advance(task)


def snapshots_of(folder: Path) -> Mapping[tuple[str, str], QuotaSnapshot]:
    """Quota snapshots of a folder; none where the folder does not exist.

    Raises:
        ConfigError: a snapshot is refused.
        TargetError: the folder has another name.
    """
    from analysis.quotas import FOLDER, read_snapshots  # noqa: PLC0415  # with the others: only when it is used

    return read_snapshots(_above(folder, FOLDER, "quota snapshots"))


def prices_of(folder: Path) -> Prices:
    """Price tables of a folder.

    Raises:
        ConfigError: a table is refused.
        TargetError: the folder has another name, or does not exist.
    """
    from analysis.cost import read_prices  # noqa: PLC0415  # with the others: only when it is used

    if not folder.is_dir():
        raise TargetError(f"{folder} is no folder; --prices names one with a table for each region; name another")
    return read_prices(_above(folder, "prices", "price tables"))


def _above(folder: Path, name: str, what: str) -> Path:
    """The folder above, which readers of a project's environments take."""
    if folder.resolve().name != name:
        raise TargetError(f"{folder} is not called {name}; a folder of {what} is; name another, or rename it")
    return folder.resolve().parent


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal)
