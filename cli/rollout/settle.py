"""`lambdanet rollout settle`: what follows the units of a wave."""

from __future__ import annotations

import math
from typing import Annotated

import typer

from cli.rollout.access import ENVIRONMENTS, LATEST, Environments, opened
from cli.rollout.matrix import Run, WaveName
from cli.rollout.telling import Telling
from cli.terminal import console


def settle(
    *,
    wave: WaveName,
    run: Run = LATEST,
    accept_missing_data: Annotated[
        str, typer.Option(help="Why alarms without data do not pause the run in this wave.", metavar="REASON")
    ] = "",
    wait_minutes: Annotated[
        float | None, typer.Option(help="How long it waits for the end of the bake; settle again afterwards.", min=0)
    ] = None,
    environments: Environments = ENVIRONMENTS,
) -> None:
    """Hold the tolerance against a wave's failures, watch its alarms until it has baked, and write its verdict.

    Exit codes: 0 the wave has passed; 1 the run is stopped, or has ended with targets that failed; 2 refused; 3 units
    have not ended, alarms tell nothing, a person paused the run, or the wave bakes longer than --wait-minutes; 130 or
    143 ended from outside.
    """
    from rollout.running.settle import SettleWorld, settle_wave  # noqa: PLC0415  # with what it needs
    from rollout.running.stopping import Stop, stopping_on_signals  # noqa: PLC0415  # the same

    access, stop, telling = opened(environments, run), Stop(), Telling()
    world = SettleWorld(access.store, access.alarms, access.clock, telling)
    with stopping_on_signals(stop, telling.noted):
        waits = math.inf if wait_minutes is None else 60 * wait_minutes
        settle_wave(world, access.run, wave, stop=stop, accepted=accept_missing_data, wait_seconds=waits)
    console.print(f"run {access.run.id}: wave {wave} has passed", highlight=False, soft_wrap=True)
