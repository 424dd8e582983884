"""`lambdanet rollout rollback`: what a run changed, planned back to what was there before."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from cli.rollout.access import ENVIRONMENTS, Environments, RunId, opened
from cli.rollout.choosing import Format, Targets, chosen
from cli.rollout.destructions import show_destructions
from cli.rollout.plan import require_planned, show_planned
from cli.rollout.plan_pages import pages_of, write_pages
from cli.rollout.planning import planned_again
from cli.terminal import errors
from rollout.domain.model import RunKind
from rollout.domain.naming import said_once
from rollout.domain.ports import Part


def rollback(
    run: RunId,
    *,
    to: Annotated[
        str,
        typer.Option(help="Run to go back to; the newest one before that was applied, target by target, by default."),
    ] = "",
    target: Targets = None,
    page: Annotated[
        list[Path] | None, typer.Option(help="Page of all changes to write: FILE.html or FILE.md; may be repeated.")
    ] = None,
    workers: Annotated[
        int, typer.Option(help="Terraform processes at once; as rollout.yaml says by default.", min=0)
    ] = 0,
    form: Annotated[Format, typer.Option("--format", help="Tables, or JSON for programs.")] = Format.TABLE,
    environments: Environments = ENVIRONMENTS,
) -> None:
    """Plan to take a run back: the roots that were applied before it, planned against what is there now.

    Nothing is applied. It makes a run of its own, which is reviewed and applied like any other, in the same waves. What
    going back would destroy or replace is listed: data is not brought back by it.

    Exit codes: 0 planned; 2 there is nothing to go back to, or a target cannot be planned.
    """
    from rollout.running.planning import new_run  # noqa: PLC0415  # with what plans
    from rollout.running.returning import way_back  # noqa: PLC0415  # the same

    pages = pages_of(page or ())
    access = opened(environments, run)
    only = [each.name for each in chosen(access.run.targets, target)] if target else ()
    found = way_back(access.store, access.run, to=to, only=only)
    for sentence in said_once(found.left_out.values()):
        errors.print(f"left out: {sentence}", style="yellow", markup=False, highlight=False, soft_wrap=True)
    back = new_run(
        found.resolved,
        now=access.clock.now(),
        suite_version=version("lambdanet"),
        kind=RunKind.ROLLBACK,
        revision=access.store.read(found.source_run).revision,
        source_run=found.source_run,
    )
    store, sources = access.store, found.sources
    progress = planned_again(access, back, lambda one: store.get(sources[one.name], one.name, Part.ROOT), workers)
    show_planned(access, progress, form)
    show_destructions(access, progress)
    write_pages(pages, access, progress)
    require_planned(progress)
