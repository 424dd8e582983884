"""Rows of functions: invocations, duration, concurrency, and events that are processed asynchronously."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from modules.dashboard.layout import Row
from modules.dashboard.widgets import Expression, Graph, Line, Metric

_NAMESPACE, _INSIGHTS = "AWS/Lambda", "LambdaInsights"
_MILLISECONDS, _FULL_PERCENT = 1_000, 90


@dataclass(frozen=True)
class FunctionView:
    """What a dashboard knows of a function.

    Attributes:
        key: the function's construct path.
        title: what its graphs are called.
        function_name: its name, usually a token.
        alias: name of the alias that is invoked; empty for the unqualified function.
        is_provisioned: whether the alias has provisioned concurrency.
        timeout_seconds: its timeout; 0 when not known.
        reserved_concurrency: its reserved concurrency; None without any or when not known.
        has_insights: whether Lambda Insights measures its memory.
        dead_letter_queue_name: queue that was made for its failed events; empty without one.
        period_seconds: period of its graphs; 0 takes the dashboard's.
    """

    key: str
    title: str
    function_name: str
    alias: str = ""
    is_provisioned: bool = False
    timeout_seconds: int = 0
    reserved_concurrency: int | None = None
    has_insights: bool = False
    dead_letter_queue_name: str = ""
    period_seconds: int = 0


def function_rows(view: FunctionView) -> tuple[Row, ...]:
    """The rows of a function: four graphs, and one more where Lambda Insights is on."""
    graphs = (_invocations(view), _duration(view), _concurrency(view), _asynchronous(view))
    rows = (Row(view.key, graphs),)
    return (*rows, Row(f"{view.key}/insights", (_insights(view),))) if view.has_insights else rows


def _dimensions(view: FunctionView) -> Mapping[str, str]:
    """Those of what is invoked: the alias where there is one, as a rollout looks at it alone."""
    function = {"FunctionName": view.function_name}
    return {**function, "Resource": f"{view.function_name}:{view.alias}"} if view.alias else function


def _title(view: FunctionView, what: str) -> str:
    invoked = f"{view.title}:{view.alias}" if view.alias else view.title
    return f"{invoked} {what}"


def _invocations(view: FunctionView) -> Graph:
    of = _dimensions(view)
    rate = Expression("IF(invocations>0,100*errors/invocations,0)", "Error rate (%)", "rate", is_right=True)
    metrics = (
        Metric(_NAMESPACE, "Invocations", "Sum", of, "Invocations", "invocations"),
        Metric(_NAMESPACE, "Errors", "Sum", of, "Errors", "errors"),
        Metric(_NAMESPACE, "Throttles", "Sum", of, "Throttles"),
        rate,
    )
    return Graph(_title(view, "invocations"), metrics, period_seconds=view.period_seconds)


def _duration(view: FunctionView) -> Graph:
    metrics = tuple(
        Metric(_NAMESPACE, "Duration", statistic, _dimensions(view), f"Duration {statistic} (ms)")
        for statistic in ("p50", "p90", "Maximum")
    )
    lines = (Line("timeout", view.timeout_seconds * _MILLISECONDS),) if view.timeout_seconds else ()
    return Graph(_title(view, "duration"), metrics, lines, view.period_seconds)


def _concurrency(view: FunctionView) -> Graph:
    """Reserved concurrency bounds the function with all its versions, provisioned concurrency is the alias's."""
    of_alias = _dimensions(view)
    provisioned = (
        Metric(_NAMESPACE, "ProvisionedConcurrentExecutions", "Maximum", of_alias, "Provisioned in use"),
        Metric(_NAMESPACE, "ProvisionedConcurrencySpilloverInvocations", "Sum", of_alias, "Spillover"),
    )
    all_of_it = {"FunctionName": view.function_name}
    metrics = (
        Metric(_NAMESPACE, "ConcurrentExecutions", "Maximum", all_of_it, "Concurrent executions"),
        *(provisioned if view.is_provisioned else ()),
    )
    reserved = view.reserved_concurrency
    lines = (Line("reserved concurrency", reserved),) if reserved is not None else ()
    return Graph(f"{view.title} concurrency", metrics, lines, view.period_seconds)


def _asynchronous(view: FunctionView) -> Graph:
    of = {"FunctionName": view.function_name}
    letters = (
        Metric(
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            "Maximum",
            {"QueueName": view.dead_letter_queue_name},
            "Dead letters",
            is_right=True,
        ),
    )
    metrics = (
        Metric(_NAMESPACE, "AsyncEventAge", "Maximum", of, "Age of events (ms)"),
        Metric(_NAMESPACE, "AsyncEventsDropped", "Sum", of, "Dropped events", is_right=True),
        Metric(_NAMESPACE, "DeadLetterErrors", "Sum", of, "Dead letters not written", is_right=True),
        Metric(_NAMESPACE, "DestinationDeliveryFailures", "Sum", of, "Records not delivered", is_right=True),
        *(letters if view.dead_letter_queue_name else ()),
    )
    return Graph(f"{view.title} asynchronous events", metrics, period_seconds=view.period_seconds)


def _insights(view: FunctionView) -> Graph:
    of = {"function_name": view.function_name}
    metrics = (Metric(_INSIGHTS, "memory_utilization", "Maximum", of, "Memory used (%)"),)
    return Graph(f"{view.title} memory", metrics, (Line("nearly full", _FULL_PERCENT),), view.period_seconds)
