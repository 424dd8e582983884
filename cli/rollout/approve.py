"""`lambdanet rollout approve`: a person's word on the plans of a wave."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.rollout.access import ENVIRONMENTS, LATEST, Environments, RunId, opened
from cli.rollout.carrying import say
from rollout.running.words import approving


def approve(
    run: RunId = LATEST,
    *,
    wave: Annotated[str, typer.Option(help="The wave.")],
    digest: Annotated[str, typer.Option(help="Digest of its plans together, as `plan` and `status` show it.")],
    reason: Annotated[str, typer.Option(help="What is to stand in the journal, such as a ticket.")] = "",
    environments: Environments = ENVIRONMENTS,
) -> None:
    """Approve a wave's plans, those with this digest and no others; plans that change afterwards need it anew."""
    access = opened(environments, run)
    access.journal.append(approving(access.run, access.progress(), wave, digest, reason))
    say(f"run {access.run.id}: wave {wave} is approved; run `lambdanet rollout resume {access.run.id}` if it is paused")
