"""What statements of policies let somebody do, and on how much."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.iam import Statement
from analysis.iam.statement import covers

_EVERYTHING_OF_A_KIND = re.compile(r"arn:[^:]*:[^:]*:[^:]*:[^:]*:(?:[a-z-]+[:/])?\*", re.ASCII)
_PARTS_OF_ARNS = frozenset({"aws_caller_identity", "aws_partition", "aws_region"})


def is_for_everything(statement: Statement) -> bool | None:
    """Whether it acts on every resource, or every one of a kind; None where that is not known."""
    if statement.not_resources:
        return True
    texts = statement.resources.literals
    if any(text == "*" or _EVERYTHING_OF_A_KIND.fullmatch(text) for text in texts):
        return True
    named = (entry.type for entry in statement.resources.resources)
    if statement.resources.unresolved or any(kind in _PARTS_OF_ARNS or not kind.startswith("aws_") for kind in named):
        return None
    return False


def allowed_by(statement: Statement, denials: tuple[Statement, ...]) -> Iterator[str]:
    """The actions, as they are spelled, that a statement allows and none of the denials takes back whole."""
    if statement.effect == "Allow":
        for action in statement.actions:
            if not any(covers(pattern, action) for denial in denials for pattern in denial.actions):
                yield action


def denials_among(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """The statements that deny actions everywhere and always."""
    return tuple(entry for entry in statements if entry.is_absolute_denial and not entry.unknown)
