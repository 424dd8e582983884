"""What a dashboard takes from constructs: the rows of everything between the trigger and the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from modules.core.target import Target
from modules.dashboard.functions import FunctionView, function_rows
from modules.dashboard.layout import Row
from modules.dashboard.network import endpoint_row, nat_row
from modules.dashboard.stores import cache_row, database_row, serverless_cache_row
from modules.network.endpoint_catalogue import ENDPOINT_SERVICES

# Constructs are asked for what they have, as the suite's own and existing ones differ in it: `Any` throughout.


def key_of(construct: Any) -> str:
    """What its rows are sorted by."""
    return str(construct.node.path)


def title_of(construct: Any) -> str:
    """What its graphs are called: its path below the stack."""
    path = key_of(construct)
    return path.partition("/")[2] or path


def function_view(function: Any, periods: Mapping[str, int]) -> FunctionView:
    """What is known of a function; of an existing one that is its name, and maybe its reserved concurrency."""
    config, live = getattr(function, "config", None), getattr(function, "live", None)
    return FunctionView(
        key=key_of(function),
        title=title_of(function),
        function_name=function.function_name,
        alias=live.name if live is not None else _existing_alias(function, config),
        is_provisioned=live is not None and live.provisioned is not None,
        timeout_seconds=config.timeout_seconds if config is not None else 0,
        reserved_concurrency=config.reserved_concurrency if config is not None else None,
        has_insights=config is not None and config.insights is not None,
        dead_letter_queue_name=getattr(function, "dead_letter_queue_name", ""),
        period_seconds=periods.get(function.node.id, 0),
    )


def _existing_alias(function: Any, config: Any) -> str:
    """The alias, or version, by which an existing function is invoked."""
    return str(function.invocation.qualifier) if config is None else ""


def rows_of_functions(functions: Iterable[Any], periods: Mapping[str, int]) -> tuple[Row, ...]:
    """Rows of all functions."""
    return tuple(row for function in functions for row in function_rows(function_view(function, periods)))


def rows_of_network(network: Any, target: Target) -> Iterator[Row]:
    """Rows of a network: its NAT gateways and its interface endpoints, as far as they are made here."""
    key, title = key_of(network), title_of(network)
    if network.nat_gateways:
        yield nat_row(key, title, network.nat_gateways)
    endpoints = {
        service: (endpoint_id, ENDPOINT_SERVICES[service].service_name(target, interface=True))
        for service, endpoint_id in network.interface_endpoints.items()
    }
    if endpoints:
        yield endpoint_row(key, title, vpc_id=network.vpc_id, endpoints=endpoints)


def row_of_database(database: Any) -> Row:
    """The row of an instance and its replicas, or of the instances of a cluster."""
    members: Mapping[str, str] = getattr(database, "instance_identifiers", {})
    replicas: Mapping[str, Any] = getattr(database, "replicas", {})
    if members:
        instances = [{"DBInstanceIdentifier": identifier} for _, identifier in sorted(members.items())]
    elif database.instance_identifier:
        names = (
            database.instance_identifier,
            *(replica.instance_identifier for _, replica in sorted(replicas.items())),
        )
        instances = [{"DBInstanceIdentifier": name} for name in names]
    else:
        instances = [{"DBClusterIdentifier": database.cluster_identifier}]
    return database_row(
        key_of(database),
        title_of(database),
        instances,
        max_connections=database.max_connections,
        has_storage=bool(database.instance_identifier),
    )


def row_of_cache(cache: Any) -> Row | None:
    """The row of a cache; none where its nodes are not known, as those of an existing one."""
    key, title = key_of(cache), title_of(cache)
    nodes: Sequence[str] = getattr(cache, "node_ids", ())
    if nodes:
        return cache_row(key, title, nodes)
    return serverless_cache_row(key, title, cache.name) if getattr(cache, "is_serverless", False) else None


def alarm_names_of(things: Iterable[Any]) -> Iterator[str]:
    """Names of the alarms of all of them; existing ones have none."""
    for thing in things:
        yield from getattr(thing, "alarm_names", ())
