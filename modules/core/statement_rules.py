"""Rules for IAM statements and documents that somebody writes by hand: syntax, breadth and size.

What a module grants by itself goes through none of this; its tests speak for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from modules.core.errors import Problem
from modules.core.statements import Condition, Statement
from modules.core.tokens import is_token

SERVICE_PRINCIPAL = r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?"
"""Service principals, such as `events.amazonaws.com`."""

_SID = re.compile(r"[A-Za-z0-9]+")
_ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z0-9*?]+")
_ARN_PARTS = 6
_PREFIX, _SUFFIX = r"(?:ForAllValues:|ForAnyValue:)?", r"(?:IfExists)?"
_OPERATOR = re.compile(
    rf"{_PREFIX}(?:"
    r"String(?:Not)?Equals(?:IgnoreCase)?|String(?:Not)?Like|Numeric(?:Not)?Equals|Numeric(?:Less|Greater)Than(?:Equals)?|"
    r"Date(?:Not)?Equals|Date(?:Less|Greater)Than(?:Equals)?|Bool|BinaryEquals|(?:Not)?IpAddress|Arn(?:Not)?(?:Equals|Like)"
    rf"){_SUFFIX}|Null"
)
_VARIABLE = re.compile(r"[A-Za-z0-9-]+:[\w.:/@+=, -]+", re.ASCII)
_TOKEN = re.compile(r"[$#]\{TfToken\[[^\]]+\]\}|\$\{[^}]*\}")


def statement_problems(statement: Statement, *, wildcard_resource_reason: str = "") -> Iterator[Problem]:
    """What IAM would refuse about an identity policy's statement, and what allows more than it says.

    Args:
        statement: the statement.
        wildcard_resource_reason: why it is about every resource of a service, if it is.
    """
    where = f'statement "{statement.sid}"'
    if not is_token(statement.sid) and not _SID.fullmatch(statement.sid):
        yield Problem(
            "", f'sid is "{statement.sid}"', "a sid is letters and digits (IAM)", "write the reason as a word"
        )
    if statement.effect not in ("Allow", "Deny"):
        yield Problem(where, f'effect is "{statement.effect}"', "it is Allow or Deny", "write one of them")
    if not statement.actions:
        yield Problem(where, "actions is empty", "a statement is about something", "name the actions")
    for action in statement.actions:
        yield from _action_problems(where, action, allows=statement.effect == "Allow")
    if not statement.resources:
        yield Problem(where, "resources is empty", "a statement is about something", "name the ARNs")
    for resource in statement.resources:
        yield from _resource_problems(where, resource)
    broad = [resource for resource in statement.resources if is_wildcard_resource(resource)]
    if statement.effect == "Allow" and broad and not wildcard_resource_reason:
        yield Problem(
            where,
            f'resources holds "{broad[0]}"',
            "it allows the actions on everything the account has",
            "name the ARNs, or set wildcard_resource_reason",
        )
    if wildcard_resource_reason and not broad:
        yield Problem(
            where,
            "wildcard_resource_reason is set",
            "no resource is a wildcard",
            "remove it",
        )
    for condition in statement.conditions:
        yield from condition_problems(where, condition)


def condition_problems(where: str, condition: Condition) -> Iterator[Problem]:
    """What IAM would refuse about a condition."""
    if not _OPERATOR.fullmatch(condition.test):
        yield Problem(
            where,
            f'a condition\'s test is "{condition.test}"',
            "IAM knows StringEquals, ArnLike, Bool, IpAddress and the like, with IfExists after or ForAnyValue: before",
            "correct it",
        )
    if not is_token(condition.variable) and not _VARIABLE.fullmatch(condition.variable):
        yield Problem(
            where,
            f'a condition\'s variable is "{condition.variable}"',
            "a condition key reads like aws:SourceArn",
            "correct it",
        )
    if not condition.values:
        yield Problem(where, f"the condition on {condition.variable} has no values", "it needs one", "name them")


def is_wildcard_resource(resource: str) -> bool:
    """Whether an ARN pattern is about every resource of a service, or of all services."""
    if is_token(resource):
        return False
    parts = resource.split(":", _ARN_PARTS - 1)
    return not parts[-1].strip("*/?") if len(parts) == _ARN_PARTS else not resource.strip("*")


def characters(document: str) -> int:
    """How many characters IAM counts at least: white space is free, and a value known only later counts nothing."""
    return len("".join(_TOKEN.sub("", document).split()))


def _action_problems(where: str, action: str, *, allows: bool) -> Iterator[Problem]:
    if is_token(action):
        return
    if action == "*" or (allows and action.partition(":")[2].strip("*?") == "" and ":" in action):
        yield Problem(
            where,
            f'actions holds "{action}"',
            "it stands for every action of " + ("all services" if action in ("*", "*:*") else "the service"),
            "name the actions",
        )
    elif not _ACTION.fullmatch(action):
        yield Problem(
            where, f'actions holds "{action}"', "an action reads like s3:GetObject, the service in lower case",
            "correct it",
        )  # fmt: skip


def _resource_problems(where: str, resource: str) -> Iterator[Problem]:
    if is_token(resource) or resource == "*":
        return
    parts = resource.split(":", _ARN_PARTS - 1)
    if len(parts) != _ARN_PARTS or parts[0] != "arn" or not all((parts[1], parts[2], parts[-1])):
        yield Problem(
            where,
            f'resources holds "{resource}"',
            "a resource is an ARN such as arn:aws:s3:::name/*",
            "write the whole ARN",
        )
