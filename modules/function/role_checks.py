"""What an existing role may do for a function: judged from its policies, before Lambda refuses the function."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Sequence

from modules.core.errors import Problem
from modules.core.iam_documents import Clause, read_clauses
from modules.core.policy import as_text
from modules.core.statements import Condition, Statement
from modules.core.target import Target
from modules.function.permissions import ENI_ACTIONS, eni_statements, is_describe

_FUNCTION_ARN = "lambda:sourcefunctionarn"
_LAMBDA_NEEDS = "Lambda makes and deletes the function's network interfaces with the role (Lambda guide, VPC access)"


def eni_problems(policies: Iterable[str], *, role_arn: str, target: Target) -> Iterator[Problem]:
    """Actions on network interfaces that the policies keep from the Lambda service.

    Wildcards and Deny count as IAM counts them. A condition is judged when it is about the region, or about
    `lambda:SourceFunctionArn`, which calls of the function's code carry and calls of the Lambda service do not; any
    other condition counts against the role, as nobody can tell what it will hold.

    Args:
        policies: JSON documents that can be read.
        role_arn: the role, for the sentence.
        target: account and region of the function.
    """
    clauses = [clause for text in policies for clause in read_clauses(text)]
    reasons: dict[tuple[str, str], list[str]] = {}
    for action in ENI_ACTIONS:
        for reason in _obstacles(clauses, action, "*" if is_describe(action) else target.arn("ec2", "*/*"), target):
            reasons.setdefault(reason, []).append(action)
    for (how, fix), actions in reasons.items():
        given = f"policies of {role_arn} {how} {', '.join(actions)}"
        if not fix:
            yield Problem("", given, _LAMBDA_NEEDS, f"add {as_text(_needed(actions, target))}")
        else:
            yield Problem("", given, _LAMBDA_NEEDS, fix)


def grant_problems(policies: Sequence[str], statements: Iterable[Statement], *, role_arn: str) -> Iterator[Problem]:
    """Statements that the policies do not cover; ARNs that are known only later are taken to match."""
    clauses = [clause for text in policies for clause in read_clauses(text)]
    for statement in statements:
        if not all(_covered(clauses, action, statement.resources) for action in statement.actions):
            yield Problem(
                "",
                f'policies of {role_arn} do not cover the statement "{statement.sid}"',
                "the function or a connection of it needs the statement",
                f"add {as_text([statement])}, or set attach_grants",
            )


def _obstacles(clauses: list[Clause], action: str, resource: str, target: Target) -> Iterator[tuple[str, str]]:
    about = [clause for clause in clauses if clause.is_about(action, resource)]
    allowing = [(clause, _holds(clause, target)) for clause in about if clause.effect == "Allow"]
    if not any(holds for _, holds in allowing):
        conditional = next((clause for clause, _ in allowing if clause.conditions), None)
        if conditional is not None:
            yield f"allow under {_described(conditional)} only", "remove the condition, or set unchecked_reason instead"
        else:
            yield "allow no", ""
    for clause in clauses:
        if clause.effect == "Deny" and _denies(clause, action, resource) and _holds(clause, target) is not False:
            fix = "remove the Deny, or use ArnEquals lambda:SourceFunctionArn, which spares the Lambda service"
            yield f"deny {f'under {_described(clause)} ' if clause.conditions else ''}the actions", fix


def _denies(clause: Clause, action: str, resource: str) -> bool:
    """A Deny counts as soon as it is about some of the resources."""
    return clause.is_about(action, resource) or clause.is_about(action, _ANY)


def _holds(clause: Clause, target: Target) -> bool | None:
    """Whether the conditions hold when the Lambda service calls; `None` where nobody can tell."""
    verdicts = [_condition_holds(condition, target) for condition in clause.conditions]
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _condition_holds(condition: Condition, target: Target) -> bool | None:
    test, key = condition.test.lower(), condition.variable.lower()
    negated = "not" in test
    if key == _FUNCTION_ARN:  # absent from the Lambda service's own calls
        if test == "null":
            return condition.values == ("true",)
        return negated or test.endswith("ifexists")
    if key == "aws:requestedregion" and test.startswith("string"):
        return any(fnmatch.fnmatchcase(target.region, value) for value in condition.values) is not negated
    return None


def _covered(clauses: list[Clause], action: str, resources: Sequence[str]) -> bool:
    for resource in resources:
        about = [clause for clause in clauses if clause.is_about(action, resource)]
        if not any(clause.effect == "Allow" for clause in about):
            return False
        if any(clause.effect == "Deny" and not clause.conditions for clause in about):
            return False
    return True


def _needed(actions: Sequence[str], target: Target) -> Iterator[Statement]:
    for statement in eni_statements(target):
        wanted = tuple(action for action in statement.actions if action in actions)
        if wanted:
            yield Statement(statement.sid, wanted, statement.resources)


def _described(clause: Clause) -> str:
    return " and ".join(f"the condition {condition.test} {condition.variable}" for condition in clause.conditions)


_ANY = "${any}"
"""A resource that is known only later, of which every clause may speak."""
