"""`lambdanet rollout apply`: a reviewed run begins."""

from __future__ import annotations

from collections.abc import Sequence

from cli.rollout.access import ENVIRONMENTS, LATEST, Environments, RunId, opened
from cli.rollout.carrying import DryRun, SkipUnplanned, WaitMinutes, Workers, carry_out
from rollout.domain.records import Draft
from rollout.running.ledger import Ledger
from rollout.running.starting import left_out, require_new


def apply(
    run: RunId = LATEST,
    *,
    environments: Environments = ENVIRONMENTS,
    workers: Workers = None,
    skip_unplanned: SkipUnplanned = "",
    wait_minutes: WaitMinutes = 0.0,
    dry_run: DryRun = False,
) -> None:
    """Apply exactly the reviewed plans of a run, wave by wave.

    Ctrl-C starts nothing more, lets running applies end and writes the journal; `resume` goes on.

    Exit codes: 0 completed; 1 stopped, or a target failed; 2 refused, and nothing was applied; 3 paused, waits for a
    person; 130 or 143 ended from outside.
    """

    def prepare(ledger: Ledger) -> Sequence[Draft]:
        require_new(ledger.run, ledger.progress)
        return left_out(ledger.run, ledger.progress, skip_unplanned)

    carry_out(opened(environments, run), prepare, workers=workers, wait_minutes=wait_minutes, dry_run=dry_run)
