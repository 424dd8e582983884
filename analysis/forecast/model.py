"""What a plan destroys, in Terraform's order, and what that hangs on or fails at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from analysis.finding import Finding


class Action(StrEnum):
    """What a plan does to a resource, as far as it matters here."""

    DELETE = "delete"
    REPLACE = "replace"
    UPDATE = "update"
    FORGET = "forget"


@dataclass(frozen=True)
class Wait:
    """A documented time.

    Attributes:
        minutes: the most it takes, or the most that the provider waits before it fails.
        reason: what is waited for.
        source: document that gives the time.
    """

    minutes: int
    reason: str
    source: str


@dataclass(frozen=True)
class Step:
    """One step of a destroy or replacement that waits, fails, or leaves something behind.

    Attributes:
        position: place in the order, from 1.
        address: the resource.
        action: what the plan does to it.
        wait: documented time; None where no document gives one.
        rules: rules of the findings about it; empty when there is only the wait.
    """

    position: int
    address: str
    action: Action
    wait: Wait | None = None
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Forecast:
    """What will hang, fail, be kept or be lost when a plan is applied.

    Attributes:
        steps: in the order in which Terraform destroys; without those that no document gives a time for and nothing is
            said of.
        findings: by level and address.
    """

    steps: tuple[Step, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def longest_wait_minutes(self) -> int:
        """The longest documented time of a single step, in minutes; 0 when nothing waits."""
        return max((step.wait.minutes for step in self.steps if step.wait), default=0)
