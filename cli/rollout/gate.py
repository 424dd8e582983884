"""`lambdanet rollout gate`: whether a wave may begin."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.plan_inputs import progress_of
from cli.rollout.access import ENVIRONMENTS, LATEST, Environments, opened
from cli.rollout.carrying import SkipUnplanned
from cli.rollout.matrix import Run, WaveName
from cli.terminal import console
from rollout.domain.model import WaveState

_LOCK_SECONDS = 600.0


def gate(
    *,
    wave: WaveName,
    run: Run = LATEST,
    reopen: Annotated[
        bool,
        typer.Option("--reopen", help="End a pause, and let what failed or was skipped in a stopped run start again."),
    ] = False,
    reviewed_digest: Annotated[
        str,
        typer.Option(help="Digest of the wave's plans that was reviewed; approves them, and refuses any others."),
    ] = "",
    skip_unplanned: SkipUnplanned = "",
    environments: Environments = ENVIRONMENTS,
) -> None:
    """Let a wave begin, for an engine that starts its units itself: the waves before passed, its plans are approved.

    Called again between shards, it also looks at the alarms of what is applied already.

    Exit codes: 0 it may begin, or has passed already; 1 the run is stopped; 2 refused: a wave before has not passed, a
    plan is missing or expired; 3 a person has to approve, to review, or to end a pause.
    """
    from rollout.running.gate import begin_wave  # noqa: PLC0415  # with what it needs

    access = opened(environments, run)
    with (
        access.store.locked(access.run.id, wait_seconds=_LOCK_SECONDS),
        progress_of("comparing plans with what was reviewed") as seen,
    ):
        progress = begin_wave(
            access.run,
            access.store,
            wave,
            clock=access.clock,
            alarms=access.alarms,
            is_reopened=reopen,
            left_out_reason=skip_unplanned,
            reviewed_digest=reviewed_digest,
            seen=seen,
        )
    has_passed = progress.wave_state(wave) is WaveState.PASSED
    said = "has passed; nothing of it is left" if has_passed else "may begin"
    console.print(f"run {access.run.id}: wave {wave} {said}", highlight=False, soft_wrap=True)
