"""What an alarm watches, as plain data; modules state theirs in `alarms.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class MetricTerm:
    """One metric inside a metric-math expression.

    Attributes:
        id: name inside the expression.
        metric: CloudWatch metric name.
        statistic: `Sum`, `Average`, `Maximum`, `Minimum`, or a percentile such as `p90`.
        dimensions: those that the metric has besides the alarm's.
    """

    id: str
    metric: str
    statistic: str
    dimensions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AlarmSpec:
    """One CloudWatch alarm.

    Attributes:
        id: construct id and last part of the name, such as `errors`.
        description: what it means and where to look.
        namespace: CloudWatch namespace, such as `AWS/Lambda`.
        dimensions: dimension names and values.
        threshold: number compared with.
        comparison: `GreaterThanThreshold` and its kin.
        periods: evaluation periods of `period_seconds`.
        datapoints: how many of them must breach.
        missing_data: `notBreaching`, `breaching`, `ignore` or `missing`.
        metric: metric name, when no expression is given.
        statistic: statistic or percentile of `metric`.
        expression: metric math over `terms`, instead of one metric, or without terms a query of Metrics Insights.
        terms: metrics of the expression.
        period_seconds: length of one period.
        actions: ARNs of what CloudWatch does besides telling the topic when the alarm fires.
    """

    id: str
    description: str
    namespace: str
    dimensions: Mapping[str, str]
    threshold: float
    comparison: str
    periods: int
    datapoints: int
    missing_data: str = "notBreaching"
    metric: str = ""
    statistic: str = ""
    expression: str = ""
    terms: tuple[MetricTerm, ...] = field(default=())
    period_seconds: int = 60
    actions: tuple[str, ...] = ()
