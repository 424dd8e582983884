"""Leftovers of observability: composite alarms, dashboards and saved queries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rollout.readback.check import Clients, pages
from rollout.readback.ownership import Owner


def observability(clients: Clients, owner: Owner) -> Iterator[str]:
    """Composite alarms, dashboards and saved queries by name; a query's is a path."""
    cloudwatch: Any = clients("cloudwatch")  # Any: clients are made from models at run time
    composite = pages(
        cloudwatch, "describe_alarms", "CompositeAlarms", AlarmTypes=["CompositeAlarm"], AlarmNamePrefix=owner.prefix
    )
    named = (
        ("composite alarm", [alarm["AlarmName"] for alarm in composite]),
        ("dashboard", [each["DashboardName"] for each in pages(cloudwatch, "list_dashboards", "DashboardEntries")]),
        ("saved query", [query["name"] for query in _queries(clients("logs"))]),
    )
    for kind, names in named:
        yield from (f"{kind} {name}" for name in names if owner.names(name))


def _queries(logs: Any) -> Iterator[Any]:
    """Saved queries of all pages, which botocore knows no paginator for; `Any`, as boto3 returns plain dictionaries."""
    given: dict[str, str] = {}
    while True:
        page = logs.describe_query_definitions(**given)
        yield from page.get("queryDefinitions") or []
        if not page.get("nextToken"):
            return
        given = {"nextToken": page["nextToken"]}
