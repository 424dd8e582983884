"""`lambdanet rollout drift`: what was changed outside Terraform."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Annotated

import typer

from cli.rollout.access import ENVIRONMENTS, Access, Environments, opened
from cli.rollout.bars import bar
from cli.rollout.choosing import Format, Targets, chosen, states_of, synthesized, workspaces_of
from cli.rollout.output import output
from cli.terminal import errors
from rollout.domain.drift import exit_code
from rollout.domain.model import RunTarget
from rollout.domain.naming import said_once
from rollout.domain.ports import Part
from rollout.targets import read_targets

_Roots = Callable[[RunTarget], bytes]


def drift(
    run: Annotated[
        str,
        typer.Option(help="A run whose targets are looked at with its roots; without one, with what was applied last."),
    ] = "",
    target: Targets = None,
    form: Annotated[Format, typer.Option("--format", help="How it is printed.")] = Format.TABLE,
    workers: Annotated[
        int | None,
        typer.Option(help="Terraform processes at once; `workers` of rollout.yaml by default.", min=1, max=64),
    ] = None,
    environments: Environments = ENVIRONMENTS,
) -> None:
    """Compare what AWS has to what was applied, target by target; nothing is changed, and no state is locked.

    Exit codes: 0 everything is as applied; 1 something differs; 2 a target could not be looked at.
    """
    from cli.rollout.drift_view import drift_json, drift_sentence, drift_table  # noqa: PLC0415  # only here
    from rollout.adapters.refreshing import TerraformRefresh  # noqa: PLC0415  # brings boto3
    from rollout.running.drifting import find_drift  # noqa: PLC0415  # with the others

    access = opened(environments, run)
    every = access.run.targets if run else tuple(RunTarget(entry.target) for entry in read_targets(environments))
    wanted = chosen(every, target)
    with _roots(access, run, wanted) as root_of, bar("comparing") as told:
        found = find_drift(
            wanted,
            TerraformRefresh(workspaces_of(access), access.roles),
            root_of=root_of,
            state_of=states_of(access).found,
            workers=workers or access.settings.workers,
            told=told,
        )
    if form is Format.JSON:
        typer.echo(json.dumps(drift_json(found), indent=2, ensure_ascii=False))
    else:
        table = drift_table(found)
        if table.row_count:
            output().print(table)
        output().print(drift_sentence(found), highlight=False)
    for problem in said_once(each.problem for each in found if each.problem):
        errors.print(problem, style="red", markup=False, highlight=False, soft_wrap=True)
    if code := exit_code(found):
        raise typer.Exit(code)


@contextmanager
def _roots(access: Access, run: str, targets: Sequence[RunTarget]) -> Iterator[_Roots]:
    """Roots of a run; else of the run that was applied to a target last, as what was changed since is no drift.

    What no run of the store was applied to is synthesized.
    """
    from rollout.running.returning import last_applied  # noqa: PLC0415  # only here

    names = tuple(target.name for target in targets)
    runs = dict.fromkeys(names, access.run.id) if run else last_applied(access.store, access.store.run_ids(), names)[0]
    with ExitStack() as opened_:
        declared = opened_.enter_context(synthesized(access)) if len(runs) < len(names) else None

        def root_of(target: RunTarget) -> bytes:
            if declared is not None and target.name not in runs:
                return declared(target)
            return access.store.get(runs[target.name], target.name, Part.ROOT)

        yield root_of
