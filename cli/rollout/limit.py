"""`lambdanet rollout limit`: the brake of a run while it goes on."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.rollout.access import ENVIRONMENTS, LATEST, Environments, RunId, opened
from cli.rollout.carrying import say
from rollout.running.words import limiting


def limit(
    run: RunId = LATEST,
    *,
    max_concurrent: Annotated[
        int | None, typer.Option(help="Targets applied at once, in every batch from now on.", min=1)
    ] = None,
    failure_tolerance: Annotated[
        int | None, typer.Option(help="Targets that may fail, in every batch from now on.", min=0)
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; stands in the journal.")] = "",
    environments: Environments = ENVIRONMENTS,
) -> None:
    """Change concurrency and tolerance of a run while it goes on; whoever carries it out sees it within seconds."""
    access = opened(environments, run)
    drafts = limiting(
        access.run,
        access.progress(),
        max_concurrent=max_concurrent,
        failure_tolerance=failure_tolerance,
        reason=reason,
    )
    access.journal.append(drafts)
    limits = access.progress().limits
    told = [
        f"{name} is {'as its waves say' if value is None else value}"
        for name, value in (
            ("max_concurrent", limits.max_concurrent),
            ("failure_tolerance", limits.failure_tolerance),
        )
    ]
    say(f"run {access.run.id}: {', '.join(told)}")
