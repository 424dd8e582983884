"""What a proof tells: its steps, its numbers, and whether everything held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from policies.finding import Finding, Status
from policies.result import CheckResult
from rollout.readback.check import Check

ACCEPTED = frozenset({Status.EXCEPTED, Status.SKIPPED})
"""Findings that stop nothing, for a reason that stands beside them."""


@dataclass(frozen=True)
class Outcome:
    """What a step says of itself when it has not failed.

    Attributes:
        summary: one line.
        broken: what did not hold, one line each; a step with any has failed.
        details: further lines for the report.
    """

    summary: str
    broken: tuple[str, ...] = ()
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class StepResult:
    """One step as it went.

    Attributes:
        title: what the step does.
        seconds: how long it took.
        held: whether it held; a step that was not reached has not.
        summary: one line.
        details: further lines: what did not hold first.
    """

    title: str
    seconds: float
    held: bool
    summary: str
    details: tuple[str, ...] = ()


class Observer(Protocol):
    """Whoever shows the progress of a proof."""

    def started(self, title: str) -> None:
        """A step begins."""

    def progressed(self, done: int, total: int, what: str) -> None:
        """The step has done `done` of `total`."""

    def finished(self, result: StepResult) -> None:
        """The step has ended."""


@dataclass
class ProofReport:
    """Everything a proof found out.

    Attributes:
        target: name of the target.
        steps: every step in order.
        versions: programs and their versions.
        planned: resources the first plan creates, by type.
        applied: managed resources in the state after apply.
        checks: what was read back.
        second_plan_changes: resources the second plan would change, without known emulator gaps.
        changed: resources that the one change touched.
        left: what was left after destroy.
        scheduled: what AWS keeps for a while by design, such as KMS keys that wait for deletion.
        judged: what the policies and Checkov say, of the synthesized JSON and of the plan.
        gaps: what the emulator could not hold, by name.
        plan: the first plan's document.
    """

    target: str
    steps: list[StepResult] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    planned: Mapping[str, int] = field(default_factory=dict)
    applied: int = 0
    checks: Sequence[Check] = ()
    second_plan_changes: int | None = None
    changed: Sequence[str] = ()
    left: Sequence[str] | None = None
    scheduled: Sequence[str] = ()
    judged: dict[str, CheckResult] = field(default_factory=dict)
    gaps: Sequence[str] = ()
    plan: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def held(self) -> bool:
        """Whether every step held."""
        return bool(self.steps) and all(step.held for step in self.steps)

    @property
    def planned_count(self) -> int:
        """How many resources the first plan creates."""
        return sum(self.planned.values())

    @property
    def accepted(self) -> tuple[Finding, ...]:
        """Every finding that an exception covers or its resource skips; once, when both inputs have it."""
        found = (finding for result in self.judged.values() for finding in result.findings)
        return tuple(dict.fromkeys(finding for finding in found if finding.status in ACCEPTED))

    def numbers(self) -> dict[str, str]:
        """The numbers that the report leads with."""
        held = sum(check.held for check in self.checks)
        return {
            "resources planned": str(self.planned_count),
            "resources applied": str(self.applied),
            "facts read back": f"{held} of {len(self.checks)} hold",
            "changes in the second plan": _known(self.second_plan_changes),
            "resources that one change touches": str(len(self.changed)),
            "resources left after destroy": _known(None if self.left is None else len(self.left)),
            "policies and Checkov": "; ".join(f"{name} {told(found)}" for name, found in self.judged.items())
            or "not reached",
        }


def told(result: CheckResult) -> str:
    """How many checks passed and did not."""
    accepted = sum(finding.status in ACCEPTED for finding in result.findings)
    failed, unknown = result.count(Status.FAILED), result.count(Status.UNKNOWN)
    return f"{result.summary.passed} passed, {failed} failed, {unknown} unknown, {accepted} accepted"


def _known(number: int | None) -> str:
    return "not reached" if number is None else str(number)
