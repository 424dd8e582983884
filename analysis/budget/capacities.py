"""How many connections a database of a plan takes, by its class or capacity, or as its parameter group says."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.budget.states import State
from analysis.budget.targets import Targets
from analysis.plan import UNKNOWN, Resource
from modules.database.connection_budgets import Capacity, capacity_of

_MAX_CONNECTIONS = "max_connections"
_DEFAULT = "default."
_GROUPS = {
    "parameter_group_name": "aws_db_parameter_group",
    "db_parameter_group_name": "aws_db_parameter_group",
    "db_cluster_parameter_group_name": "aws_rds_cluster_parameter_group",
}


def capacity(state: State, targets: Targets, database: Resource) -> Capacity:
    """How many connections a database takes; of a cluster, as many as its smallest instance.

    Args:
        state: a plan, after or before it.
        targets: databases of the plan.
        database: instance or cluster.
    """
    size, engine = targets.size(database), database.get("engine")
    address = state.view.address(database)
    told, unknown = _told(state, (database, *targets.members(database)))
    if told is not None:
        return capacity_of("", told=told)
    unknown = unknown or size.unknown or ("" if isinstance(engine, str) else f"engine of {address}")
    if unknown:
        return Capacity(None, unknown)
    found = [capacity_of(engine, instance_class=name) for name in size.classes]
    if size.max_acu:
        found.append(capacity_of(engine, max_acu=size.max_acu, min_acu=size.min_acu))
    known = [entry for entry in found if entry.most is not None]
    if len(known) < len(found) or not known:
        named = next((entry.source for entry in found if entry.most is None), address)
        return Capacity(None, f"max_connections of {address} ({named})")
    return min(known, key=lambda entry: entry.most or 0)


def _told(state: State, resources: tuple[Resource, ...]) -> tuple[int | None, str]:
    """`max_connections` of parameter groups, the smallest of all; and what is not known of it."""
    numbers, unknown = list[int](), ""
    for resource in resources:
        for path, kind in _GROUPS.items():
            groups, missing = state.follow(resource, path, kind)
            outside = () if groups else state.keys(resource, path, kind).keys
            custom = next((name for name in outside if not name.startswith(_DEFAULT)), "")
            unknown = unknown or missing or (f"max_connections of parameter group {custom}" if custom else "")
            for group, value in ((entry, value) for entry in groups for value in _values(entry)):
                if isinstance(value, str | int) and str(value).isascii() and str(value).isdecimal():
                    numbers.append(int(value))
                else:
                    unknown = unknown or f"max_connections of {state.view.address(group)}"
    return (min(numbers) if numbers and not unknown else None), unknown


def _values(group: Resource) -> Iterator[object]:
    if group.get("parameter") is UNKNOWN:
        yield UNKNOWN
    for block in group.blocks("parameter"):
        if block.get("name") is UNKNOWN:  # it may be another parameter, whose value says nothing of this one
            yield UNKNOWN
        elif block.get("name") == _MAX_CONNECTIONS:
            yield block.get("value")
