"""Where widgets stand, what a body holds, and what CloudWatch would refuse; without the engine."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.dashboard.config import DashboardConfig
from modules.dashboard.functions import FunctionView, function_rows
from modules.dashboard.layout import GRID_WIDTH, Placed, Row, Section, body, limit_problems, place
from modules.dashboard.logs import alarm_rows, log_rows
from modules.dashboard.network import endpoint_row, nat_row
from modules.dashboard.stores import (
    cache_row,
    database_row,
    file_system_row,
    proxy_row,
    serverless_cache_row,
    table_row,
)
from modules.dashboard.triggers import bus_row, queue_row, stream_row, topic_row
from modules.dashboard.widgets import Graph, LogTable, Metric, Text
from modules.observability.log_queries_config import query_text
from modules.observability.metrics import metric_of
from tests.modules.core.samples import CI, KNOWN_LATER, STRING_TOKEN, fields_of, refuses_or_keeps, sentence

FULL = FunctionView(
    key="s/api", title="api", function_name="acme-api", alias="live", is_provisioned=True, timeout_seconds=30,
    reserved_concurrency=5, has_insights=True, dead_letter_queue_name="acme-api-dead-letters", period_seconds=300,
)  # fmt: skip


def view(name: str) -> FunctionView:
    return FunctionView(key=f"stack/{name}", title=name, function_name=name)


def every_row() -> Iterator[Row]:
    yield from function_rows(FULL)
    yield from function_rows(view("plain"))
    yield topic_row("a", "a", "topic")
    yield bus_row("a", "a", "bus")
    yield queue_row("a", "a", "queue", dead_letter_queue_name="letters")
    yield stream_row("a", "a", "stream")
    yield nat_row("a", "a", [{"NatGatewayId": "n"}, {"NatGatewayId": "n", "AvailabilityZone": "z"}])
    yield endpoint_row("a", "a", vpc_id="vpc", endpoints={"logs": ("vpce", "com.amazonaws.eu-west-1.logs")})
    yield proxy_row("a", "a", "proxy")
    yield database_row("a", "a", [{"DBInstanceIdentifier": "i"}], max_connections=9, has_storage=True)
    yield database_row("a", "a", [{"DBClusterIdentifier": "i"}], max_connections=None, has_storage=False)
    yield cache_row("a", "a", ["node"])
    yield serverless_cache_row("a", "a", "cache")
    yield table_row("a", "a", "table")
    yield file_system_row("a", "a", "fs-1")


def graphs() -> list[Graph]:
    return [widget for row in every_row() for widget in row.widgets if isinstance(widget, Graph)]


def test_every_metric_is_in_the_table() -> None:
    metrics = [metric for graph in graphs() for metric in graph.metrics if isinstance(metric, Metric)]
    assert len(metrics) > 60
    for metric in metrics:
        row = metric_of(metric.namespace, metric.name, metric.dimensions)
        assert row.takes_statistic(metric.statistic), metric


def test_expressions_name_metrics_of_their_graph() -> None:
    [graph] = [graph for graph in graphs() if graph.title == "api:live invocations"]
    ids = {metric.id for metric in graph.metrics}
    assert {"invocations", "errors", "rate"} <= ids
    assert graph.metrics[-1].entry() == [
        {"expression": "IF(invocations>0,100*errors/invocations,0)", "label": "Error rate (%)", "id": "rate",
         "yAxis": "right"}
    ]  # fmt: skip


def test_a_function_with_an_alias_is_watched_by_it_and_its_concurrency_as_a_whole() -> None:
    [main, insights] = function_rows(FULL)
    invocations, duration, concurrency, asynchronous = main.widgets
    assert isinstance(invocations, Graph)
    assert isinstance(duration, Graph)
    assert isinstance(concurrency, Graph)
    assert isinstance(asynchronous, Graph)
    assert invocations.metrics[0].entry()[:6] == [
        "AWS/Lambda", "Invocations", "FunctionName", "acme-api", "Resource", "acme-api:live",
    ]  # fmt: skip
    assert [line.entry() for line in duration.lines] == [{"label": "timeout", "value": 30_000}]
    assert [line.entry() for line in concurrency.lines] == [{"label": "reserved concurrency", "value": 5}]
    assert [metric.entry()[1] for metric in concurrency.metrics] == [
        "ConcurrentExecutions", "ProvisionedConcurrentExecutions", "ProvisionedConcurrencySpilloverInvocations",
    ]  # fmt: skip
    assert concurrency.metrics[0].entry()[2:4] == ["FunctionName", "acme-api"]
    assert "Resource" not in concurrency.metrics[0].entry()
    assert asynchronous.metrics[-1].entry() == [
        "AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "acme-api-dead-letters",
        {"stat": "Maximum", "label": "Dead letters", "yAxis": "right"},
    ]  # fmt: skip
    assert {graph.period_seconds for graph in (invocations, duration, concurrency, asynchronous)} == {300}
    assert insights.widgets[0].properties(region="eu-west-1", period_seconds=60)["metrics"] == [
        ["LambdaInsights", "memory_utilization", "function_name", "acme-api",
         {"stat": "Maximum", "label": "Memory used (%)"}]
    ]  # fmt: skip


def test_the_connections_of_a_database_have_their_limit() -> None:
    row = database_row("a", "db", [{"DBInstanceIdentifier": "i"}], max_connections=112, has_storage=True)
    assert row.widgets[0].properties(region="r", period_seconds=60)["annotations"] == {
        "horizontal": [{"label": "max_connections", "value": 112}]
    }
    titles = [widget.title for widget in row.widgets if isinstance(widget, Graph)]
    assert titles == ["db connections", "db processor (%)", "db latency p90 (s)", "db free storage"]


def functions_of(names: tuple[str, ...]) -> tuple[Placed, ...]:
    rows = tuple(row for name in names for row in function_rows(view(name)))
    queue = (queue_row("stack/jobs", "jobs", "jobs"),)
    return place((Section("Triggers", queue), Section("Functions", rows), Section("Network", ())))


@pytest.mark.parametrize("names", list(itertools.permutations(("orders", "billing", "audit"))))
def test_the_order_of_arguments_changes_nothing(names: tuple[str, ...]) -> None:
    assert functions_of(names) == functions_of(("audit", "billing", "orders"))


def test_another_function_moves_only_what_stands_below_it() -> None:
    before, after = functions_of(("audit", "orders")), functions_of(("audit", "billing", "orders"))
    places = {str(placed.widget): placed for placed in after}
    for placed in before:
        moved = places[str(placed.widget)]
        assert (moved.x, moved.width, moved.height) == (placed.x, placed.width, placed.height)
        below = isinstance(placed.widget, Graph) and placed.widget.title.startswith("orders ")
        assert moved.y == placed.y + (6 if below else 0)
    assert len(after) == len(before) + 4


def test_nothing_overlaps_and_nothing_leaves_the_grid() -> None:
    placed = place((Section("All", tuple(every_row())),))
    taken: set[tuple[int, int]] = set()
    for each in placed:
        cells = {(each.x + x, each.y + y) for x in range(each.width) for y in range(each.height)}
        assert not cells & taken
        assert all(0 <= x < GRID_WIDTH for x, _ in cells)
        taken |= cells


def test_a_section_without_rows_has_no_title() -> None:
    assert place((Section("Triggers", ()), Section("", (Row("", (Text("x"),), height=2),)))) == (
        Placed(Text("x"), 0, 0, GRID_WIDTH, 2),
    )


def test_the_body_names_region_and_periods() -> None:
    config = DashboardConfig.parse({"period_seconds": 120, "start": "-P1D"})
    found: dict[str, Any] = json.loads(body(functions_of(("api",)), config=config, region="eu-west-1"))
    assert (found["start"], found["periodOverride"]) == ("-P1D", "inherit")
    title, first = found["widgets"][:2]
    assert title == {
        "type": "text", "x": 0, "y": 0, "width": 24, "height": 1, "properties": {"markdown": "## Triggers"},
    }  # fmt: skip
    assert (first["properties"]["region"], first["properties"]["period"]) == ("eu-west-1", 120)


def test_alarms_stand_a_hundred_to_a_widget() -> None:
    one = alarm_rows(["b", "a", "a"])
    assert [widget.properties(region="", period_seconds=0) for row in one for widget in row.widgets] == [
        {"title": "Alarms", "alarms": ["a", "b"]}
    ]
    many = alarm_rows(f"{number:03}" for number in range(201))
    titles = [widget.properties(region="", period_seconds=0)["title"] for row in many for widget in row.widgets]
    assert titles == ["Alarms 1", "Alarms 2", "Alarms 3"]
    assert alarm_rows([]) == ()


class Logs:
    """A log group."""

    def __init__(self, name: str, log_format: str) -> None:
        self.group_arn, self.group_name, self.format, self.log_group_class = f"arn:{name}", name, log_format, "STANDARD"
        self.filters: dict[str, list[str]] = {}


def test_logs_are_queried_by_format_fifty_groups_at_once() -> None:
    logs = [(f"{number:02}", Logs(f"/f/{number:02}", "JSON")) for number in range(51)]
    rows = tuple(log_rows([*reversed(logs), ("x", Logs("/f/x", "Text"))]))
    tables = [widget for row in rows for widget in row.widgets if isinstance(widget, LogTable)]
    assert [table.title for table in tables] == [
        "Last errors (JSON logs 1)", "Slowest requests (JSON logs 1)", "Last errors (JSON logs 2)",
        "Slowest requests (JSON logs 2)", "Last errors (Text logs)", "Slowest requests (Text logs)",
    ]  # fmt: skip
    assert tables[0].log_group_names[:2] == ("/f/00", "/f/01")
    assert tables[2].log_group_names == ("/f/50",)
    assert tables[4].properties(region="eu-west-1", period_seconds=60) == {
        "title": "Last errors (Text logs)", "region": "eu-west-1", "view": "table",
        "query": f"SOURCE '/f/x' | {query_text('errors', 'Text')}",
    }  # fmt: skip


def limits_of(sections: tuple[Section, ...]) -> list[str]:
    return [str(problem) for problem in limit_problems(place(sections))]


FIX = "make several dashboards, each of some of the functions and stores"


def test_what_cloudwatch_would_refuse() -> None:
    row = Row("a", (Text("x"),))
    assert limits_of((Section("", (row,) * 500),)) == []
    assert limits_of((Section("", (row,) * 501),)) == [
        f"the dashboard has 501 widgets; CloudWatch takes 500 (dashboard body); {FIX}"
    ]
    metric = Metric("AWS/Lambda", "Errors", "Sum", {"FunctionName": "api"})
    wide = Row("a", (Graph("errors", (metric,) * 501),))
    assert limits_of((Section("", (wide,)),)) == [
        f'the widget "errors" has 501 metrics; one takes 500 (CloudWatch quotas); {FIX}'
    ]
    full = Row("a", (Graph("errors", (metric,) * 500),))
    assert limits_of((Section("", (full,) * 5),)) == []
    assert limits_of((Section("", (*(full,) * 5, Row("b", (Graph("one", (metric,)),)))),)) == [
        f"the dashboard has 2501 metrics; one takes 2500 (CloudWatch quotas); {FIX}"
    ]


def test_what_the_configuration_refuses() -> None:
    period = (
        "a widget's period takes 60 to 86400 seconds in steps of 60 (Metrics of AWS services; CloudWatch quotas); "
        "set a value from 60 to 86400"
    )
    assert sentence(DashboardConfig, {"period_seconds": 30}) == f"period_seconds is 30; {period}"
    assert sentence(DashboardConfig, {"period_seconds": 90}) == f"period_seconds is 90; {period} in steps of 60"
    assert sentence(DashboardConfig, {"function_period_seconds": {"api": 86_460}}) == (
        f"function_period_seconds.api is 86460; {period}"
    )
    assert sentence(DashboardConfig, {"name": STRING_TOKEN}) == f'name is "{STRING_TOKEN}"; {KNOWN_LATER}'
    assert sentence(DashboardConfig, {"name": "all of it"}) == (
        'name is "all of it"; a dashboard\'s name has 1 to 255 letters, digits, hyphens and underscores '
        "(PutDashboard); shorten or correct it"
    )
    for start in ("-P", "-PT", "-P7DT", "PT3H", "3h"):
        assert sentence(DashboardConfig, {"start": start}) == (
            f'start is "{start}"; it is how far back graphs begin, as a negative ISO 8601 duration such as -PT3H or '
            "-P7D (dashboard body); correct it"
        )
    assert DashboardConfig.parse({"start": "-P1DT12H"}).start == "-P1DT12H"


@CI
@given(fields_of(DashboardConfig, {"period_seconds": st.sampled_from([59, 60, 90, 300]), "start": st.just("-PT3H")}))
def test_dashboards_are_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(DashboardConfig, data)
