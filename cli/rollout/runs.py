"""`lambdanet rollout runs`: runs that the store keeps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from cli.rollout.access import ENVIRONMENTS, Environments, opened
from cli.rollout.bars import bar
from cli.rollout.choosing import Format
from cli.rollout.output import output
from rollout.domain.model import RunState, TargetState

if TYPE_CHECKING:  # it brings models that only a run needs
    from rollout.domain.progress import Progress

_FORMAT, _REVISION = 1, 12
_LEAST = {"run": 8, "kind": 8, "revision": 8, "since (UTC)": 5}
"""Least width of columns in characters."""

_STYLES = {
    RunState.RUNNING: "cyan",
    RunState.PAUSED: "yellow",
    RunState.STOPPED: "red",
    RunState.COMPLETED: "green",
}


def runs(
    *,
    environments: Environments = ENVIRONMENTS,
    most: Annotated[int, typer.Option(help="How many, the newest first; 0 for all.", min=0)] = 10,
    form: Annotated[Format, typer.Option("--format", help="Table, or JSON for programs.")] = Format.TABLE,
) -> None:
    """List runs, the newest first: what each does, and how far it is."""
    from rollout.domain.progress import Progress  # noqa: PLC0415  # with the store

    access = opened(environments)
    newest = access.store.run_ids()[::-1]
    ids = newest[:most] if most else newest
    found: list[Progress] = []
    with bar("reading") as told:
        for number, run_id in enumerate(ids, start=1):
            found.append(Progress.of(access.store.read(run_id), access.store.journal(run_id).read()))
            told(number, len(ids))
    if form is Format.JSON:
        typer.echo(json.dumps({"format": _FORMAT, "runs": [_as_json(each) for each in found]}, indent=2))
        return
    if not found:
        output().print("there is no run; `lambdanet rollout plan` makes one", highlight=False)
        return
    to = output()
    to.print(_table(found))
    if len(newest) > len(found):
        to.print(f"and {len(newest) - len(found)} older ones; --most 0 lists all", highlight=False)


def _as_json(progress: Progress) -> dict[str, Any]:
    run = progress.run
    return {
        "run": run.id,
        "kind": str(run.kind),
        "revision": run.revision,
        "source_run": run.source_run,
        "created_at": run.created_at.isoformat(),
        "state": str(progress.run_state),
        "since": progress.run_since.isoformat(),
        "reason": progress.run_reason,
        "waves": [wave.name for wave in run.waves],
        "counts": {str(state): count for state, count in progress.counts.items()},
    }


def _table(found: list[Progress]) -> Table:
    """A row for each run; in a narrow terminal its columns are folded, and none is left out."""
    table = Table()
    for column in ("run", "kind", "revision", "state", "since (UTC)"):
        table.add_column(column, overflow="fold", no_wrap=column == "state", min_width=_LEAST.get(column))
    for column in ("targets", "done", "failed"):
        table.add_column(column, justify="right", no_wrap=True)
    for progress in found:
        run, counts = progress.run, progress.counts
        state = (
            f"[{_STYLES[progress.run_state]}]{progress.run_state}[/]" if progress.run_state in _STYLES else "planned"
        )
        numbers = (len(run.targets), counts[TargetState.DONE], counts[TargetState.FAILED])
        since = f"{progress.run_since:%Y-%m-%d %H:%M}"
        table.add_row(run.id, str(run.kind), run.revision[:_REVISION], state, since, *map("{:,}".format, numbers))
    return table
