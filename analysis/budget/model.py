"""What a budget says: how much of each limit is used, before and after a plan, and by whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from analysis.finding import Finding


class Verdict(StrEnum):
    """Whether what is used fits into its limit."""

    FITS = "fits"
    OVER = "over"
    UNDECIDABLE = "undecidable"


@dataclass(frozen=True)
class Limit:
    """The most there may be.

    Attributes:
        value: number; None where it is not known.
        source: where it comes from: a snapshot with its day, AWS's default and its document, or an attribute.
        is_certain: whether it holds for this account; a default may have been raised or lowered.
        warns: whether nearly all of it is worth a warning; not where something else keeps use below it.
    """

    value: int | None
    source: str
    is_certain: bool = True
    warns: bool = True

    def __str__(self) -> str:
        """The number with its source."""
        return f"{'unknown' if self.value is None else self.value} ({self.source})"


@dataclass(frozen=True)
class Share:
    """What one resource uses of a limit.

    Attributes:
        address: of the resource, with the plan it is in where there are several.
        before: what it used before the plan.
        after: what it uses after it.
        note: how the number comes about, where that is not plain.
    """

    address: str
    before: int
    after: int
    note: str = ""

    @property
    def growth(self) -> int:
        """What the plan adds; negative where it takes away."""
        return self.after - self.before

    def __str__(self) -> str:
        """Such as `aws_lambda_function.api adds 2 to its 1`."""
        if self.growth == self.after:
            text = f"{self.address} adds {self.after}"
        elif self.growth > 0:
            text = f"{self.address} adds {self.growth} to its {self.before}"
        else:
            text = f"{self.address} has {self.after}"
        return f"{text} ({self.note})" if self.note else text


@dataclass(frozen=True)
class Row:
    """One limit, and what is used of it.

    Attributes:
        rule: what is counted, such as `interfaces-per-vpc`; stable, in kebab case.
        scope: of what: an account and region, a VPC, a subnet, a security group, a function, a database.
        unit: what is counted, such as `network interfaces`.
        before: used before the plan.
        after: used after it, as far as the plan tells.
        limit: the most there may be.
        shares: by whom, what grows most first.
        verdict: whether it fits.
        unknown: what would have to be known; empty where the verdict is certain.
        note: what the numbers leave out, such as other plans of an account that is not known.
    """

    rule: str
    scope: str
    unit: str
    before: int
    after: int
    limit: Limit
    shares: tuple[Share, ...]
    verdict: Verdict
    unknown: tuple[str, ...] = ()
    note: str = ""

    @property
    def growth(self) -> int:
        """What the plans add."""
        return self.after - self.before

    @property
    def growers(self) -> tuple[Share, ...]:
        """Who adds something."""
        return tuple(share for share in self.shares if share.growth > 0)


@dataclass(frozen=True)
class Budget:
    """What plans use of each limit.

    Attributes:
        rows: by rule and scope.
        findings: what does not fit, is nearly used up, or cannot be told; nothing for what fits.
    """

    rows: tuple[Row, ...]
    findings: tuple[Finding, ...] = field(default=())

    def row(self, rule: str, scope: str = "") -> Row | None:
        """The row of a rule (and scope); None where there is none, or several."""
        found = [row for row in self.rows if row.rule == rule and (not scope or row.scope == scope)]
        return found[0] if len(found) == 1 else None
