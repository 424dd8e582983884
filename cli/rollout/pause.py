"""`lambdanet rollout pause`: nothing more of a run starts, wherever it is carried out."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.rollout.access import ENVIRONMENTS, LATEST, Environments, RunId, opened
from cli.rollout.carrying import say
from rollout.running.words import pausing


def pause(
    run: RunId = LATEST,
    *,
    reason: Annotated[str, typer.Option(help="Why; stands in the journal.")],
    environments: Environments = ENVIRONMENTS,
) -> None:
    """Pause a run: what is being applied ends, nothing more starts; whoever carries it out sees it within seconds."""
    access = opened(environments, run)
    access.journal.append(pausing(access.run, access.progress(), reason))
    say(f"run {access.run.id}: paused; run `lambdanet rollout resume {access.run.id}` to go on")
