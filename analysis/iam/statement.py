"""A statement of an IAM policy, and how its actions are matched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache

from analysis.plan import Links


@dataclass(frozen=True)
class Statement:
    """One statement, its actions as they are spelled; their letter case does not count.

    Attributes:
        source: address of the resource or data source that holds the policy; the ARN of one that AWS manages.
        sid: its id; empty without one.
        principals: who it is for, by kind: `{"Service": ("lambda.amazonaws.com",)}`; `{"*": ("*",)}` for everybody, and
            nothing in a policy of a role. `${…}` stays as it is written.
        not_principals: whether it names who it is not for (`NotPrincipal`).
        effect: `Allow` or `Deny`.
        actions: such as `s3:GetObject` or `s3:*`.
        not_actions: what `NotAction` names.
        resources: what it acts on: resources of the plan, and texts such as `*` or ARNs of others.
        not_resources: whether it names what it does not act on (`NotResource`).
        conditions: values of each condition by its key in small letters, such as `kms:viaservice`.
        operators: the condition operators, such as `StringEquals`.
        unknown: parts that are known only after apply, such as `Action`.
    """

    source: str
    effect: str = "Allow"
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: Links = field(default_factory=Links)
    not_resources: bool = False
    conditions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    operators: tuple[str, ...] = ()
    sid: str = ""
    unknown: tuple[str, ...] = ()
    principals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    not_principals: bool = False

    @property
    def is_for_everything(self) -> bool:
        """Whether it acts on every resource."""
        return "*" in self.resources.literals and not self.not_resources

    @property
    def is_absolute_denial(self) -> bool:
        """Whether it denies its actions everywhere and always."""
        return self.effect == "Deny" and self.is_for_everything and not self.conditions and not self.operators


def covers(pattern: str, action: str) -> bool:
    """Whether an action pattern holds all of another: `s3:*` holds `s3:Get*`. Letter case does not count."""
    return fnmatchcase(action.lower(), _escaped(pattern.lower()))


@lru_cache(maxsize=65_536)
def overlaps(pattern: str, other: str) -> bool:
    """Whether two action patterns have an action in common, such as `ec2:*Interface` and `ec2:Create*`."""
    return _overlap(pattern.lower(), other.lower())


def _escaped(pattern: str) -> str:
    return pattern.replace("[", "[[]")


def _overlap(left: str, right: str) -> bool:
    row = [True] + [False] * len(right)
    for index, mark in enumerate(right):
        row[index + 1] = row[index] and mark == "*"
    for mark in left:
        above, row = row, [row[0] and mark == "*"]
        for index, other in enumerate(right):
            if "*" in {mark, other}:
                row.append(above[index + 1] or row[index] or above[index])
            else:
                row.append(above[index] and (mark == other or "?" in {mark, other}))
    return row[-1]
