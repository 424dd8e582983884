"""`lambdanet rollout orphans`: what was taken out of the configuration, and still runs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Annotated

import typer

from cli.rollout.access import ENVIRONMENTS, Access, Environments, opened
from cli.rollout.bars import bar
from cli.rollout.choosing import Format, Targets, chosen, states_of
from cli.rollout.output import output
from cli.terminal import errors
from rollout.domain.errors import RolloutError, StoreError
from rollout.domain.model import RunKind, RunTarget
from rollout.domain.naming import said_once
from rollout.domain.orphans import Known, Orphan, destroy_order, destroy_waves, destroyable
from rollout.domain.ports import Part
from rollout.domain.states import StatePlace, state_place
from rollout.targets import read_targets

_FOUND = 1


def orphans(
    *,
    plan_destroy: Annotated[
        bool, typer.Option("--plan-destroy", help="Plan the destruction of what they hold, as a run to be approved.")
    ] = False,
    target: Targets = None,
    form: Annotated[Format, typer.Option("--format", help="How it is printed.")] = Format.TABLE,
    workers: Annotated[
        int, typer.Option(help="Terraform processes at once; as rollout.yaml says by default.", min=0)
    ] = 0,
    environments: Environments = ENVIRONMENTS,
) -> None:
    """List states that hold resources, and that no target below environments/ has.

    They are looked for where the declared targets keep theirs, and where those of every run of the store did. With
    --plan-destroy a run is planned that destroys them one after the other, once it is approved; nothing is destroyed
    before that run is applied.

    Exit codes: 0 there is none, or its destruction is planned; 1 there is one; 2 a state or bucket cannot be read, or
    a destruction cannot be planned.
    """
    from cli.rollout.orphans_view import orphans_json, orphans_table  # noqa: PLC0415  # only here
    from rollout.running.orphaned import find_orphans, known_targets  # noqa: PLC0415  # the same

    access = opened(environments)
    declared = tuple(RunTarget(entry.target) for entry in read_targets(environments))
    with bar("reading runs") as told:
        known = known_targets(access.store, told=told)
    with bar("reading states") as told:
        found = chosen(
            find_orphans(declared, known, states_of(access), told=told), target, what="state without a target"
        )
    if plan_destroy:
        _plan_destroy(access, found, known, workers, form)
        return
    if form is Format.JSON:
        typer.echo(json.dumps(orphans_json(found), indent=2, ensure_ascii=False))
    elif found:
        output().print(orphans_table(found))
    else:
        output().print("every state that holds resources has a declared target", highlight=False)
    for sentence in said_once(f"{each.name}: {each.fix}" for each in found):
        errors.print(sentence, style="yellow", markup=False, highlight=False, soft_wrap=True)
    if found:
        raise typer.Exit(_FOUND)


def _plan_destroy(
    access: Access, found: Sequence[Orphan], known: Mapping[StatePlace, Known], workers: int, form: Format
) -> None:
    from cli.rollout.destructions import show_destructions  # noqa: PLC0415  # with what plans
    from cli.rollout.plan import require_planned, show_planned  # noqa: PLC0415  # the same
    from cli.rollout.planning import planned_again  # noqa: PLC0415  # the same
    from rollout.adapters.minimal_root import empty_root  # noqa: PLC0415  # the same
    from rollout.domain.waves import Resolved  # noqa: PLC0415  # the same
    from rollout.running.planning import new_run  # noqa: PLC0415  # the same

    wanted = destroyable(found)
    for sentence in said_once(f"{each.name}: {each.fix}" for each in found if each not in wanted):
        errors.print(f"left out: {sentence}", style="yellow", markup=False, highlight=False, soft_wrap=True)
    if not wanted:
        raise RolloutError(
            "there is no state without a target whose destruction can be planned; `lambdanet rollout orphans` lists "
            "what there is"
        )
    targets = destroy_order(wanted)
    run = new_run(
        Resolved(targets, destroy_waves(targets)),
        now=access.clock.now(),
        suite_version=version("lambdanet"),
        kind=RunKind.DESTROY,
    )

    def root_of(one: RunTarget) -> bytes:
        """The root of the newest run that had the target; one without its resources where that is gone."""
        try:
            return access.store.get(known[state_place(one.target)].run, one.name, Part.ROOT)
        except StoreError:
            return empty_root(one.target)

    progress = planned_again(access, run, root_of, workers)
    show_planned(access, progress, form)
    show_destructions(access, progress)
    require_planned(progress)
