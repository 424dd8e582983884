"""What all inputs of a run say, brought together by target, check and resource."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from policies.built_in import BUILT_IN_SEVERITY, Report
from policies.exceptions import Framework
from policies.finding import Finding, Place, Status
from policies.inputs import CheckInput
from policies.masking import masked
from policies.policy import Outcome, Policy, Verdict
from policies.statuses import Statuses, without_keys

_Key = tuple[str, str, str]
_ENSURE = re.compile(r"^Ensure (?:that )?", re.IGNORECASE)
"""How Checkov's titles begin, which are demands; what does not hold is what they demand."""


@dataclass
class Gathered:
    """Verdicts of a run.

    A target may be judged as synthesized JSON and as a plan. What fails in one of them fails; what is unknown in the
    JSON is known where the plan says that it passes, as a plan knows more.
    """

    passed: int = 0
    _findings: dict[_Key, dict[Framework, Finding]] = field(default_factory=dict)
    _passed_in_plan: set[_Key] = field(default_factory=set)

    def add_verdict(self, entry: CheckInput, policy: Policy, verdict: Verdict) -> None:
        """What one of our policies says of a resource of an input."""
        if verdict.outcome is Outcome.PASSED:
            self.passed += 1
            if entry.framework is Framework.TERRAFORM_PLAN:
                self._passed_in_plan.add((entry.target, verdict.address, policy.id))
            return
        self._add(
            entry,
            Finding(
                id=policy.id,
                severity=policy.severity,
                resource=verdict.address,
                target=entry.target,
                message=masked(verdict.message),
                fix=masked(verdict.fix or _clause(policy.fix)),
                status=Status.FAILED if verdict.outcome is Outcome.FAILED else Status.UNKNOWN,
                title=policy.title,
            ),
        )

    def add_report(self, entry: CheckInput, report: Report) -> None:
        """What Checkov says of an input."""
        self.passed += report.passed
        for record in report.failed:
            self._add(
                entry,
                Finding(
                    id=record.check,
                    severity=record.severity or BUILT_IN_SEVERITY,
                    resource=record.address,
                    target=entry.target,
                    message=f"does not hold: {masked(_ENSURE.sub('', record.title))}",
                    fix="set what the check asks for, or skip it with a reason",
                    title=record.title,
                ),
            )

    def findings(self, statuses: Statuses, places: Mapping[str, Sequence[Mapping[str, Place]]]) -> tuple[Finding, ...]:
        """Every finding with its status, by target, resource and check.

        Args:
            statuses: gives each its status.
            places: where resources are written, by target.
        """
        found = list[Finding]()
        for key in sorted(self._findings):
            by_framework = self._findings[key]
            failed = {name for name, entry in by_framework.items() if entry.status is Status.FAILED}
            if not failed and key in self._passed_in_plan:
                continue
            concerned = failed or set(by_framework)
            # A plan has its last word first: it knows more values, which its message names.
            finding = by_framework[max(concerned, key=lambda name: name is Framework.TERRAFORM_PLAN)]
            listed = (by_address.get(without_keys(finding.resource)) for by_address in places.get(finding.target, ()))
            placed = next((place for place in listed if place is not None), None)
            found.append(statuses.of(replace(finding, place=placed), sorted(concerned)))
        return tuple(found)

    def _add(self, entry: CheckInput, finding: Finding) -> None:
        by_framework = self._findings.setdefault((finding.target, finding.resource, finding.id), {})
        known = by_framework.get(entry.framework)
        if known is None or (known.status is Status.UNKNOWN and finding.status is Status.FAILED):
            by_framework[entry.framework] = finding


def _clause(sentence: str) -> str:
    """A sentence as a part of another: without its full stop, and in lower case unless it begins with a name."""
    text = sentence.strip().removesuffix(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
