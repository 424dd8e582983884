"""`lambdanet prices refresh`: what AWS asks in a region, read from its price list and kept as a file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import boto3
import typer
from botocore.config import Config
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

from analysis.cost.prices import RegionPrices, table_path
from analysis.cost.prices import read_prices as read_tables
from cli.terminal import console, errors
from modules.core.errors import TargetError
from rollout.prices import Refreshed, read_prices

prices = typer.Typer(help="Price tables of regions.", no_args_is_help=True)
_PATIENT = Config(retries={"mode": "adaptive", "max_attempts": 10})
_SERVED_FROM = "us-east-1"
"""The price list of all regions is served from a few (Price List API)."""

_FAILED = 2


@prices.callback()
def group() -> None:
    """Price tables of regions."""


@prices.command()
def refresh(
    region: Annotated[list[str], typer.Option(help="Region whose prices are read; may be given several times.")],
    environments: Annotated[Path, typer.Option(help="Folder that the tables stand in.")] = Path("environments"),
    instance_class: Annotated[
        list[str] | None, typer.Option(help="Database instance class, such as db.t4g.micro, beside those of the table.")
    ] = None,
) -> None:
    """Read prices from the AWS price list with the credentials at hand, and write them below environments/prices/."""
    tables = read_tables(environments)
    failures: list[TargetError] = []
    for name in sorted(set(region)):
        try:
            found = _read(name, before=tables.regions.get(name), classes=instance_class or ())
        except TargetError as error:
            failures.append(error)
            continue
        path = found.table.write(environments)
        console.print(f"{path}: {len(found.read)} prices read", highlight=False, soft_wrap=True)
        for sentence in _missing(found):
            errors.print(sentence, style="yellow", markup=False, highlight=False, soft_wrap=True)
    for failure in failures:
        errors.print(str(failure), style="red", markup=False, highlight=False, soft_wrap=True)
    if failures:
        raise typer.Exit(_FAILED)


def _missing(found: Refreshed) -> list[str]:
    where = table_path(found.table.region).as_posix()
    said = []
    for item, reason in found.missing.items():
        kept = found.table.items.get(item)
        then = f"the one of {kept.basis} stays" if kept else "there is no price of it"
        said.append(f"{where}: {item} was not read; {reason}; {then}")
    return said


def _read(region: str, *, before: RegionPrices | None, classes: Iterable[str]) -> Refreshed:
    client: Any = boto3.session.Session().client("pricing", region_name=_SERVED_FROM, config=_PATIENT)
    columns = (SpinnerColumn(), TextColumn(region), BarColumn(bar_width=24), TextColumn("{task.fields[what]}"))
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(region, total=None, what="")

        def told(done: int, total: int, what: str) -> None:
            progress.update(task, completed=done, total=total, what=f"{done}/{total} {what}")

        return read_prices(client, region, before=before, instance_classes=classes, progress=told)
