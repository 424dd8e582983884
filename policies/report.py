"""What a scan found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from modules.core.errors import PolicyError
from policies.exceptions import Framework, PolicyException


@dataclass(frozen=True, order=True)
class Finding:
    """One resource that fails one check.

    Attributes:
        check: id of the check, such as `CKV_AWS_27`.
        name: what the check asks for, in Checkov's words.
        address: the resource, such as `aws_sqs_queue.orders`.
        spelling: the resource as Checkov names it; `resource.orders` in some reports on `cdk.tf.json`.
    """

    check: str
    name: str
    address: str
    spelling: str

    def __str__(self) -> str:
        """The finding as a sentence."""
        return f"{self.address}: {self.check}: {self.name}."


@dataclass(frozen=True)
class ExceptedFinding:
    """A finding and the exception that lets it pass."""

    finding: Finding
    exception: PolicyException

    def __str__(self) -> str:
        """The finding with the reason, as a sentence."""
        return f"{self.finding} Excepted until {self.exception.expires}: {self.exception.reason}"


@dataclass(frozen=True)
class ScanReport:
    """The result of one run of Checkov.

    Attributes:
        place: what was scanned, such as `orders/cdk.tf.json`.
        failed: findings that stop a change.
        excepted: findings that an exception lets pass.
        passed: how many times a check passed on a resource.
        resources_given: how many resources the input holds.
        resources_seen: on how many of them a check gave a verdict; types without any check give none.
    """

    framework: Framework
    place: str
    checkov_version: str
    failed: tuple[Finding, ...]
    excepted: tuple[ExceptedFinding, ...]
    passed: int
    resources_given: int
    resources_seen: int

    @property
    def is_clean(self) -> bool:
        """Whether nothing failed but what is excepted."""
        return not self.failed

    def raise_if_failed(self) -> None:
        """Raise with every finding that is not excepted.

        Raises:
            PolicyError: there is at least one.
        """
        if self.failed:
            head = f"{self.place}: policy findings in {self.framework}: {len(self.failed)}; none is allowed; "
            advice = "correct the resource, or add an entry with a reason and an end to policies/exceptions.yaml"
            raise PolicyError("\n".join([f"{head}{advice}:", *map(str, self.failed)]))


def split_findings(
    findings: Iterable[Finding], framework: Framework, exceptions: Iterable[PolicyException]
) -> tuple[tuple[Finding, ...], tuple[ExceptedFinding, ...]]:
    """Findings that count, and those that an exception lets pass; both sorted."""
    known = tuple(exceptions)
    failed: list[Finding] = []
    excepted: list[ExceptedFinding] = []
    for finding in sorted(set(findings)):
        spellings = (finding.address, finding.spelling)
        covering = next((item for item in known if item.covers(finding.check, framework, spellings)), None)
        if covering is None:
            failed.append(finding)
        else:
            excepted.append(ExceptedFinding(finding, covering))
    return tuple(failed), tuple(excepted)


def unused_exceptions(reports: Iterable[ScanReport], exceptions: Iterable[PolicyException]) -> tuple[str, ...]:
    """A sentence for every exception and framework that none of the reports needed.

    Frameworks without a report are left out: nothing is known about them.
    """
    given = tuple(reports)
    scanned = {report.framework for report in given}
    used = {(item.exception, report.framework) for report in given for item in report.excepted}
    return tuple(
        f"exceptions.yaml: {exception} is needed by no finding in {framework}; an exception that is not needed "
        "hides the next real finding; remove it, or narrow its frameworks"
        for exception in exceptions
        for framework in exception.frameworks
        if framework in scanned and (exception, framework) not in used
    )
