"""`lambdanet rollout status`: how far a run is."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from cli.rollout.access import ENVIRONMENTS, LATEST, Environments, RunId, opened
from cli.rollout.choosing import Format
from cli.rollout.output import output
from cli.rollout.views import all_targets, status_json, status_view

_MOST = 20


def status(
    run: RunId = LATEST,
    *,
    environments: Environments = ENVIRONMENTS,
    form: Annotated[Format, typer.Option("--format", help="Table, or JSON for programs.")] = Format.TABLE,
    every: Annotated[bool, typer.Option("--all", help="List every target.")] = False,
) -> None:
    """Show how far a run is: its waves, and the targets that are worth a look."""
    access = opened(environments, run)
    progress, owner = access.progress(), access.store.owner()
    if form is Format.JSON:
        typer.echo(json.dumps(status_json(access.run, progress, owner), indent=2, ensure_ascii=False))
        return
    to = output()
    to.print(status_view(access.run, progress, access.clock, owner=owner, most=0 if every else _MOST))
    if every:
        to.print(all_targets(access.run, progress, access.clock))
