"""`lambdanet rollout unit`: one target of a run, the one entry that every engine calls."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.rollout.access import ENVIRONMENTS, Environments, opened
from cli.rollout.telling import Telling
from cli.terminal import console
from rollout.domain.errors import RunFailedError, RunPausedError
from rollout.domain.handoff import target_of
from rollout.domain.model import TargetState

_Run = Annotated[str, typer.Option("--run", help="The run, as `lambdanet rollout plan` names it.")]
_Target = Annotated[str, typer.Option("--target", help="Name of the target.")]


def unit_apply(
    *,
    run: _Run,
    target: _Target,
    plan_digest: Annotated[str, typer.Option(help="Digest of its reviewed plan, as the matrix names it.")],
    wait_minutes: Annotated[
        float, typer.Option(help="How long it waits for its turn, such as for a target that it builds on.", min=0)
    ] = 30.0,
    environments: Environments = ENVIRONMENTS,
) -> None:
    """Apply the reviewed plan of one target, as soon as the run's waves, limits and tolerance let it start.

    Started again, it applies nothing twice. Exit codes: 0 applied; 1 failed, or the run is stopped; 2 refused; 3 its
    turn did not come, or a person has to act; 130 or 143 ended from outside.
    """
    from rollout.running.stopping import Stop, stopping_on_signals  # noqa: PLC0415  # with what it needs
    from rollout.running.unit import World, apply_unit  # noqa: PLC0415  # the same

    access, stop, telling = opened(environments, run), Stop(), Telling()
    world = World(access.store, access.unit, access.clock, telling)
    with stopping_on_signals(stop, telling.noted):
        outcome = apply_unit(world, access.run, target, plan_digest, wait_seconds=60 * wait_minutes, stop=stop)
    said = "was applied before; nothing to do" if outcome is None else f"applied, {outcome.how}"
    console.print(f"{target}: {said}", markup=False, highlight=False, soft_wrap=True)
    if stop.is_asked:
        raise typer.Exit(stop.exit_code)


def unit_plan(*, run: _Run, target: _Target, environments: Environments = ENVIRONMENTS) -> None:
    """Plan one target of a run again, such as one that was blocked until now; its plan is to be reviewed then.

    Exit codes: 0 planned; 1 it could not be planned; 2 refused: another rollout is going on, or it is applied already;
    3 it is blocked.
    """
    from rollout.running.planning import Planning, plan_more  # noqa: PLC0415  # with what it needs

    access = opened(environments, run)
    target_of(access.run, target)
    planning = Planning(access.store, access.unit, workers=1, observer=Telling())
    progress = plan_more(planning, access.run, now=access.clock.now(), only=(target,))
    state, facts, reason = progress.state(target), progress.facts(target), progress.reason(target)
    if state is TargetState.BLOCKED:
        raise RunPausedError(f"{target}: is blocked: {reason}")
    if state is not TargetState.PLANNED or facts is None:
        raise RunFailedError(f"{target}: could not be planned: {reason}")
    console.print(f"{target}: planned, digest {facts.digest}", markup=False, highlight=False, soft_wrap=True)
