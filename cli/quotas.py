"""`lambdanet quotas snapshot`: what each account may use, read from AWS and kept as a file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any

import boto3
import typer
from botocore.config import Config
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

from analysis.quotas import QuotaSnapshot
from cli.checked import today
from cli.terminal import console, errors
from modules.core.errors import TargetError
from modules.core.target import Target
from rollout.quotas import read_quotas
from rollout.targets import chosen, read_targets

quotas = typer.Typer(help="Quota snapshots of accounts and regions.", no_args_is_help=True)
_ALL = "all"
_PATIENT = Config(retries={"mode": "adaptive", "max_attempts": 10})
"""Lambda takes 15 requests a second for all that is no invocation (Lambda quotas), which others use too."""

_FAILED = 2


@quotas.command()
def snapshot(
    environments: Annotated[Path, typer.Option(help="Folder that targets are read from.")] = Path("environments"),
    target: Annotated[str, typer.Option(help="Target whose account and region are read, or all.")] = _ALL,
) -> None:
    """Read quotas from AWS with the credentials at hand, and write them below environments/quotas/."""
    every = read_targets(environments)
    wanted = {_place(entry.target): entry for entry in chosen(every, "" if target == _ALL else target)}
    failures: list[TargetError] = []
    for place in sorted(wanted):
        own = [entry.target for entry in every if _place(entry.target) == place]
        try:
            path = _read(own).write(environments)
        except TargetError as error:
            failures.append(error)
            continue
        console.print(str(path), highlight=False, soft_wrap=True)
    for failure in failures:
        errors.print(str(failure), style="red", markup=False, highlight=False, soft_wrap=True)
    if failures:
        raise typer.Exit(_FAILED)


def _read(targets: list[Target]) -> QuotaSnapshot:
    @cache
    def session() -> Any:  # the overloads of boto3 name every service
        return boto3.session.Session(region_name=targets[0].region)

    def client(service: str) -> Any:
        return session().client(service, config=_PATIENT)

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[what]}"),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(f"{targets[0].account_id} {targets[0].region}", total=None, what="")

        def told(done: int, total: int, what: str) -> None:
            progress.update(task, completed=done, total=total, what=f"{done}/{total} {what}")

        return read_quotas(client, targets, today=today(), progress=told)


def _place(target: Target) -> tuple[str, str]:
    return target.account_id, target.region
