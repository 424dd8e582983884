"""The alarms and dashboards of a synthesized stack, held to the table of metrics.

CloudWatch takes an alarm on any name: one that is misspelt, or has a dimension too many, waits for data forever. So
what the table does not have is a problem, until the table has it with its source.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.metrics.references import Found, MetricReference, Unreadable, in_expression, in_widget, unknown_names
from modules.observability.metrics import metrics_of

_ALARM, _COMPOSITE = "aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"
_DASHBOARD, _FILTER = "aws_cloudwatch_dashboard", "aws_cloudwatch_log_metric_filter"
_BAND_COMPARISONS = (
    "GreaterThanUpperThreshold", "LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold",
)  # fmt: skip  # cloudwatch API model: those that an anomaly band has
_REFERENCE = re.compile(r"\$\{[^}]*\}")

Body = Mapping[str, Any]  # JSON of one resource


@dataclass(frozen=True, order=True)
class MetricProblem:
    """Something that an alarm or a dashboard names wrongly.

    Attributes:
        where: Terraform address of the alarm or dashboard.
        given: what it says.
        allowed: what it may say.
    """

    where: str
    given: str
    allowed: str

    def __str__(self) -> str:
        """The problem as a sentence."""
        return f"{self.where}: {self.given}; {self.allowed}"


def metric_problems(document: Mapping[str, Any]) -> tuple[MetricProblem, ...]:
    """What the alarms and dashboards of a synthesized stack (`cdk.tf.json`) name wrongly, sorted.

    Metrics that a metric filter of the same stack makes are known too.
    """
    made = _made_by_filters(document)
    problems: set[MetricProblem] = set()
    for where, alarm in _of_type(document, _ALARM):
        for found in _in_alarm(alarm):
            problems.update(_judged(where, found, made))
        problems.update(_alarm_problems(where, alarm))
    for where, dashboard in _of_type(document, _DASHBOARD):
        for found in _in_dashboard(str(dashboard.get("dashboard_body", ""))):
            problems.update(_judged(where, found, made))
    problems.update(_unheard(document))
    return tuple(sorted(problems))


def _of_type(document: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Body]]:
    for name, body in sorted(document.get("resource", {}).get(kind, {}).items()):
        yield f"{kind}.{name}", body


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _made_by_filters(document: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    return frozenset(
        (str(made.get("namespace")), str(made.get("name")))
        for _, body in _of_type(document, _FILTER)
        for made in _listed(body.get("metric_transformation"))
    )


def _in_alarm(alarm: Body) -> Iterator[Found]:
    if "metric_name" in alarm:
        yield _reference(alarm, alarm.get("extended_statistic") or alarm.get("statistic"))
    for query in _listed(alarm.get("metric_query")):
        for metric in _listed(query.get("metric")):
            yield _reference(metric, metric.get("stat"))
        yield from in_expression(str(query.get("expression", "")))


def _reference(metric: Body, statistic: str | None) -> MetricReference:
    return MetricReference(
        namespace=str(metric.get("namespace", "")),
        name=str(metric.get("metric_name", "")),
        statistic=statistic,
        dimensions=frozenset(metric.get("dimensions") or {}),
        unit=str(metric.get("unit") or ""),
    )


def _in_dashboard(text: str) -> Iterator[Found]:
    try:  # an expression may hold quotes of its own, which the text does not escape
        body = json.loads(_REFERENCE.sub(lambda reference: reference[0].replace('"', "'"), text))
    except ValueError:
        yield Unreadable(text[:80], "a dashboard's body is JSON")
        return
    for widget in body.get("widgets", ()):
        if widget.get("type") == "metric":
            yield from in_widget(widget.get("properties", {}))


def _judged(where: str, found: Found, made: frozenset[tuple[str, str]]) -> Iterator[MetricProblem]:
    if isinstance(found, Unreadable):
        yield MetricProblem(where, f"it says {found.text}", found.reason)
        return
    if (found.namespace, found.name) in made:
        return
    rows = metrics_of(found.namespace, found.name)
    if not rows:
        yield MetricProblem(
            where, f"it names the metric {found.name} in {found.namespace}", "the table of metrics has no such metric"
        )
        return
    fitting = [row for row in rows if found.dimensions is None or row.takes_dimensions(found.dimensions)]
    if not fitting:
        sets = sorted({_named(each) for row in rows for each in row.dimension_sets})
        yield MetricProblem(
            where,
            f"it names {found.name} with the dimensions {_named(found.dimensions)}",
            f"{found.namespace} publishes it with {'; or with '.join(sets)}",
        )
        return
    if found.statistic is not None and not any(row.takes_statistic(found.statistic) for row in fitting):
        allowed = sorted({statistic for row in fitting for statistic in row.statistics})
        yield MetricProblem(
            where,
            f'it takes the statistic "{found.statistic}" of {found.name}',
            f"those that mean something are {', '.join(allowed)}",
        )
    if found.unit and found.unit not in {row.unit for row in fitting}:
        units = ", ".join(sorted({row.unit for row in fitting}))
        yield MetricProblem(where, f"it takes {found.name} in {found.unit}", f"it is published in {units}")


def _named(dimensions: frozenset[str] | None) -> str:
    return ", ".join(sorted(dimensions or ())) or "none"


def _alarm_problems(where: str, alarm: Body) -> Iterator[MetricProblem]:
    queries = _listed(alarm.get("metric_query"))
    ids = frozenset(str(query.get("id")) for query in queries)
    if not alarm.get("treat_missing_data"):
        yield MetricProblem(
            where, "treat_missing_data is not set", "what a period without data means is chosen for each metric"
        )
    if not queries and "metric_name" not in alarm:
        yield MetricProblem(where, "it has neither a metric nor a query", "an alarm watches something")
    for query in queries:
        for unknown in unknown_names(str(query.get("expression", "")), ids):
            yield MetricProblem(where, f'its expression names "{unknown}"', "no query of the alarm has that id")
    band = alarm.get("threshold_metric_id")
    if band is not None and band not in ids:
        yield MetricProblem(where, f'threshold_metric_id is "{band}"', "no query of the alarm has that id")
    comparison = alarm.get("comparison_operator")
    if comparison and (band is not None) != (comparison in _BAND_COMPARISONS):
        yield MetricProblem(
            where,
            f'comparison_operator is "{comparison}" {"with" if band is not None else "without"} threshold_metric_id',
            f"{', '.join(_BAND_COMPARISONS)} belong to an anomaly band, the others to a threshold",
        )


def _unheard(document: Mapping[str, Any]) -> Iterator[MetricProblem]:
    rules = " ".join(str(body.get("alarm_rule", "")) for _, body in _of_type(document, _COMPOSITE))
    for kind in (_ALARM, _COMPOSITE):
        for where, alarm in _of_type(document, kind):
            if not alarm.get("alarm_actions") and f'("{alarm.get("alarm_name")}")' not in rules:
                yield MetricProblem(where, "it has no alarm_actions", "an alarm that tells nobody is none, "
                                    "unless a composite alarm is made of it")  # fmt: skip
