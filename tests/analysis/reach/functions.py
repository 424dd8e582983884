"""Functions in a VPC with a role, as plans hold them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from analysis.plan import Plan
from analysis.reach import Need, needs
from tests.analysis.documents import Entry, plan, ref, resource, text

FUNCTION = "aws_lambda_function.api"
ROLE = resource("aws_iam_role.api", {"name": "api"}, unknown={"arn": True, "id": True})
IN_VPC = {"subnet_ids": ["subnet-0123456789abcdef0"], "security_group_ids": ["sg-0123456789abcdef0"]}


def function(
    variables: Mapping[str, str] | None = None,
    *,
    environment: Mapping[str, Any] | None = None,
    expressions: Mapping[str, Any] | None = None,
    unknown: Mapping[str, Any] | None = None,
    **values: Any,
) -> Entry:
    """A function.

    Args:
        variables: known environment variables.
        environment: expression of its environment variables, whose values are unknown.
        expressions: of further attributes.
        unknown: further unknown attributes.
        values: further known values.
    """
    named = [] if environment is None else [f"V{index}" for index, _ in enumerate(_leaves(environment))]
    return resource(
        FUNCTION,
        {"vpc_config": [IN_VPC], "environment": [{"variables": dict(variables or {})}], **values},
        expressions={
            "role": ref("aws_iam_role.api.arn"),
            **({} if environment is None else {"environment": [{"variables": environment}]}),
            **(expressions or {}),
        },
        unknown={"role": True, "environment": [{"variables": dict.fromkeys(named, True)}], **(unknown or {})},
    )


def policy(*statements: Mapping[str, Any]) -> Entry:
    """An inline policy of the role, known where nothing in it is unknown."""
    body = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    is_known = "${" not in body
    return resource(
        "aws_iam_role_policy.api",
        {"role": "api", **({"policy": body} if is_known else {})},
        expressions={"role": text("${aws_iam_role.api.name}"), "policy": text(body)},
        unknown={} if is_known else {"policy": True},
    )


def allow(*actions: str, on: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    """A statement that allows actions."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": on, **more}


def needed(*entries: Entry, **more: Any) -> dict[str, Need]:
    """The needs of these resources, by the name of the destination, with its region where it has one."""
    made = plan(*entries, **more)
    return by_name(made)


def by_name(made: Plan) -> dict[str, Need]:
    """The needs of a plan by destination."""
    return {f"{need.destination.name} {need.destination.region}".strip(): need for need in needs(made)}


def certain(found: Mapping[str, Need]) -> list[str]:
    """Destinations that are needed for sure."""
    return [name for name, need in found.items() if not need.unknown]


def uncertain(found: Mapping[str, Need]) -> dict[str, str]:
    """Destinations that may be needed, with what is unknown."""
    return {name: need.unknown for name, need in found.items() if need.unknown}


def _leaves(expression: Mapping[str, Any]) -> list[Any]:
    constant = expression.get("constant_value")
    if isinstance(constant, Mapping):
        return list(constant)
    return [name for name in expression.get("references", ()) if name.count(".") > 1] or [""]
