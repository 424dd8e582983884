"""`lambdanet concurrency`: what the functions of each account and region take of its quota."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from analysis.concurrency import (
    AccountConcurrency,
    AccountLedger,
    FunctionConcurrency,
    functions_of_document,
    ledgers,
    place_of,
    snapshot_warnings,
)
from analysis.concurrency.ledger import OUTSIDE
from analysis.quotas import MAX_AGE_DAYS, Snapshots, read_snapshots
from cli.checked import today
from cli.terminal import console, errors
from modules.core.errors import TargetError
from modules.core.limits import LAMBDA_UNRESERVED_CONCURRENCY
from rollout.targets import TargetEntry, read_targets
from stacks.checks import checked_configs

_NOT_FIT = 1


def concurrency(
    environments: Annotated[Path, typer.Option(help="Folder of targets and quota snapshots.")] = Path("environments"),
    synthesized: Annotated[
        Path | None,
        typer.Option(help="Folder that `lambdanet synth` wrote; its functions are counted, not the configuration's."),
    ] = None,
    max_age_days: Annotated[int, typer.Option(help="Days after which a snapshot is warned of.", min=0)] = MAX_AGE_DAYS,
) -> None:
    """Show what the functions of each account and region reserve; exit code 1 when it does not fit the quota."""
    entries = read_targets(environments)
    snapshots = read_snapshots(environments)
    found = _configured(entries, snapshots) if synthesized is None else _documented(entries, snapshots, synthesized)
    problems = [problem for ledger in found for problem in ledger.problems()]
    for ledger in found:
        console.print(_table(ledger))
    targets = [entry.target for entry in entries]
    for warning in snapshot_warnings(targets, snapshots, today=today(), max_age_days=max_age_days):
        errors.print(f"warning: {warning}", highlight=False, markup=False, soft_wrap=True)
    for problem in problems:
        errors.print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)
    if problems:
        raise typer.Exit(_NOT_FIT)


def _configured(entries: tuple[TargetEntry, ...], snapshots: Snapshots) -> tuple[AccountLedger, ...]:
    configs = checked_configs(entries)
    return AccountConcurrency(snapshots).ledgers((entry.target, configs[entry.target.name]) for entry in entries)


def _documented(entries: tuple[TargetEntry, ...], snapshots: Snapshots, folder: Path) -> tuple[AccountLedger, ...]:
    def functions() -> Iterator[FunctionConcurrency]:
        for target in (entry.target for entry in entries):
            file = folder / "stacks" / target.name / "cdk.tf.json"
            if not file.is_file():
                raise TargetError(
                    f"{file}: the file does not exist; each target has one; run `lambdanet synth --output {folder}`"
                )
            document = json.loads(file.read_bytes())
            yield from functions_of_document(
                document, account_id=target.account_id, region=target.region, place=place_of(target)
            )

    return ledgers(functions(), snapshots)


def _table(ledger: AccountLedger) -> Table:
    known = (
        "not known"
        if ledger.quota is None or ledger.snapshot is None
        else (f"quota {ledger.quota}, read on {ledger.snapshot.taken.isoformat()}")
    )
    table = Table(title=f"{ledger.account_id} {ledger.region}: {known}", title_justify="left")
    table.add_column("concurrent executions")
    for column in ("reserved", "provisioned"):
        table.add_column(column, justify="right")
    for function in ledger.functions:
        table.add_row(function.function, _shown(function.reserved), _shown(function.provisioned or None))
    table.add_section()
    if ledger.reserved_elsewhere or ledger.provisioned_elsewhere:
        table.add_row(OUTSIDE, str(ledger.reserved_elsewhere), str(ledger.provisioned_elsewhere))
    provisioned = sum(function.provisioned for function in ledger.functions) + ledger.provisioned_elsewhere
    table.add_row("together", str(ledger.reserved), str(provisioned))
    if ledger.provisioned_unreserved:
        table.add_row("provisioned without a reservation", "", str(ledger.provisioned_unreserved))
    if ledger.left_unreserved is not None:
        table.add_row(
            f"left unreserved, of which {LAMBDA_UNRESERVED_CONCURRENCY} must stay", str(ledger.left_unreserved), ""
        )
    return table


def _shown(number: int | None) -> str:
    return "" if number is None else str(number)
