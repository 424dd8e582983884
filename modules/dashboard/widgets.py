"""Widgets of a dashboard as plain data, and what each is in the dashboard's body (CloudWatch API, dashboard body)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Properties = dict[str, Any]  # JSON


@dataclass(frozen=True)
class Metric:
    """One metric of a graph.

    Attributes:
        namespace: such as `AWS/Lambda`.
        name: metric name.
        statistic: `Sum`, `Average`, `Maximum`, `Minimum`, or a percentile such as `p90`.
        dimensions: names and values, which may be tokens.
        label: name in the legend; empty leaves it to CloudWatch, which then tells by what the metrics differ.
        id: name for expressions; empty without one.
        is_right: whether the right axis measures it.
        is_visible: whether it is drawn, or only read by an expression.
    """

    namespace: str
    name: str
    statistic: str
    dimensions: Mapping[str, str]
    label: str = ""
    id: str = ""
    is_right: bool = False
    is_visible: bool = True

    def entry(self) -> list[Any]:
        """The metric as the body writes it."""
        named = [part for pair in self.dimensions.items() for part in pair]
        options: Properties = {"stat": self.statistic}
        options |= {"label": self.label} if self.label else {}
        options |= {"id": self.id} if self.id else {}
        options |= {"yAxis": "right"} if self.is_right else {}
        options |= {} if self.is_visible else {"visible": False}
        return [self.namespace, self.name, *named, options]


@dataclass(frozen=True)
class Expression:
    """Metric math over the metrics of the same graph, or a query of Metrics Insights.

    Attributes:
        expression: the formula.
        label: name in the legend.
        id: name of the result, unique in the graph.
        is_right: whether the right axis measures it.
    """

    expression: str
    label: str
    id: str
    is_right: bool = False

    def entry(self) -> list[Any]:
        """The expression as the body writes it."""
        options: Properties = {"expression": self.expression, "label": self.label, "id": self.id}
        return [options | ({"yAxis": "right"} if self.is_right else {})]


@dataclass(frozen=True)
class Line:
    """A horizontal line: a value that the graph must stay below, or above.

    Attributes:
        label: what it is.
        value: where it is drawn.
        is_right: whether the right axis measures it.
    """

    label: str
    value: float
    is_right: bool = False

    def entry(self) -> Properties:
        """The line as the body writes it."""
        return {"label": self.label, "value": self.value} | ({"yAxis": "right"} if self.is_right else {})


@dataclass(frozen=True)
class Graph:
    """Metrics over time.

    Attributes:
        title: title of the widget.
        metrics: what is drawn.
        lines: thresholds.
        period_seconds: length of one period; 0 takes the dashboard's.
    """

    title: str
    metrics: tuple[Metric | Expression, ...]
    lines: tuple[Line, ...] = field(default=())
    period_seconds: int = 0
    type = "metric"

    @property
    def metric_count(self) -> int:
        """Metrics that CloudWatch reads for it, those that only expressions read included."""
        return len(self.metrics)

    def properties(self, *, region: str, period_seconds: int) -> Properties:
        """Properties of the widget."""
        found: Properties = {
            "title": self.title,
            "view": "timeSeries",
            "region": region,
            "period": self.period_seconds or period_seconds,
            "metrics": [metric.entry() for metric in self.metrics],
        }
        return found | ({"annotations": {"horizontal": [line.entry() for line in self.lines]}} if self.lines else {})


@dataclass(frozen=True)
class Text:
    """Words in Markdown."""

    markdown: str
    type = "text"
    metric_count = 0

    def properties(self, *, region: str, period_seconds: int) -> Properties:
        """Properties of the widget; neither region nor period is one."""
        del region, period_seconds
        return {"markdown": self.markdown}


@dataclass(frozen=True)
class AlarmStatus:
    """The states of alarms.

    Attributes:
        title: title of the widget.
        alarm_arns: the alarms, at most 100.
    """

    title: str
    alarm_arns: tuple[str, ...]
    type = "alarm"
    metric_count = 0

    def properties(self, *, region: str, period_seconds: int) -> Properties:
        """Properties of the widget; an alarm's ARN tells its region."""
        del region, period_seconds
        return {"title": self.title, "alarms": list(self.alarm_arns)}


@dataclass(frozen=True)
class LogTable:
    """The result of a query of CloudWatch Logs Insights.

    Attributes:
        title: title of the widget.
        log_group_names: what is queried, at most 50.
        query: commands, separated by `|`.
    """

    title: str
    log_group_names: tuple[str, ...]
    query: str
    type = "log"
    metric_count = 0

    def properties(self, *, region: str, period_seconds: int) -> Properties:
        """Properties of the widget; the period is the query's own."""
        del period_seconds
        sources = " | ".join(f"SOURCE '{name}'" for name in self.log_group_names)
        return {"title": self.title, "region": region, "view": "table", "query": f"{sources} | {self.query}"}


Widget = Graph | Text | AlarmStatus | LogTable
