"""`lambdanet rollout watch`: a run that somebody else carries out, as it goes on."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.rollout.access import ENVIRONMENTS, LATEST, Environments, RunId, opened
from cli.rollout.carrying import finish
from cli.rollout.live import LiveTable, watching
from rollout.domain.model import RunState
from rollout.running.ledger import Ledger
from rollout.running.stopping import Stop, stopping_on_signals

_GOES_ON = frozenset({RunState.PLANNED, RunState.RUNNING})


def watch(
    run: RunId = LATEST,
    *,
    environments: Environments = ENVIRONMENTS,
    poll_seconds: Annotated[float, typer.Option(help="Seconds between two looks.", min=0.5, max=300)] = 5.0,
) -> None:
    """Show a run live until it is completed, stopped or paused; Ctrl-C ends the watching, not the run.

    Exit codes as those of `apply`.
    """
    access = opened(environments, run)
    ledger, stop = Ledger(access.run, access.journal), Stop()
    with (
        stopping_on_signals(stop, lambda _: None),
        watching(ledger.progress, access.clock, access.store.owner()) as observer,
    ):
        while ledger.progress.run_state in _GOES_ON and not stop.is_asked:
            access.clock.wait(stop.wake, poll_seconds)
            records = ledger.poll()
            if isinstance(observer, LiveTable):
                observer.owned(access.store.owner())
            if records:
                observer.changed(ledger.progress, records)
    if stop.is_asked:
        raise typer.Exit(stop.exit_code)
    finish(access.run, ledger.progress, Stop())
