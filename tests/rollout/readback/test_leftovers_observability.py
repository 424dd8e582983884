"""Leftovers of observability."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from rollout.readback import leftovers
from rollout.readback.leftovers_observability import observability
from rollout.readback.ownership import Owner
from tests.rollout.readback import sample_release
from tests.rollout.readback.sample_stack import FUNCTION, PREFIX, Clients, alarm


def test_composite_alarms_dashboards_and_saved_queries(empty: Clients) -> None:
    cloudwatch, logs = empty("cloudwatch"), empty("logs")
    for name in (PREFIX, f"{PREFIX}2"):
        cloudwatch.put_metric_alarm(**alarm(f"{name}-errors", "arn:aws:sns:us-east-1:123456789012:topic"))
        cloudwatch.put_composite_alarm(AlarmName=f"{name}-any", AlarmRule=f'ALARM("{name}-errors")')
        cloudwatch.put_dashboard(DashboardName=name, DashboardBody=sample_release.dashboard(FUNCTION))
        logs.put_query_definition(name=f"{name}/errors", queryString="fields @timestamp")
    assert leftovers(empty, prefix=PREFIX) == (
        f"alarm {PREFIX}-errors",
        f"composite alarm {PREFIX}-any",
        f"dashboard {PREFIX}",
        f"saved query {PREFIX}/errors",
    )


def test_saved_queries_of_further_pages(empty: Clients) -> None:
    pages: dict[str, dict[str, Any]] = {
        "": {"queryDefinitions": [{"name": f"{PREFIX}/errors"}], "nextToken": "two"},
        "two": {"queryDefinitions": [{"name": f"{PREFIX}/slowest"}]},
    }
    logs = SimpleNamespace(describe_query_definitions=lambda *, nextToken="": pages[nextToken])  # noqa: N803  # as boto3 names it

    def clients(service: str) -> Any:
        return logs if service == "logs" else empty(service)

    assert list(observability(clients, Owner(PREFIX))) == [
        f"saved query {PREFIX}/errors",
        f"saved query {PREFIX}/slowest",
    ]
