"""`lambdanet release`: shift traffic to new versions through CodeDeploy, take it back, delete old versions."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from cli.release_access import opened
from cli.release_observer import watching
from cli.release_views import plan_as_json, say, show_plan, show_pruned
from cli.terminal import console
from rollout import release as engine
from rollout.release import OnFailure, OnInterrupt, ShiftOptions

release = typer.Typer(
    help="Shift traffic to new versions through CodeDeploy, take it back, delete old versions.", no_args_is_help=True
)
Folder = Annotated[Path | None, typer.Option(help="Folder of the synthesized stack, where Terraform applied it.")]
Outputs = Annotated[
    Path | None, typer.Option(help="File with what `terraform output -json` prints; - for standard input.")
]
Functions = Annotated[
    list[str] | None,
    typer.Option("--function", help="Function, or function:alias, wanted; all by default; repeatable."),
]
Region = Annotated[str, typer.Option(help="AWS region, where the stack's outputs do not tell it.")]
Poll = Annotated[float, typer.Option(help="Seconds between two looks at a deployment.", min=0.1, max=60)]
_REFUSED = 1


@release.command()
def plan(
    *,
    folder: Folder = None,
    outputs: Outputs = None,
    function: Functions = None,
    region: Region = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what a shift would do for each function; exit code 1 when it would be refused."""
    with ExitStack() as open_:
        targets, clients = opened(open_, folder, outputs, function, region)
        plans = engine.plan(clients, targets)
    if as_json:
        console.print_json(json.dumps([plan_as_json(planned) for planned in plans]))
    else:
        for planned in plans:
            show_plan(planned)
    if any(planned.problems for planned in plans):
        raise typer.Exit(_REFUSED)


@release.command()
def shift(
    *,
    folder: Folder = None,
    outputs: Outputs = None,
    function: Functions = None,
    region: Region = "",
    ignore_alarm: Annotated[
        list[str] | None, typer.Option(help="Alarm that does not count, by name; needs --reason; repeatable.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why these alarms do not count; stands in the deployment.")] = "",
    on_failure: Annotated[
        OnFailure, typer.Option(help="What is taken back when one function fails.")
    ] = OnFailure.ROLL_BACK_FAILED,
    on_interrupt: Annotated[
        OnInterrupt, typer.Option(help="What Ctrl-C, termination and the end of the time do to running deployments.")
    ] = OnInterrupt.LEAVE,
    timeout_minutes: Annotated[
        float | None, typer.Option(help="Minutes for all of it; by default what traffic and hooks may take.", min=0)
    ] = None,
    poll_seconds: Poll = 5.0,
) -> None:
    """Shift each alias to the newest version of its function, and wait; run again, it joins what is running.

    Exit codes: 0 shifted, or nothing to shift; 1 refused or failed, and all traffic is where it was; 2 wrong input;
    3 traffic is still moving, or between two versions; 130 or 143 ended from outside.
    """
    options = ShiftOptions(
        ignored_alarms=tuple(ignore_alarm or ()),
        reason=reason,
        on_failure=on_failure,
        on_interrupt=on_interrupt,
        timeout_seconds=None if timeout_minutes is None else timeout_minutes * 60,
        poll_seconds=poll_seconds,
    )
    with ExitStack() as open_:
        targets, clients = opened(open_, folder, outputs, function, region)
        observer = open_.enter_context(watching())
        engine.shift(clients, targets, options, observer=observer)


@release.command()
def rollback(
    *,
    folder: Folder = None,
    outputs: Outputs = None,
    function: Functions = None,
    region: Region = "",
    to: Annotated[int | None, typer.Option(help="Version to go back to; by default the one before.", min=1)] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be done.")] = False,
    poll_seconds: Poll = 2.0,
) -> None:
    """Take each alias back to the version before, at once: stop what is running, or shift back."""
    with ExitStack() as open_:
        targets, clients = opened(open_, folder, outputs, function, region)
        if dry_run:
            for planned in engine.plan_rollback(clients, targets, to=to):
                say(str(planned))
            return
        observer = open_.enter_context(watching())
        engine.rollback(clients, targets, to=to, options=ShiftOptions(poll_seconds=poll_seconds), observer=observer)


@release.command()
def prune(
    *,
    keep: Annotated[int, typer.Option(help="How many of the newest versions stay in any case.", min=1)],
    folder: Folder = None,
    outputs: Outputs = None,
    function: Functions = None,
    region: Region = "",
    delete: Annotated[bool, typer.Option("--delete", help="Delete them; without it they are only shown.")] = False,
) -> None:
    """Show the versions that nothing names any more, or delete them."""
    with ExitStack() as open_:
        targets, clients = opened(open_, folder, outputs, function, region)
        if delete:
            observer = open_.enter_context(watching())
            plans = engine.prune(clients, targets, keep=keep, observer=observer)
        else:
            plans = engine.plan_prune(clients, targets, keep=keep)
    for planned in plans:
        show_pruned(planned, "deleted" if delete else "would be deleted")
