"""Functions that are invoked asynchronously, by whom, and where failed events go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.plan import UNKNOWN, Plan, Resource
from modules.core.invocation import ASYNCHRONOUS_SERVICES
from policies.shared.callees import callee
from policies.shared.per_plan import per_plan
from policies.shared.triggers import triggers

INVOKE_CONFIG = "aws_lambda_function_event_invoke_config"
PERMISSION = "aws_lambda_permission"
_PRINCIPALS = frozenset(f"{service}.amazonaws.com" for service in ASYNCHRONOUS_SERVICES)


@dataclass
class Invocations:
    """Asynchronous invocations of a function.

    Attributes:
        by: address of what invokes it, by qualifier; None where that is not known.
    """

    by: dict[str | None, list[str]] = field(default_factory=dict)


@per_plan
def asynchronous(plan: Plan) -> Mapping[Resource, Invocations]:
    """Functions that something invokes asynchronously, or may by its permission."""
    found = dict[Resource, Invocations]()
    for trigger in triggers(plan):
        if trigger.kind.is_asynchronous and trigger.callee.function is not None:
            _add(found, trigger.callee.function, trigger.callee.qualifier, trigger.resource)
    for permission in plan.of(PERMISSION):
        if not _is_asynchronous(permission.get("principal")):
            continue
        called = callee(plan, permission, "function_name", qualifier="qualifier")
        if called is not None and called.function is not None:
            _add(found, called.function, called.qualifier, permission)
    return found


@per_plan
def invoke_configs(plan: Plan) -> Mapping[Resource | None, tuple[tuple[str | None, Resource], ...]]:
    """What is set for asynchronous invocations, by function and with the qualifier; by None where it is not known."""
    found = dict[Resource | None, list[tuple[str | None, Resource]]]()
    for entry in plan.of(INVOKE_CONFIG):
        called = callee(plan, entry, "function_name", qualifier="qualifier")
        if called is not None and (called.function is not None or called.unknown):
            found.setdefault(called.function, []).append((called.qualifier, entry))
    return {function: tuple(entries) for function, entries in found.items()}


def _is_asynchronous(principal: object) -> bool:
    if principal is UNKNOWN or not isinstance(principal, str):
        return False
    parts = principal.removesuffix(".cn").split(".")
    of_a_region = parts[0] == "logs" and len(parts) == 4  # noqa: PLR2004  # logs.eu-west-1.amazonaws.com
    return of_a_region or ".".join(parts) in _PRINCIPALS


def _add(found: dict[Resource, Invocations], function: Resource, qualifier: str | None, by: Resource) -> None:
    found.setdefault(function, Invocations()).by.setdefault(qualifier, []).append(str(by))
