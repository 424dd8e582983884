"""The table of metrics: all that alarms, queries and dashboards of the suite may name, each with its source.

A metric that is not here, or is asked for by dimensions or a statistic that its row does not have, is taken for a
mistake: CloudWatch takes any name, and an alarm on a misspelt one never fires.
"""

from __future__ import annotations

from collections.abc import Iterable

from modules.observability.metric_types import Metric, Missing
from modules.observability.metrics_automation import automation_metrics
from modules.observability.metrics_database import database_metrics
from modules.observability.metrics_lambda import lambda_metrics
from modules.observability.metrics_messaging import messaging_metrics
from modules.observability.metrics_network import network_metrics
from modules.observability.metrics_storage import storage_metrics

__all__ = ["METRICS", "Metric", "Missing", "metric_of", "metrics_of"]

METRICS: tuple[Metric, ...] = (
    *lambda_metrics(), *network_metrics(), *database_metrics(), *messaging_metrics(), *storage_metrics(),
    *automation_metrics(),
)  # fmt: skip
"""Every row. A name has two where a namespace holds two things of that name, as `DatabaseConnections` in AWS/RDS."""

_BY_NAME: dict[tuple[str, str], tuple[Metric, ...]] = {}
for _row in METRICS:
    _BY_NAME[_row.namespace, _row.name] = (*_BY_NAME.get((_row.namespace, _row.name), ()), _row)


def metrics_of(namespace: str, name: str) -> tuple[Metric, ...]:
    """The rows of a metric; none when the table does not know it."""
    return _BY_NAME.get((namespace, name), ())


def metric_of(namespace: str, name: str, dimensions: Iterable[str] | None = None) -> Metric:
    """The row of a metric.

    Args:
        namespace: such as `AWS/Lambda`.
        name: such as `Errors`.
        dimensions: names of its dimensions; None takes the first row of that name.

    Raises:
        KeyError: the table has no such metric, or none with these dimensions.
    """
    names = None if dimensions is None else frozenset(dimensions)
    for row in metrics_of(namespace, name):
        if names is None or names in row.dimension_sets:
            return row
    of = "" if names is None else f" with the dimensions {', '.join(sorted(names)) or 'none'}"
    raise KeyError(f"the table of metrics has no {name} in {namespace}{of}")
