"""Apply a stack of a test to the emulator and take it away again, with every step held to what it must show.

Synthesis, the wiring of functions and stores, the metrics of alarms and dashboards, Checkov, `init`, a first plan that
only creates, apply, a second plan that is empty; after the test no secret in anything written or told, destroy, an
empty state, and nothing left in the account.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from analysis.metrics import metric_problems
from analysis.wiring import wiring_gaps
from local.emulator import Emulator
from local.known_gaps import unexplained
from modules.core.target import Target
from policies.catalogue import catalogue
from policies.checkov import Checkov
from policies.scanned import read_synthesized
from rollout.adapters.process import Finished
from rollout.adapters.terraform_diagnostics import Diagnostic
from rollout.adapters.terraform_plan import Plan, ResourceChange
from rollout.readback.leftovers import leftovers
from stacks.base import App, TargetStack
from tests.apply.secrecy import leaks, secret_values, written
from tests.provider_process import AttachedTerraform, ProviderProcesses

Build = Callable[[TargetStack], object]
Prove = Callable[..., AbstractContextManager["Applied"]]

TARGET = {
    "org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1",
    "stack": "orders", "owner": "orders-team",
}  # fmt: skip
"""The target that tests apply to, as plain data."""

REPLACED = frozenset(check for policy in catalogue() for check in policy.replaces)
"""Checks of Checkov that policies of our own stand for."""


class Recorded(AttachedTerraform):
    """Terraform, and everything that it says."""

    def __init__(self, folder: Path, *, environment: Mapping[str, str], providers: ProviderProcesses) -> None:
        super().__init__(folder, environment=environment, providers=providers)
        self.said: dict[str, str] = {}

    def _execute(self, *arguments: str) -> tuple[Finished, list[Diagnostic]]:
        finished, found = super()._execute(*arguments)
        self.said[f"{len(self.said)} terraform {arguments[0]}"] = finished.stdout + finished.stderr
        return finished, found


class Applied:
    """A stack that runs in the emulator.

    Attributes:
        target: where it was applied.
        plan: its first plan.
        outputs: its outputs.
    """

    def __init__(self, terraform: Recorded, target: Target, emulator: Emulator, work: Path) -> None:
        self.target, self.plan, self.outputs = target, terraform.plan(), dict[str, Any]()
        self._terraform, self._emulator, self._work = terraform, emulator, work
        self._clients: dict[str, Any] = {}

    @property
    def folder(self) -> Path:
        """Where it was synthesized."""
        return self._terraform.folder

    @property
    def document(self) -> dict[str, Any]:
        """The synthesized JSON."""
        text = (self.folder / "cdk.tf.json").read_text(encoding="utf-8")
        found: dict[str, Any] = json.loads(text)
        return found

    def client(self, service: str) -> Any:
        """A boto3 client in the target's region and account; closed at the end."""
        if service not in self._clients:
            self._clients[service] = self._emulator.client(service, self.target.region, self.target.account_id)
        return self._clients[service]

    def plan_of(self, build: Build) -> Plan:
        """The plan of another build on the present state; it is not applied."""
        synthesize(build, self.target, self._work)
        return self._terraform.plan()

    def apply(self, build: Build) -> Plan:
        """Apply another build; a plan after it must be empty. Returns the plan that was applied."""
        plan = self.plan_of(build)
        self.apply_plan(plan)
        return plan

    def apply_plan(self, plan: Plan) -> None:
        """Apply `plan`, and hold what runs to it: no request unanswered, nothing that a second plan would change."""
        self._terraform.apply(plan)
        self.outputs = self._terraform.outputs()
        failures = self._emulator.failures()
        assert not failures, f"the emulator could not answer: {sorted({str(failure) for failure in failures})}"
        again = self._terraform.differences()
        if again is not None:
            review = unexplained(again.document.get("resource_changes", ()))
            assert not review.differences, f"a second plan would change {described(again)}"
            assert not again.output_changes, f"a second plan would change the outputs {again.output_changes}"

    def leaks(self) -> list[str]:
        """Files and answers of Terraform that hold the value of a secret."""
        values = secret_values(self.client("secretsmanager"))
        return leaks(values, {**written(self._work), **self._terraform.said})

    def close(self) -> None:
        """Close the clients."""
        for client in self._clients.values():
            client.close()


def synthesize(build: Build, target: Target, work: Path) -> Path:
    """Synthesize one build into `work` and return the stack's folder."""
    work.mkdir(parents=True, exist_ok=True)
    app = App(outdir=str(work / "cdktf.out"))
    build(TargetStack(app, target))
    app.synth()
    return work / "cdktf.out" / "stacks" / target.name


def planned(build: Build, *, emulator: Emulator, providers: ProviderProcesses, work: Path) -> Plan:
    """The plan of `build` for an account that holds nothing of it; nothing is applied."""
    where = Target.parse(TARGET)
    folder = synthesize(build, where, work)
    environment = emulator.environment(where.region, where.account_id)
    with AttachedTerraform(folder, environment=environment, providers=providers) as terraform:
        terraform.init()
        return terraform.plan()


@contextmanager
def proven(
    build: Build,
    *,
    emulator: Emulator,
    providers: ProviderProcesses,
    checkov: Checkov,
    work: Path,
    target: Mapping[str, Any],
    counts: Counter[str],
    unscanned_reason: str,
) -> Iterator[Applied]:
    """Apply `build`, give it to the test, and destroy it."""
    where = Target.parse({**TARGET, **target})
    folder = synthesize(build, where, work)
    document = json.loads((folder / "cdk.tf.json").read_text(encoding="utf-8"))
    gaps = (*wiring_gaps(document), *metric_problems(document))
    assert not gaps, "\n".join(str(gap) for gap in gaps)
    if not unscanned_reason:
        [report] = checkov.scan([read_synthesized(folder)], without=REPLACED)
        assert not report.failed, "\n".join(str(finding) for finding in report.failed)
    environment = emulator.environment(where.region, where.account_id)
    with Recorded(folder, environment=environment, providers=providers) as terraform:
        terraform.init()
        applied = Applied(terraform, where, emulator, work)
        stray = [change.address for change in applied.plan.resource_changes if not _is_new(change)]
        assert not stray, f"the first plan does more than create: {stray}"
        try:
            applied.apply_plan(applied.plan)
            yield applied
            assert not applied.leaks(), f"the value of a secret stands in {applied.leaks()}"
        finally:
            terraform.destroy()
        assert not terraform.state_addresses(), "the state still holds something after destroy"
        prefix = where.naming.prefix
        left = leftovers(applied.client, prefix=prefix, vpc_id=applied.outputs.get("vpc_id", ""))
        assert not left, f"left after destroy: {left}"
        applied.close()
        counts.update(change.type for change in applied.plan.resource_changes if change.actions == ("create",))


def _is_new(change: ResourceChange) -> bool:
    return change.is_quiet or change.actions == ("create",)


def described(plan: Plan) -> list[str]:
    """What a plan does, one line for each resource, with the attributes that differ."""
    return [
        f"{change.address} {'/'.join(change.actions)} {_differing(change.change)}"
        for change in plan.resource_changes
        if not change.is_quiet
    ]


def _differing(change: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    before, after = change.get("before") or {}, change.get("after") or {}
    return {name: (before.get(name), after.get(name)) for name in after if before.get(name) != after.get(name)}
