"""What an alarm watches, as plain data; modules state theirs in `alarms.py`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from modules.observability.metrics import Missing, metric_of
from modules.observability.metrics_query import metric_query


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
        threshold: number compared with; 0 with an anomaly band.
        comparison: `GreaterThanThreshold` and its kin; with an anomaly band `GreaterThanUpperThreshold` and its kin.
        periods: evaluation periods of `period_seconds`.
        datapoints: how many of them must breach.
        missing_data: `notBreaching`, `breaching`, `ignore` or `missing`; by default what the table of metrics says,
            so only a metric that is not in the table, or is watched for another reason than there, needs it.
        metric: metric name, when no expression is given.
        statistic: statistic or percentile of `metric`.
        expression: metric math over `terms`, instead of one metric, or without terms a query of Metrics Insights.
        terms: metrics of the expression.
        period_seconds: length of one period.
        actions: ARNs of what CloudWatch does besides telling the topic when the alarm fires.
        anomaly_band: width, in standard deviations, of the band of usual values that `metric` is compared with
            instead of a threshold; 0 for none.

    Raises:
        KeyError: no missing data is given, and the table has no such metric with these dimensions.
        ValueError: no missing data is given, and the table treats the terms differently.
    """

    id: str
    description: str
    namespace: str
    dimensions: Mapping[str, str]
    threshold: float
    comparison: str
    periods: int
    datapoints: int
    missing_data: str = ""
    metric: str = ""
    statistic: str = ""
    expression: str = ""
    terms: tuple[MetricTerm, ...] = field(default=())
    period_seconds: int = 60
    actions: tuple[str, ...] = ()
    anomaly_band: float = 0

    def __post_init__(self) -> None:
        """Take the treatment of missing data from the table."""
        if self.missing_data:
            return
        treatments = {missing.treatment for missing in self._missing()}
        if len(treatments) != 1:
            raise ValueError(f"alarm {self.id}: the table treats missing data of its metrics differently; give it")
        object.__setattr__(self, "missing_data", treatments.pop())  # frozen, and this is its construction

    def _missing(self) -> Iterator[Missing]:
        if self.metric:
            yield metric_of(self.namespace, self.metric, self.dimensions).missing
        for term in self.terms:
            yield metric_of(self.namespace, term.metric, {**self.dimensions, **term.dimensions}).missing
        query = None if self.metric or self.terms else metric_query(self.expression)
        if query is not None:
            yield metric_of(query.namespace, query.metric, query.dimensions).missing
