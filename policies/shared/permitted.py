"""What a role may do to one resource."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from analysis.iam import Policies, RolePolicies, Statement, covers, overlaps
from analysis.plan import UNKNOWN, Plan, Resource, Unknown
from policies.shared.per_plan import per_plan

_NAMES = ("bucket", "function_name", "name")
_FIRST_PART = frozenset({"s3", "sqs", "sns"})
"""Services whose ARNs end with the name alone; others have a word such as `table` before it."""

_ARN_PARTS = 6


@per_plan
def _policies(plan: Plan) -> Policies:
    return Policies(plan)


def role_of(plan: Plan, resource: Resource, path: str) -> Resource | None:
    """The role of the plan that an attribute names; None where it is none, or not known."""
    role = plan.links(resource, path, "aws_iam_role").only
    return role if role is not None and role.mode == "managed" else None


def may(plan: Plan, role: Resource, action: str, on: Resource) -> bool | Unknown:
    """Whether a role may do an action, or one of a pattern, to a resource; UNKNOWN too where a condition decides."""
    policies = _policies(plan).of(role)
    found = [_allows(policies, entry, pattern, action, on) for pattern, entry in policies.allows()]
    if True in found:
        return True
    return UNKNOWN if UNKNOWN in found or not policies.is_complete else False


def may_any(plan: Plan, role: Resource, actions: Iterable[str], on: Resource) -> tuple[str, bool | Unknown]:
    """The first of several actions that a role may do to a resource; else whether that is not known, and of which."""
    unclear = ""
    for action in actions:
        found = may(plan, role, action, on)
        if found is True:
            return action, True
        if found is UNKNOWN:
            unclear = unclear or action
    return unclear, UNKNOWN if unclear else False


def names_it(pattern: str, resource: Resource) -> bool | Unknown:
    """Whether an ARN with wildcards names a resource, or what belongs to it, such as the objects of a bucket."""
    if pattern == "*":
        return True
    arn = resource.get("arn")
    if isinstance(arn, str) and (fnmatchcase(arn, pattern) or pattern.startswith((f"{arn}/", f"{arn}:"))):
        return True
    parts = pattern.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return False
    name = next((value for path in _NAMES if (value := resource.get(path)) is not None), UNKNOWN)
    words = re.split("[:/]", parts[-1])
    word = words[0 if parts[2] in _FIRST_PART else min(1, len(words) - 1)]
    if name is UNKNOWN:
        return UNKNOWN if parts[2] in _service(resource) else False
    return parts[2] in _service(resource) and fnmatchcase(str(name), word)


def _allows(policies: RolePolicies, entry: Statement, pattern: str, action: str, on: Resource) -> bool | Unknown:
    if not overlaps(pattern, action):
        return False
    touched = _touches(entry, on)
    if touched is False or any(_denies(denial, action, on) for denial in policies.statements):
        return False
    return UNKNOWN if touched is UNKNOWN or entry.conditions or entry.operators or entry.unknown else True


def _touches(entry: Statement, on: Resource) -> bool | Unknown:
    named = [names_it(text, on) for text in entry.resources.literals]
    is_named = on in entry.resources.resources or True in named
    if entry.not_resources:
        return False if is_named else UNKNOWN
    if is_named:
        return True
    return UNKNOWN if UNKNOWN in named or entry.resources.unresolved else False


def _denies(denial: Statement, action: str, on: Resource) -> bool:
    if denial.effect != "Deny" or denial.conditions or denial.operators or denial.unknown:
        return False
    return any(covers(pattern, action) for pattern in denial.actions) and _touches(denial, on) is True


def _service(resource: Resource) -> frozenset[str]:
    word = resource.type.removeprefix("aws_").partition("_")[0]
    return frozenset({"events" if resource.type == "aws_cloudwatch_event_rule" else word, "*"})
