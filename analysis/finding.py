"""What a calculator over a plan has to say about one resource."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """It will fail, hang or be refused."""

    WARNING = "warning"
    """It works until something else fails or grows."""

    UNDECIDABLE = "undecidable"
    """The plan does not tell; what is unknown stands in the finding."""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to know before a plan is applied.

    Attributes:
        rule: what was looked at, such as `no-path` or `interfaces-per-vpc`; stable, in kebab case.
        level: how much it matters.
        address: the resource it is about.
        missing: the missing piece, the number that does not fit, or what is unknown.
        message: one sentence: what will happen, and why.
        fix: one sentence: what to do.
    """

    rule: str
    level: Level
    address: str
    missing: str
    message: str
    fix: str

    def __str__(self) -> str:
        """`address: message; fix`."""
        return f"{self.address}: {self.message}; {self.fix}"
