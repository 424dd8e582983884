"""What a policy is, and what it says of a resource."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a view imports the calculators, and is made only to judge
    from analysis.plan import Resource
    from policies.view import View

Sample = Mapping[str, Any]
"""Terraform in JSON: what `main.tf.json` may hold."""


class Severity(StrEnum):
    """How much a finding matters."""

    LOW = "LOW"
    """A habit that costs later."""

    MEDIUM = "MEDIUM"
    """It fails under load, in an outage, or unnoticed."""

    HIGH = "HIGH"
    """It will fail, lose data, or open what should be closed."""

    CRITICAL = "CRITICAL"
    """Everybody can get in."""

    @property
    def rank(self) -> int:
        """From 0, the least."""
        return list(type(self)).index(self)


class Outcome(StrEnum):
    """What a policy says of a resource."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """What decides is known only after apply, or stands nowhere in what is judged."""


@dataclass(frozen=True, order=True)
class Verdict:
    """One policy on one resource.

    Attributes:
        address: the resource.
        outcome: what is said of it.
        message: what fired, with the values that did, or what is unknown; empty where it passed. It reads after
            `<address>: `, begins in lower case and has no full stop.
        fix: what to do with this very resource; empty for the policy's own.
    """

    address: str
    outcome: Outcome
    message: str = ""
    fix: str = ""


def passed(resource: Resource | str) -> Verdict:
    """The policy holds."""
    return Verdict(str(resource), Outcome.PASSED)


def failed(resource: Resource | str, message: str, fix: str = "") -> Verdict:
    """The policy does not hold."""
    return Verdict(str(resource), Outcome.FAILED, message, fix)


def unknown(resource: Resource | str, message: str, fix: str = "") -> Verdict:
    """It cannot be told whether the policy holds."""
    return Verdict(str(resource), Outcome.UNKNOWN, message, fix)


@dataclass(frozen=True)
class Policy:
    """One rule over a plan or over synthesized JSON.

    Attributes:
        id: `CKV2_LNET_` and a number; it never changes and is never used again.
        title: what holds where it passes, as Checkov names its checks.
        severity: how much a finding matters.
        types: resource types that it gives verdicts on.
        why: what happens otherwise, in a sentence or two.
        source: the document that says so.
        fix: how to mend it.
        judge: the rule itself: at most one verdict on each resource; none on what it does not concern.
        samples: resources whose names tell the verdict: `passes_…`, `fails_…`, `unknown_then_passes_…` and
            `unknown_then_fails_…` (known once the sample is applied); on all others there is none.
        replaces: checks of Checkov that it stands for, each with the reason.
    """

    id: str
    title: str
    severity: Severity
    types: tuple[str, ...]
    why: str
    source: str
    fix: str
    judge: Callable[[View], Iterable[Verdict]] = field(repr=False)
    samples: tuple[Sample, ...] = field(repr=False)
    replaces: Mapping[str, str] = field(default_factory=dict, repr=False)
