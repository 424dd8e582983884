"""Functions that triggers name, through an alias or not."""

from __future__ import annotations

from analysis.plan import UNKNOWN, Plan, Resource

FUNCTION, ALIAS = "aws_lambda_function", "aws_lambda_alias"


def functions_of(plan: Plan, resource: Resource, path: str = "function_name") -> tuple[Resource, ...]:
    """The functions that an attribute names by name, ARN or alias; empty where the plan does not hold them."""
    found = dict[Resource, None]()
    for named in plan.links(resource, path, FUNCTION, ALIAS).resources:
        inner = plan.links(named, "function_name", FUNCTION).resources if named.type == ALIAS else (named,)
        found.update(dict.fromkeys(inner))
    return tuple(found)


def seconds(resource: Resource, path: str, default: int) -> int | None:
    """A number of seconds, AWS's default where it is not set; None where it is known only after apply."""
    value = resource.get(path, default)
    return None if value is UNKNOWN else int(value)
