"""What a dashboard takes from constructs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from analysis.metrics import metric_problems
from modules.bus import Bus, BusConfig
from modules.dashboard import Dashboard, DashboardConfig
from modules.database import Database, DatabaseConfig
from modules.function import ExistingFunctionConfig, Function
from modules.observability import AlarmTopic
from modules.queue import Queue, QueueConfig
from modules.topic import Topic
from tests.constructs.bare import refusal
from tests.constructs.functions import OFF, Made
from tests.constructs.test_log_subscription import Made as Detached

pytestmark = pytest.mark.synth
WHERE = "dev-main-eu-west-1-orders/dashboard"
KNOWN = {"kind": "inline", "text": "def handler(event, context): ...\n"}


def body(made: Made | Detached) -> dict[str, Any]:
    [found] = made.resources("aws_cloudwatch_dashboard").values()
    read: dict[str, Any] = json.loads(found["dashboard_body"])
    return read


def titles(widgets: Iterable[dict[str, Any]]) -> list[str]:
    return [
        widget["properties"].get("title") or widget["properties"]["markdown"].partition("\n")[0] for widget in widgets
    ]


@pytest.fixture
def detached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Detached:
    monkeypatch.chdir(tmp_path)
    return Detached(tmp_path / "out")


def test_the_path_from_trigger_to_database(source: Path) -> None:
    made = Made(source, egress={"strategy": "nat_single", "zone": "eu-west-1a"}, endpoints={"interface": ["sqs"]})
    topic = AlarmTopic(made.stack, "alarm-topic", key=made.key)
    queue = Queue(made.stack, "jobs", config=QueueConfig.parse({}), key=made.key, alarm_topic=topic)
    news = Topic(made.stack, "news", key=made.key, alarm_topic=topic)
    database = Database(
        made.stack,
        "database",
        config=DatabaseConfig.parse({"database_name": "orders", "master_username": "keeper", "alarms": OFF}),
        network=made.network,
        key=made.key,
    )
    api = made.function("api", alias={}, insights=None)
    Dashboard(
        made.stack,
        "dashboard",
        functions=[api],
        queues=[queue],
        topics=[news],
        network=made.network,
        databases=[database],
        alarms=["acme-dev-orders-composite"],
    )
    assert metric_problems(made.stack.to_terraform()) == ()
    found = body(made)["widgets"]
    assert titles(found) == [
        "# acme-dev-orders, eu-west-1",
        "## Triggers",
        "jobs messages", "jobs oldest message", "jobs throughput",
        "news messages", "news failures",
        "## Functions",
        "api:live invocations", "api:live duration", "api concurrency", "api asynchronous events",
        "## Network",
        "network endpoint connections", "network endpoint bytes", "network endpoint packets dropped",
        "network NAT connections", "network NAT ports exhausted", "network NAT packets dropped",
        "network NAT bytes to the internet",
        "## Data",
        "database connections", "database processor (%)", "database latency p90 (s)", "database free storage",
        "## Alarms",
        "Alarms",
        "## Logs",
        "Last errors (JSON logs)", "Slowest requests (JSON logs)",
    ]  # fmt: skip
    properties = {widget["properties"].get("title"): widget["properties"] for widget in found}
    assert {each["region"] for name, each in properties.items() if "metrics" in each} == {"eu-west-1"}
    assert properties["api:live duration"]["annotations"] == {"horizontal": [{"label": "timeout", "value": 30_000}]}
    assert properties["api concurrency"]["annotations"]["horizontal"][0]["value"] == 5
    [line] = properties["database connections"]["annotations"]["horizontal"]
    assert (line["label"], line["value"]) == ("max_connections", database.max_connections)
    [endpoint] = properties["network endpoint packets dropped"]["metrics"]
    assert endpoint[:6] == [
        "AWS/PrivateLinkEndpoints", "PacketsDropped", "Endpoint Type", "Interface", "Service Name",
        "com.amazonaws.eu-west-1.sqs",
    ]  # fmt: skip
    assert re.fullmatch(r"\$\{aws_vpc_endpoint\.[\w-]+\.id\}", endpoint[7])
    [nat] = properties["network NAT ports exhausted"]["metrics"]
    assert re.fullmatch(r"\$\{aws_nat_gateway\.[\w-]+\.id\}", nat[3])
    waiting = properties["jobs messages"]["metrics"]
    assert [metric[-1]["label"] for metric in waiting] == ["Waiting", "In flight", "Dead letters"]
    alarms = properties["Alarms"]["alarms"]
    assert "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:acme-dev-orders-composite" in alarms
    assert len(alarms) == 1 + len(queue.alarm_names) + len(news.alarm_names)
    assert properties["Last errors (JSON logs)"]["query"].startswith("SOURCE '${aws_cloudwatch_log_group.api_logs_")


def test_the_order_of_arguments_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def made(folder: str, *order: int) -> dict[str, Any]:
        stack = Detached(tmp_path / folder)
        functions = [stack.function(name) for name in ("audit", "billing", "orders")]
        Dashboard(stack.stack, "dashboard", functions=[functions[index] for index in order])
        return body(stack)

    assert made("one", 0, 1, 2) == made("two", 2, 0, 1)


def test_periods_are_those_of_functions_that_are_shown(detached: Detached) -> None:
    api = detached.function("api")
    config = DashboardConfig.parse({"function_period_seconds": {"api": 300, "other": 60}})
    assert refusal(lambda: Dashboard(detached.stack, "dashboard", config=config, functions=[api])) == (
        f'{WHERE}: function_period_seconds holds "other"; the dashboard shows the functions api; correct it, or pass '
        "the function"
    )


def test_more_functions_than_a_dashboard_takes(detached: Detached) -> None:
    class Many(list[Function]):
        """One function, 125 times."""

        def __iter__(self) -> Any:
            return iter([api] * 125)

    api = detached.function("api")
    assert refusal(lambda: Dashboard(detached.stack, "dashboard", functions=Many())) == (
        f"{WHERE}: the dashboard has 509 widgets; CloudWatch takes 500 (dashboard body); make several dashboards, each "
        "of some of the functions and stores"
    )


def test_existing_functions_are_shown_by_name(detached: Detached) -> None:
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:legacy"
    config = ExistingFunctionConfig.parse({"function_arn": arn, "alias": "live"})
    legacy = Function.from_existing(detached.stack, "legacy", config=config)
    bus = Bus(detached.stack, "bus", config=BusConfig.parse({"alarms": OFF}), key=detached.key)
    named = DashboardConfig.parse({"name": "Orders_Overview"})
    Dashboard(detached.stack, "dashboard", functions=[legacy], buses=[bus], config=named)
    [found] = detached.resources("aws_cloudwatch_dashboard").values()
    assert found["dashboard_name"] == "Orders_Overview"
    assert metric_problems(detached.stack.to_terraform()) == ()
    widgets = body(detached)["widgets"]
    properties = {widget["properties"].get("title"): widget["properties"] for widget in widgets}
    assert properties["legacy:live invocations"]["metrics"][0][:6] == [
        "AWS/Lambda", "Invocations", "FunctionName", "legacy", "Resource", "legacy:live",
    ]  # fmt: skip
    assert "annotations" not in properties["legacy:live duration"]
    [query] = properties["bus failed deliveries"]["metrics"]
    assert query[0]["expression"].startswith('SELECT SUM(FailedInvocations) FROM SCHEMA("AWS/Events", EventBusName, ')
    assert not [widget for widget in widgets if widget["type"] in {"log", "alarm"}]
