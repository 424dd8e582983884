"""The steps of a proof, in order, against whatever account the environment points to."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.wiring import wiring_gaps
from modules.core.errors import PlanError, SuiteError
from policies.check import check
from policies.checkov import Checkov
from policies.exceptions import Framework
from policies.finding import Status
from policies.inputs import InputFile, read_input
from rollout.adapters.synth import synth_warnings, synthesize
from rollout.adapters.terraform import Terraform
from rollout.adapters.terraform_events import Event, Phase
from rollout.adapters.terraform_plan import Plan, ResourceChange
from rollout.proof.model import Observer, Outcome, ProofReport, told
from rollout.proof.release import environments_with
from rollout.proof.step import run_step
from rollout.readback.check import Check
from rollout.targets import TargetEntry


@dataclass(frozen=True)
class Subject:
    """What is proven, and what only its stack knows.

    Attributes:
        entry: the target.
        environments: folder it was read from.
        project: folder of `main.py`.
        change: settings that let stateful resources go; also the one change whose reach is proven.
        changes_only: types of the resources that this change may touch.
        read_back: compares what runs with what was meant, given outputs and the plan.
        leftovers: what is left after destroy, given the outputs from before.
        scheduled: what AWS keeps for a while by design.
        sort_gaps: splits changes of a second plan into known gaps (by name) and real changes.
    """

    entry: TargetEntry
    environments: Path
    project: Path
    change: Mapping[str, Any]
    changes_only: frozenset[str]
    read_back: Callable[[Mapping[str, Any], Plan], Sequence[Check]]
    leftovers: Callable[[Mapping[str, Any]], Sequence[str]]
    scheduled: Callable[[], Sequence[str]]
    sort_gaps: Callable[[Sequence[ResourceChange]], tuple[Sequence[str], Sequence[str]]]


_WORDS = {Framework.TERRAFORM_JSON: "JSON", Framework.TERRAFORM_PLAN: "plan"}


class Proof:
    """Runs the steps; one that fails ends the proof, but what was applied is destroyed all the same."""

    def __init__(self, subject: Subject, *, work: Path, environment: Mapping[str, str], observer: Observer) -> None:
        """Prepare; nothing runs yet.

        Args:
            subject: what is proven.
            work: folder for synthesized stacks and state; must be empty or absent.
            environment: environment of Terraform: credentials, region, endpoint.
            observer: shows progress.
        """
        self._subject, self._work = subject, work
        self._environment, self._observer = dict(environment), observer
        self.report = ProofReport(target=subject.entry.target.name)
        self._outputs: dict[str, Any] = {}
        self._open = ExitStack()
        self._checkov = self._open.enter_context(Checkov())
        self._terraform: Terraform
        self._plan: Plan
        self._tracked, self._done = 0, 0
        self._is_released = False

    def run(self) -> ProofReport:
        """Run every step and return what was found out."""
        planning = (
            ("synthesize", self._synthesize),
            ("check how functions and stores are wired", self._check_wiring),
            ("judge the synthesized JSON by every policy", self._judge_synthesized),
            ("terraform init and validate", self._init),
            ("terraform plan", self._first_plan),
            ("judge the plan by every policy", self._judge_plan),
        )
        running = (
            ("apply", self._apply),
            ("read back", self._read_back),
            ("plan again", self._second_plan),
            ("change one thing", self._change),
        )
        with self._open:
            if self._steps(planning):
                self._steps(running)
                self._step("destroy", self._destroy)
        return self.report

    def _steps(self, steps: Iterable[tuple[str, Callable[[], Outcome]]]) -> bool:
        """Run steps until one does not hold."""
        return all(self._step(title, action) for title, action in steps)

    def _step(self, title: str, action: Callable[[], Outcome]) -> bool:
        result = run_step(self._observer, title, action)
        self.report.steps.append(result)
        return result.held

    def _synthesize(self) -> Outcome:
        folder = self._synthesized(self._subject.environments)
        terraform = Terraform(folder, environment=self._environment, on_event=self._on_event)
        self._terraform = self._open.enter_context(terraform)
        self.report.versions["terraform"] = self._terraform.version()
        count = sum(len(kind) for kind in _read(folder / "cdk.tf.json")["resource"].values())
        warnings = tuple(f"warning: {warning}" for warning in synth_warnings(folder.parent))
        return Outcome(f"{count} resources in {folder.name}/cdk.tf.json", details=warnings)

    def _synthesized(self, environments: Path) -> Path:
        entry, project = self._subject.entry, self._subject.project
        stacks = synthesize(
            self._work / "cdktf.out", project=project, environments=environments, target=entry.target.name
        )
        return stacks / entry.target.name

    def _check_wiring(self) -> Outcome:
        gaps = wiring_gaps(_read(self._terraform.folder / "cdk.tf.json"))
        return Outcome(f"{len(gaps)} parts missing", tuple(str(gap) for gap in gaps))

    def _judge_synthesized(self) -> Outcome:
        return self._judged(Framework.TERRAFORM_JSON, self._terraform.folder)

    def _init(self) -> Outcome:
        self._terraform.init()
        self._terraform.validate()
        versions = self._terraform.provider_versions()
        self.report.versions |= {f"provider {name}": version for name, version in versions.items()}
        return Outcome("the provider accepts the configuration", details=(self._terraform.provider_source.sentence,))

    def _first_plan(self) -> Outcome:
        self._plan = self._terraform.plan(out=self._work.absolute() / "first.tfplan")
        self.report.plan = self._plan.document
        created = [change for change in self._plan.resource_changes if change.actions == ("create",)]
        self.report.planned = dict(sorted(Counter(change.type for change in created).items()))
        unexpected = [c.address for c in self._plan.resource_changes if not c.is_quiet and c.actions != ("create",)]
        return Outcome(f"{len(created)} resources to add", tuple(f"not only added: {a}" for a in unexpected))

    def _judge_plan(self) -> Outcome:
        file = self._work / "plan.json"
        file.write_text(json.dumps(self._plan.document, indent=1), encoding="utf-8")
        return self._judged(Framework.TERRAFORM_PLAN, file)

    def _judged(self, framework: Framework, path: Path) -> Outcome:
        entry = InputFile(self.report.target, framework, path, self._terraform.folder)
        result = check([read_input(entry)], scan=self._checkov.scan)
        self.report.judged[_WORDS[framework]] = result
        self.report.versions["checkov"] = result.summary.checkov
        failed = tuple(str(finding) for finding in result.findings if finding.status is Status.FAILED)
        unknown = tuple(f"unknown: {finding}" for finding in result.findings if finding.status is Status.UNKNOWN)
        return Outcome(told(result), failed, unknown)

    def _apply(self) -> Outcome:
        self._track(self.report.planned_count)
        self._terraform.apply(self._plan)
        managed = [a for a in self._terraform.state_addresses() if ".data." not in f".{a}"]
        self.report.applied = len(managed)
        self._outputs = self._terraform.outputs()
        planned = self.report.planned_count
        broken = () if len(managed) == planned else (f"{planned} were planned, the state holds {len(managed)}",)
        return Outcome(f"{len(managed)} resources applied", broken)

    def _read_back(self) -> Outcome:
        self.report.checks = tuple(self._subject.read_back(self._outputs, self._plan))
        broken = tuple(
            f"{check.subject}: {check.found} was found; {check.expected} was expected"
            for check in self.report.checks
            if not check.held
        )
        if not self.report.checks:
            broken = ("nothing was read back",)
        return Outcome(f"{len(self.report.checks)} facts compared", broken)

    def _second_plan(self) -> Outcome:
        again = self._terraform.plan()
        gaps, changes = self._subject.sort_gaps([c for c in again.resource_changes if not c.is_quiet])
        self.report.gaps = tuple(gaps)
        self.report.second_plan_changes = len(changes) + len(again.output_changes)
        outputs = tuple(f"output {name} changes" for name in again.output_changes)
        return Outcome(
            f"{self.report.second_plan_changes} changes, {len(gaps)} known gaps", (*changes, *outputs), tuple(gaps)
        )

    def _change(self) -> Outcome:
        subject = self._subject
        plan = self._plan_of_change()
        touched = [c for c in plan.resource_changes if not c.is_quiet and subject.sort_gaps([c])[1]]
        self.report.changed = tuple(change.address for change in touched)
        stray = tuple(
            f"{c.address} would {'/'.join(c.actions)}"
            for c in touched
            if c.type not in subject.changes_only or c.actions != ("update",)
        )
        if stray or not touched:
            return Outcome("the change reaches further than it should", stray or ("the change touches nothing",))
        self._track(len(touched))
        self._terraform.apply(plan)
        self._is_released = True
        return Outcome(f"only {', '.join(self.report.changed)} changed, in place")

    def _plan_of_change(self) -> Plan:
        subject = self._subject
        changed = environments_with(
            subject.change, of=subject.entry, source=subject.environments, copy=self._work / "environments"
        )
        self._synthesized(changed)
        return self._terraform.plan()

    def _destroy(self) -> Outcome:
        unreleased = () if self._is_released else self._release()
        self._track(len(self._terraform.state_addresses()))
        self._terraform.destroy()
        left = self._terraform.state_addresses()
        if left:
            raise PlanError(f"the state still holds {', '.join(left)} after destroy")
        self.report.left = tuple(self._subject.leftovers(self._outputs))
        self.report.scheduled = tuple(self._subject.scheduled())
        broken = tuple(f"left: {thing}" for thing in self.report.left)
        return Outcome(f"{len(self.report.left)} resources left", broken, (*unreleased, *self.report.scheduled))

    def _release(self) -> tuple[str, ...]:
        """After a failed step, let go what is protected; what could not be is told, and destroyed as far as it goes."""
        try:
            self._terraform.apply(self._plan_of_change())
        except SuiteError as error:
            return tuple(str(error).splitlines())
        return ()

    def _track(self, total: int) -> None:
        self._tracked, self._done = total, 0

    def _on_event(self, event: Event) -> None:
        if event.phase is Phase.COMPLETE and event.action not in {"refresh", "read", "noop"}:
            self._done += 1
        if self._tracked and event.action not in {"refresh", "read", "noop"}:
            self._observer.progressed(min(self._done, self._tracked), self._tracked, event.address)


def _read(file: Path) -> dict[str, Any]:
    document = json.loads(file.read_text(encoding="utf-8"))
    assert isinstance(document, dict)  # noqa: S101  # the engine writes an object; tells the type checker
    return document
