"""`lambdanet demo`: prove a stack on the local emulator, from Python to a running account and back to nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from cli.checked import checked_targets
from cli.terminal import ProgressObserver, console
from local.emulator import Emulator
from local.known_gaps import KnownGap, load_gaps, unexplained, vanished
from rollout.adapters.terraform_plan import Plan, ResourceChange
from rollout.proof import Outcome, Proof, ProofReport, Subject, run_step
from rollout.proof.render import write_report
from rollout.readback.check import Check
from rollout.readback.expected import Expected
from rollout.readback.leftovers import leftovers, scheduled
from rollout.readback.orders_api import read_back
from rollout.targets import TargetEntry
from stacks.orders_api_config import OrdersApiConfig

_RELEASE = {"database": {"removal": "destroy", "removal_reason": "the demo ends by destroying everything it made"}}
_NOT_HELD, _BAD_INPUT = 1, 2
_MAY_CHANGE = frozenset({"aws_db_instance"})


def demo(
    target: Annotated[str, typer.Option(help="Target to prove.")] = "dev-main-us-east-1-orders_api",
    environments: Annotated[Path, typer.Option(help="Folder that targets are read from.")] = Path("environments"),
    report: Annotated[Path, typer.Option(help="Folder for the report.")] = Path("demo-report"),
) -> None:
    """Prove the stack: plan, scan, apply to the emulator, read back, plan again, change one thing, destroy."""
    console.rule(f"lambdanet demo: {target}")
    with ProgressObserver() as observer, tempfile.TemporaryDirectory(prefix="lambdanet-demo-") as work:
        found = _prove(target, environments, Path(work), observer)
    files = write_report(found, report)
    _show(found, files)
    if not found.held:
        raise typer.Exit(_NOT_HELD if len(found.steps) > 1 else _BAD_INPUT)


def _prove(target: str, environments: Path, work: Path, observer: ProgressObserver) -> ProofReport:
    entry: list[TargetEntry] = []
    config: list[OrdersApiConfig] = []

    def validate() -> Outcome:
        checked = checked_targets(environments, only=target)
        entry.extend(checked.entries)
        found = checked.configs[target]
        if not isinstance(found, OrdersApiConfig):
            return Outcome("the demo knows orders_api only", (f"{target} is a target of {entry[0].target.stack}",))
        config.append(found)
        return Outcome("every field of the target is accepted")

    validated = run_step(observer, "validate the configuration", validate)
    if not validated.held:
        return ProofReport(target=target, steps=[validated])
    with ExitStack() as running:
        emulator = Emulator()

        def start() -> Outcome:
            running.enter_context(emulator)
            return Outcome(f"moto {version('moto')} with extensions")

        started = run_step(observer, "start the emulator", start)
        if not started.held:
            return ProofReport(target=target, steps=[validated, started])
        seen: dict[KnownGap, None] = {}
        proof = Proof(
            _subject(entry[0], config[0], environments, emulator, seen),
            work=work,
            environment=emulator.environment(entry[0].target.region, entry[0].target.account_id),
            observer=observer,
        )
        found = proof.run()
        failures = emulator.failures()
    found.gaps = (*found.gaps, *sorted({str(failure) for failure in failures}))
    found.steps[:0] = [validated, started]
    if found.second_plan_changes is not None:
        gone = vanished(seen, found.planned, failures)
        found.steps.append(run_step(observer, "compare with the listed gaps", lambda: _listed_gaps(gone)))
    found.versions["moto"] = version("moto")
    return found


def _subject(
    entry: TargetEntry, config: OrdersApiConfig, environments: Path, emulator: Emulator, seen: dict[KnownGap, None]
) -> Subject:
    target = entry.target
    prefix = target.naming.prefix

    def clients(service: str) -> Any:
        return emulator.client(service, target.region, target.account_id)

    def compare(outputs: Mapping[str, Any], plan: Plan) -> Sequence[Check]:
        expected = Expected.from_config(
            config.model_dump(),
            prefix=prefix,
            account_id=target.account_id,
            region=target.region,
            partition=target.partition,
            code_sha256=_planned_hash(plan),
        )
        return read_back(clients, outputs, expected)

    def sort_gaps(changes: Sequence[ResourceChange]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        review = unexplained({"address": c.address, "type": c.type, "change": c.change} for c in changes)
        seen.update(dict.fromkeys(review.gaps))
        return tuple(map(str, review.gaps)), tuple(map(str, review.differences))

    return Subject(
        entry=entry,
        environments=environments,
        project=Path.cwd(),
        change=_RELEASE,
        changes_only=_MAY_CHANGE,
        read_back=compare,
        leftovers=lambda outputs: leftovers(clients, prefix=prefix, vpc_id=outputs.get("vpc_id", "")),
        scheduled=lambda: scheduled(clients, prefix=prefix),
        sort_gaps=sort_gaps,
    )


def _listed_gaps(gone: Sequence[KnownGap]) -> Outcome:
    """A gap that is listed and no longer shows does not hold: the list can only shrink."""
    broken = tuple(
        f"{gap.resource_type} {gap.attribute or gap.action} no longer shows: take it off the list" for gap in gone
    )
    return Outcome(f"{len(load_gaps())} gaps are listed", broken)


def _planned_hash(plan: Plan) -> str:
    functions = [change for change in plan.resource_changes if change.type == "aws_lambda_function"]
    return str(functions[0].change["after"]["source_code_hash"])


def _show(found: ProofReport, files: Sequence[Path]) -> None:
    table = Table(title="every step held" if found.held else "not every step held", show_header=False)
    for what, number in found.numbers().items():
        table.add_row(what, number)
    console.print(table)
    for finding in found.accepted:
        console.print(f"{finding.status}: {finding}. {finding.reason}", style="dim", markup=False, highlight=False)
    for gap in found.gaps:
        console.print(f"not held by the emulator: {gap}", style="yellow", markup=False, highlight=False)
    for thing in found.scheduled:
        console.print(f"AWS keeps for a while: {thing}", style="dim", markup=False, highlight=False)
    console.print("report: " + ", ".join(str(file) for file in files), highlight=False, soft_wrap=True)
