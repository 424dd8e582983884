"""The metrics that an alarm looks at: its own, those of its queries, and those of a query of Metrics Insights."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.plan import UNKNOWN, Block, Plan, Resource
from modules.observability.metrics_query import is_metric_query, metric_query

ALARM = "aws_cloudwatch_metric_alarm"
_ID = re.compile(r"(?<![\w.'\"])[a-z]\w*")
_WHERE = re.compile(r"\bWHERE\b(?P<conditions>.*?)(?:\bGROUP\s+BY\b|\bORDER\s+BY\b|\bLIMIT\b|$)", re.DOTALL)
_EQUAL = re.compile(r"\"?(?P<name>\w+)\"?\s*=\s*'(?P<value>[^']*)'")


@dataclass(frozen=True)
class Watch:
    """One metric that an alarm looks at.

    Attributes:
        alarm: the alarm.
        path: where the metric stands, such as `metric_query.1.metric.0.`; empty for the alarm's own.
        namespace: such as `AWS/Lambda`; empty where it is not known.
        metric: such as `Errors`; empty where it is not known.
        dimensions: their names; None where they are not known.
        statistic: such as `Sum` or `p90`; empty where it is not known.
        comparison: its comparison operator; empty where it is not known.
        is_plain: whether the alarm's threshold is one of this metric, not of what is computed of it.
        unknown: what is not known.
        query: id of the query that it stands in; empty for the alarm's own.
        given: values of dimensions that a query of Metrics Insights names.
    """

    alarm: Resource
    path: str
    namespace: str = ""
    metric: str = ""
    dimensions: frozenset[str] | None = None
    statistic: str = ""
    comparison: str = ""
    is_plain: bool = False
    unknown: str = ""
    query: str = ""
    given: tuple[tuple[str, str], ...] = ()

    @property
    def is_of_version(self) -> bool:
        """Whether it is of one version of a function only."""
        return "ExecutedVersion" in (self.dimensions or ())


def watches_of(plan: Plan, alarm: Resource) -> Iterator[Watch]:
    """The metrics that decide whether the alarm is raised."""
    comparison = _text(alarm.get("comparison_operator"))
    if alarm.get("metric_name") not in (None, "") and (
        alarm.get("metric_name") is not UNKNOWN or plan.is_configured(alarm, "metric_name")
    ):
        statistic = alarm.get("extended_statistic") or alarm.get("statistic") if _are_known(alarm) else UNKNOWN
        yield _watch(plan, alarm, "", alarm, statistic, comparison)
        return
    queries = alarm.blocks("metric_query")
    if alarm.get("metric_query") is UNKNOWN and plan.is_configured(alarm, "metric_query"):
        yield Watch(alarm, "metric_query.", unknown="metric_query is known only after apply")
    deciding = _deciding(alarm, queries)
    for query in queries:
        if deciding is None or str(query.get("id")) in deciding:
            yield from _of_query(plan, alarm, query, comparison)


def _are_known(alarm: Resource) -> bool:
    return UNKNOWN not in (alarm.get("extended_statistic"), alarm.get("statistic"))


def _of_query(plan: Plan, alarm: Resource, query: Block, comparison: str) -> Iterator[Watch]:
    metric = query.get("metric")
    if metric is UNKNOWN:
        yield Watch(alarm, f"{query.path}.metric.", unknown=f"{query.path}.metric is known only after apply")
    for index, values in enumerate(metric if isinstance(metric, list) else [metric]):
        if isinstance(values, Mapping):
            path = f"{query.path}.metric.{index}."
            yield _watch(plan, alarm, path, Block(path, values), values.get("stat"), comparison, _text(query.get("id")))
    expression = query.get("expression")
    if expression is UNKNOWN and metric in (None, []):
        yield Watch(alarm, f"{query.path}.", unknown=f"{query.path}.expression is known only after apply")
    elif isinstance(expression, str) and is_metric_query(expression):
        yield _of_insights(alarm, query.path, expression, comparison)


def _of_insights(alarm: Resource, path: str, expression: str, comparison: str) -> Watch:
    found = metric_query(expression)
    where = _WHERE.search(expression)
    given = tuple((each["name"], each["value"]) for each in _EQUAL.finditer(where["conditions"])) if where else ()
    if found is None or (where and not given):
        return Watch(alarm, f"{path}.", unknown=f"{path}.expression does not read like a query of Metrics Insights")
    return Watch(
        alarm,
        f"{path}.",
        found.namespace,
        found.metric,
        frozenset(name for name, _ in given),
        found.statistic,
        comparison,
        given=given,
    )


def _watch(
    plan: Plan,
    alarm: Resource,
    path: str,
    values: Resource | Block,
    statistic: Any,
    comparison: str,
    query: str = "",
) -> Watch:
    dimensions = values.get("dimensions", {})
    if dimensions is UNKNOWN:
        written = configured(plan, alarm, query, f"{path}dimensions")
        dimensions = written[0] if len(written) == 1 else UNKNOWN
    unknown = [
        f"{path}{name} is known only after apply"
        for name, value in (
            ("namespace", values.get("namespace")),
            ("metric_name", values.get("metric_name")),
            ("dimensions", dimensions),
        )
        if value is UNKNOWN
    ]
    if not path and not comparison:
        unknown.append("comparison_operator is known only after apply")
    return Watch(
        alarm,
        path,
        _text(values.get("namespace")),
        _text(values.get("metric_name")),
        frozenset(dimensions) if isinstance(dimensions, Mapping) else None,
        _text(statistic),
        comparison,
        not path,
        "; ".join(unknown),
        query,
    )


def configured(plan: Plan, alarm: Resource, query: str, path: str) -> tuple[Any, ...]:
    """What the configuration writes down at a path; its queries stand in another order than those of a plan."""
    if not query:
        return plan.constants(alarm, path)
    rest = path.split(".", 2)[2]
    for index in range(len(alarm.blocks("metric_query"))):
        if plan.constants(alarm, f"metric_query.{index}.id") == (query,):
            return plan.constants(alarm, f"metric_query.{index}.{rest}")
    return ()


def _deciding(alarm: Resource, queries: tuple[Block, ...]) -> frozenset[str] | None:
    """Ids of the queries that what the alarm compares is made of; None for all."""
    used_by = dict[str, frozenset[str]]()
    for query in queries:
        expression = query.get("expression", "")
        if expression is UNKNOWN or query.get("id") is UNKNOWN or query.get("return_data") is UNKNOWN:
            return None
        if "METRICS(" in expression:
            return None
        used_by[str(query.get("id"))] = (
            frozenset() if is_metric_query(expression) else frozenset(_ID.findall(expression))
        )
    threshold = alarm.get("threshold_metric_id")
    first = {str(query.get("id")) for query in queries if query.get("return_data") is True}
    if not first or threshold is UNKNOWN:
        return None
    reached, rest = set[str](), {*first, *([threshold] if threshold else [])}
    while rest:
        name = rest.pop()
        if name in used_by and name not in reached:
            reached.add(name)
            rest |= used_by[name]
    return frozenset(reached)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
