"""`lambdanet demo`: prove a stack on the local emulator, from Python to a running account and back to nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from cli.terminal import ProgressObserver, console
from local.emulator import Emulator
from local.known_gaps import unexplained
from rollout.adapters.terraform_plan import Plan, ResourceChange
from rollout.proof import Outcome, Proof, ProofReport, StepResult, Subject, run_step
from rollout.proof.render import write_report
from rollout.readback.leftovers import leftovers, scheduled
from rollout.readback.orders_api import Expectations, read_back
from rollout.targets import TargetEntry, read_targets
from stacks.checks import checked_configs
from stacks.orders_api_config import OrdersApiConfig

_RELEASE = {
    "database": {"removal": "destroy", "removal_reason": "the demo ends by destroying everything it made"}
}
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
        raise typer.Exit(1)


def _prove(target: str, environments: Path, work: Path, observer: ProgressObserver) -> ProofReport:
    entry: list[TargetEntry] = []
    config: list[OrdersApiConfig] = []

    def validate() -> Outcome:
        entry.extend(read_targets(environments, only=target))
        checked = checked_configs(entry)[target]
        if not isinstance(checked, OrdersApiConfig):
            return Outcome("the demo knows orders_api only", (f"{target} is a target of {entry[0].target.stack}",))
        config.append(checked)
        return Outcome("every field of the target is accepted")

    validated = run_step(observer, "validate the configuration", validate)
    if not validated.held:
        return ProofReport(target=target, steps=[validated])
    with Emulator() as emulator:
        started = run_step(observer, "start the emulator", lambda: Outcome(f"moto {version('moto')} with extensions"))
        proof = Proof(
            _subject(entry[0], config[0], environments, emulator),
            work=work,
            environment=emulator.environment(entry[0].target.region),
            observer=observer,
        )
        found = proof.run()
        found.gaps = (*found.gaps, *sorted({str(failure) for failure in emulator.failures()}))
    found.steps[:0] = [validated, started]
    found.versions["moto"] = version("moto")
    return found
