"""Provisioned concurrency: what is kept ready, of which function, under which alias or version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis.budget.callables import Callables, Named
from analysis.budget.states import State
from analysis.budget.view import number_at
from analysis.plan import UNKNOWN, Resource

_COUNT = "provisioned_concurrent_executions"
_PREFIX = "function:"


@dataclass(frozen=True)
class Provision:
    """Something that sets provisioned concurrency.

    Attributes:
        resource: what sets it.
        named: the function.
        qualifier: alias or version; a key of its own where it is not known.
        count: most environments; None where it is not known.
        unknown: what is not known; empty where all is.
    """

    resource: Resource
    named: Named
    qualifier: str
    count: int | None
    unknown: str = ""


def provisions(state: State, callables: Callables) -> Iterator[Provision]:
    """Everything that sets provisioned concurrency: resources of Lambda and of Application Auto Scaling."""
    for entry in state.of("aws_lambda_provisioned_concurrency_config"):
        named = callables.named(entry, "function_name")
        qualifier = _qualifier(state, entry, named)
        yield _provision(state, entry, named, qualifier, _COUNT)
    targets = {target: _scaled(callables, target) for target in state.of("aws_appautoscaling_target")}
    for target, named in targets.items():
        if target.get("service_namespace") == "lambda":
            yield _provision(state, target, named, _alias_name(named, target.address), "max_capacity")
    for entry in state.of("aws_appautoscaling_scheduled_action"):
        if entry.get("service_namespace") == "lambda" and entry.get("scalable_target_action.max_capacity") is not None:
            named = _scaled(callables, entry)
            yield _provision(
                state, entry, named, _alias_name(named, entry.address), "scalable_target_action.max_capacity"
            )


def most_of(entries: Iterable[Provision]) -> int:
    """Most environments of one function: the largest number of each alias or version, together."""
    most: dict[str, int] = {}
    for entry in entries:
        most[entry.qualifier] = max(most.get(entry.qualifier, 0), entry.count or 0)
    return sum(most.values())


def _provision(state: State, entry: Resource, named: Named, qualifier: str, path: str) -> Provision:
    count = number_at(entry, path, 0)
    unknown = named.unknown or ("" if count is not None else f"{path} of {state.view.address(entry)}")
    return Provision(entry, named, qualifier, count, unknown)


def _qualifier(state: State, entry: Resource, named: Named) -> str:
    value = entry.get("qualifier")
    if isinstance(value, str):
        return value
    aliases, _ = state.follow(entry, "qualifier", "aws_lambda_alias")
    name = aliases[0].get("name") if len(aliases) == 1 else None
    return name if isinstance(name, str) else named.qualifier or f"?{entry.address}"


def _alias_name(named: Named, address: str) -> str:
    name = named.qualifier or (named.alias.get("name") if named.alias is not None else None)
    return name if isinstance(name, str) and name else f"?{address}"


def _scaled(callables: Callables, entry: Resource) -> Named:
    """The function of a scaling target: `function:NAME:QUALIFIER`."""
    value = entry.get("resource_id")
    if value is UNKNOWN or not isinstance(value, str):
        return callables.named(entry, "resource_id")
    return callables.of_text(value.removeprefix(_PREFIX))
