"""`lambdanet rollout resume`: a run that began goes on from its journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from cli.rollout.access import ENVIRONMENTS, LATEST, Environments, RunId, opened
from cli.rollout.carrying import DryRun, SkipUnplanned, WaitMinutes, Workers, carry_out
from rollout.domain.records import Draft
from rollout.domain.scheduler import reopened
from rollout.running.ledger import Ledger
from rollout.running.starting import accepted, left_out, require_begun


def resume(
    run: RunId = LATEST,
    *,
    environments: Environments = ENVIRONMENTS,
    workers: Workers = None,
    skip_unplanned: SkipUnplanned = "",
    accept_missing_data: Annotated[
        str,
        typer.Option(help="Why alarms without data do not hold up the wave that waits for them.", metavar="REASON"),
    ] = "",
    wait_minutes: WaitMinutes = 0.0,
    dry_run: DryRun = False,
) -> None:
    """Go on with a run that was paused, stopped, interrupted or killed; what is applied is not applied again.

    In a stopped run what failed or was skipped is tried again, in the order of the waves.

    Exit codes as those of `apply`.
    """
    access = opened(environments, run)

    def prepare(ledger: Ledger) -> Sequence[Draft]:
        require_begun(ledger.run, ledger.progress)
        again = reopened(ledger.run, ledger.progress)
        after = ledger.preview(again, at=access.clock.now())
        left = left_out(ledger.run, after, skip_unplanned)
        return (*again, *left, *accepted(ledger.run, after, accept_missing_data))

    carry_out(access, prepare, workers=workers, wait_minutes=wait_minutes, dry_run=dry_run)
