"""`lambdanet demo-release`: two canaries on the local emulator, one that an alarm rolls back and one to the end."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from cli.demo_release_project.target import HANDLERS, TARGET
from cli.demo_release_steps import ReleaseDemo
from cli.terminal import ProgressObserver, console
from local.emulator import Emulator
from modules.core.target import Target
from rollout.adapters.synth import synthesize
from rollout.adapters.terraform import Terraform
from rollout.adapters.terraform_events import Event, Phase
from rollout.proof import Outcome, StepResult, run_step

_MINUTE_SECONDS = 1.5
"""What one of CodeDeploy's minutes takes in the emulator: a canary of five minutes ends in some seconds."""

_FAILED = 1
_QUIET = frozenset({"refresh", "read", "noop"})


@dataclass(frozen=True)
class ReleasedStack:
    """A stack with a release, for the demo.

    Attributes:
        target: where it goes.
        handlers: source folder of its function; a copy of it is changed for each version.
        synthesize: writes the stack below a folder, with the function's source folder, and returns the stack's folder.
    """

    target: Target
    handlers: Path
    synthesize: Callable[[Path, Path], Path]


def demo_release() -> None:
    """Shift a function on the emulator: 10 percent, an alarm, back; and once more, to the end; then destroy all."""
    if not run(_OWN):
        raise typer.Exit(_FAILED)


def run(stack: ReleasedStack) -> bool:
    """Show every step; whether all of them held."""
    console.rule(f"lambdanet demo-release: {stack.target.name}")
    target, results = stack.target, list[StepResult]()
    with (
        ProgressObserver() as observer,
        tempfile.TemporaryDirectory(prefix="lambdanet-demo-release-") as scratch,
        ExitStack() as running,
    ):
        work, emulator = Path(scratch), Emulator(deployment_minute_seconds=_MINUTE_SECONDS)

        def step(title: str, action: Callable[[], Outcome]) -> bool:
            results.append(run_step(observer, title, action))
            return results[-1].held

        def start() -> Outcome:
            running.enter_context(emulator)
            return Outcome(f"one of CodeDeploy's minutes takes {_MINUTE_SECONDS:g} seconds")

        def synthesized(version: int) -> Path:
            return stack.synthesize(work, _source(stack.handlers, work / "source", version))

        if not step("start the emulator", start):
            return False
        if not step("synthesize version 1", lambda: Outcome(f"{synthesized(1).name}/cdk.tf.json")):
            return False
        folder = work / "cdktf.out" / "stacks" / target.name
        tracked = _Tracked(observer)
        environment = emulator.environment(target.region, target.account_id)
        terraform = running.enter_context(Terraform(folder, environment=environment, on_event=tracked.on_event))
        clients = _clients(emulator, target, running)
        demo = ReleaseDemo(terraform, clients, target.naming.prefix, synthesized, observer, tracked.expect)
        held = all(step(title, action) for title, action in demo.steps())
        held = step("destroy", demo.destroy) and held
    _show(results, demo.facts)
    return held


def _clients(emulator: Emulator, target: Target, running: ExitStack) -> Callable[[str], Any]:
    made: dict[str, Any] = {}

    def client(service: str) -> Any:
        if service not in made:
            made[service] = emulator.client(service, target.region, target.account_id)
            running.callback(made[service].close)
        return made[service]

    return client


def _source(handlers: Path, copy: Path, version: int) -> Path:
    """The function's source with a line of its own for each version."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(handlers, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "release.py").write_text(f'"""Says which release runs."""\n\nRELEASE = {version}\n', encoding="utf-8")
    return copy


class _Tracked:
    """Shows how far an apply is."""

    def __init__(self, observer: ProgressObserver) -> None:
        self._observer, self._total, self._done = observer, 0, 0

    def expect(self, total: int) -> None:
        self._total, self._done = total, 0

    def on_event(self, event: Event) -> None:
        if event.action in _QUIET or not self._total:
            return
        self._done += event.phase is Phase.COMPLETE
        self._observer.progressed(min(self._done, self._total), self._total, event.address)


def _show(results: list[StepResult], facts: Mapping[str, str]) -> None:
    for what, fact in facts.items():
        console.print(f"{what}: {fact}", markup=False, highlight=False)
    seconds = sum(result.seconds for result in results)
    verdict = "every step held" if all(result.held for result in results) else "not every step held"
    console.print(f"{verdict}, {seconds:.0f} s", highlight=False)


def _synthesize_own(work: Path, source: Path) -> Path:
    stacks = synthesize(
        work / "cdktf.out",
        project=Path(__file__).with_name("demo_release_project"),
        environments=work,
        environment={**os.environ, "LAMBDANET_DEMO_SOURCE": str(source)},
    )
    return stacks / TARGET.name


_OWN = ReleasedStack(TARGET, HANDLERS, _synthesize_own)
"""The orders function alone, without network and database: neither is shifted."""
