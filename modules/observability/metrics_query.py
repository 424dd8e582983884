"""What a query of CloudWatch Metrics Insights asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

_STATISTICS = {"AVG": "Average", "COUNT": "SampleCount", "MAX": "Maximum", "MIN": "Minimum", "SUM": "Sum"}
_NAME = r'"[^"]+"|[A-Za-z_][\w.]*'
_QUERY = re.compile(
    rf"\s*SELECT\s+(?P<function>[A-Z]+)\(\s*(?P<metric>{_NAME})\s*\)\s+FROM\s+"
    rf"(?:SCHEMA\(\s*(?P<schema>{_NAME})(?P<dimensions>(?:\s*,\s*(?:{_NAME}))*)\s*\)|(?P<namespace>{_NAME}))"
    r"(?P<rest>\s+.*)?",
    re.DOTALL,
)


@dataclass(frozen=True)
class MetricQuery:
    """A query of Metrics Insights.

    Attributes:
        namespace: such as `AWS/Events`.
        metric: such as `FailedInvocations`.
        statistic: what its function computes, such as `Sum`; empty for a function that does not exist.
        dimensions: those of its SCHEMA; None where it names a namespace only, and so takes every set.
    """

    namespace: str
    metric: str
    statistic: str
    dimensions: frozenset[str] | None


def is_metric_query(expression: str) -> bool:
    """Whether an expression is a query, not metric math."""
    return re.match(r"\s*SELECT\b", expression) is not None


def metric_query(expression: str) -> MetricQuery | None:
    """The query; None for what does not read like one."""
    found = _QUERY.fullmatch(expression)
    if found is None:
        return None
    namespace = found["schema"] or found["namespace"]
    dimensions = re.findall(_NAME, found["dimensions"] or "")
    return MetricQuery(
        namespace=_plain(namespace),
        metric=_plain(found["metric"]),
        statistic=_STATISTICS.get(found["function"], ""),
        dimensions=frozenset(map(_plain, dimensions)) if found["schema"] else None,
    )


def _plain(name: str) -> str:
    return name.strip('"')
