"""`lambdanet rollout plan`: a run is made, and every target of it planned; or what a run has to be planned yet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.checked import checked_targets
from cli.rollout.access import ENVIRONMENTS, Access, Environments, opened
from cli.rollout.bars import bar
from cli.rollout.choosing import Format, Targets
from cli.rollout.output import output
from cli.rollout.plan_pages import pages_of, write_pages
from cli.rollout.plan_views import blocked_lines, groups_table, plan_json, waves_json, waves_lines, waves_table
from cli.rollout.planning import planned_more, planned_run
from cli.terminal import errors
from modules.core.errors import ConfigError, Problem
from rollout.domain.errors import RolloutError
from rollout.domain.naming import said_once
from rollout.targets import read_targets

if TYPE_CHECKING:  # they load networkx, or AWS's SDK
    from rollout.domain.progress import Progress
    from rollout.domain.waves import Resolved

_MOST_REASONS, _MOST_WARNINGS = 10, 2


def plan(
    *,
    environments: Environments = ENVIRONMENTS,
    target: Targets = None,
    run: Annotated[
        str, typer.Option(help="Plan what this run has to be planned yet, or latest; without it, a new run.")
    ] = "",
    page: Annotated[
        list[Path] | None, typer.Option(help="Page of all changes to write: FILE.html or FILE.md; may be repeated.")
    ] = None,
    revision: Annotated[str, typer.Option(help="What is planned; the commit that is checked out by default.")] = "",
    workers: Annotated[
        int, typer.Option(help="Terraform processes at once; as rollout.yaml says by default.", min=0)
    ] = 0,
    form: Annotated[Format, typer.Option("--format", help="Tables, or JSON for programs.")] = Format.TABLE,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the waves; plan nothing.")] = False,
) -> None:
    """Plan a change for every target: one synth, one Terraform plan for each, kept encrypted for `apply`.

    A target that builds on one which is to change is blocked, and planned with --run once that one is applied. With
    --run and --target, plans that hold are made again.

    Exit codes: 0 planned; 2 a target is refused or cannot be planned; 130 or 143 ended from outside.
    """
    pages = pages_of(page or ())
    access = opened(environments, run)
    if run:
        if dry_run:
            raise RolloutError("--dry-run is given with --run; it shows the waves of a new run; leave out one of them")
        progress = planned_more(access, target or (), workers)
    else:
        resolved = _resolved(access, target or ())
        if dry_run:
            is_json = form is Format.JSON
            typer.echo(json.dumps(waves_json(resolved), indent=2) if is_json else "\n".join(waves_lines(resolved)))
            return
        progress = planned_run(access, resolved, revision, workers)
    show_planned(access, progress, form)
    write_pages(pages, access, progress)
    require_planned(progress)


def _resolved(access: Access, only: Sequence[str]) -> Resolved:
    """Targets and waves, once configurations and waves are accepted.

    Raises:
        ConfigError: with everything that is refused about either.
    """
    from rollout.domain.waves import resolved  # noqa: PLC0415  # loads networkx where stacks have an order

    entries = read_targets(access.environments)
    problems: list[Problem] = []
    try:
        _warn(checked_targets(access.environments).warnings)
    except ConfigError as error:
        problems += error.problems
    try:
        found = resolved(access.settings, [entry.target for entry in entries], only=only)
    except ConfigError as error:
        problems += error.problems
    if problems:
        raise ConfigError(problems)
    _warn(
        f"{name}: builds on {upstream}, which --target leaves out; it is planned against what is applied of that now"
        for name, upstream in found.left_out
    )
    return found


def _warn(warnings: Iterable[str]) -> None:
    """Each once: hundreds of accounts may have the same one."""
    for warning in said_once(warnings, most_exact=_MOST_WARNINGS):
        errors.print(f"warning: {warning}", highlight=False, markup=False, soft_wrap=True)


def show_planned(access: Access, progress: Progress, form: Format) -> None:
    """What changes, and the waves with the digests of their plans."""
    from rollout.running.reviewing import groups  # noqa: PLC0415  # loads networkx

    with bar("comparing") as told:
        found = groups(access.store, progress, told)
    if form is Format.JSON:
        typer.echo(json.dumps(plan_json(progress, found), indent=2, ensure_ascii=False))
        return
    to = output()
    if found:
        to.print(groups_table(found))
    to.print(waves_table(progress))
    for line in blocked_lines(progress, _MOST_REASONS):
        to.print(line, markup=False, highlight=False, soft_wrap=True)
    to.print(
        f"review it, then: lambdanet rollout apply {progress.run.id}", markup=False, highlight=False, soft_wrap=True
    )


def require_planned(progress: Progress) -> None:
    """One report of every target that could not be planned.

    Raises:
        RolloutError: there is one.
    """
    from rollout.running.planning import unplanned  # noqa: PLC0415  # with what plans

    left = list(unplanned(progress))
    if left:
        total, run = len(progress.run.targets), progress.run.id
        where = f"`lambdanet rollout status {run} --format json` has all of them"
        lines = said_once((f"{name}: {reason}" for name, reason in left), more=where)
        summary = (
            f"run {run}: {len(left):,} of {total:,} targets could not be planned; nothing was applied; mend what is "
            f"named above, then: lambdanet rollout plan --run {run}"
        )
        raise RolloutError("\n".join((*lines, summary)))
