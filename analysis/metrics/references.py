"""Metrics as alarms, queries and dashboards name them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from modules.observability.metrics_query import is_metric_query, metric_query

_SEARCH = re.compile(r"SEARCH\(\s*'\{(?P<schema>[^}]*)\}(?P<terms>[^']*)'\s*,\s*'(?P<statistic>[^']*)'")
_SEARCHED = re.compile(r'MetricName="?(?P<name>[^"\s)]+)"?')
_TEXT = re.compile(r"'[^']*'|\"[^\"]*\"")
_NAMED = re.compile(r"(?<![\w.])[a-z]\w*(?!\w|\s*\()")


@dataclass(frozen=True)
class MetricReference:
    """A metric that something names.

    Attributes:
        namespace: such as `AWS/Lambda`.
        name: such as `Errors`.
        statistic: such as `Sum`; None where nothing says.
        dimensions: their names; None where any will do.
        unit: the unit that is asked for; empty for any.
    """

    namespace: str
    name: str
    statistic: str | None
    dimensions: frozenset[str] | None
    unit: str = ""


@dataclass(frozen=True)
class Unreadable:
    """Something that should name a metric, and cannot be read.

    Attributes:
        text: what stands there.
        reason: what is wrong with it.
    """

    text: str
    reason: str


Found = MetricReference | Unreadable


def in_expression(expression: str) -> Iterator[Found]:
    """What a query of Metrics Insights, or a SEARCH of metric math, names."""
    if is_metric_query(expression):
        query = metric_query(expression)
        if query is None:
            yield Unreadable(expression, "it does not read like a query of Metrics Insights")
        else:
            yield MetricReference(query.namespace, query.metric, query.statistic, query.dimensions)
        return
    for search in _SEARCH.finditer(expression):
        namespace, *dimensions = (part.strip().strip('"') for part in search["schema"].split(","))
        name = _SEARCHED.search(search["terms"])
        if name is None:
            yield Unreadable(search[0], "the search names no metric")
        else:
            yield MetricReference(namespace, name["name"], search["statistic"], frozenset(dimensions))


def unknown_names(expression: str, known: frozenset[str]) -> tuple[str, ...]:
    """Names in metric math that no metric or expression beside it has, sorted."""
    if is_metric_query(expression):
        return ()
    used = set(_NAMED.findall(_TEXT.sub("", expression)))
    return tuple(sorted(used - known))


def in_widget(properties: Mapping[str, Any]) -> Iterator[Found]:
    """What the metrics of a widget name; a row may repeat parts of the one before (CloudWatch API, dashboard body)."""
    default = properties.get("stat", "Average")
    rows = [row for row in properties.get("metrics", ()) if row]
    ids = frozenset(str(row[-1]["id"]) for row in rows if isinstance(row[-1], Mapping) and "id" in row[-1])
    before: list[str] = []
    for row in rows:
        options = row[-1] if isinstance(row[-1], Mapping) else {}
        parts = [str(part) for part in row if not isinstance(part, Mapping)]
        if "expression" in options:
            yield from _expression(str(options["expression"]), ids)
            continue
        parts = _spelt_out(parts, before)
        before = parts
        if len(parts) < 2 or len(parts) % 2:  # noqa: PLR2004  # namespace and name, then names and values in pairs
            yield Unreadable(str(row), "a metric has a namespace, a name, and names of dimensions with their values")
            continue
        namespace, name, *dimensions = parts
        yield MetricReference(namespace, name, str(options.get("stat", default)), frozenset(dimensions[::2]))


def _expression(expression: str, ids: frozenset[str]) -> Iterator[Found]:
    yield from in_expression(expression)
    for unknown in unknown_names(expression, ids):
        yield Unreadable(expression, f'nothing in the graph has the id "{unknown}"')


def _spelt_out(parts: list[str], before: list[str]) -> list[str]:
    if parts and parts[0] == "...":
        kept = len(before) - len(parts) + 1
        return [*before[:kept], *parts[1:]]
    return [before[at] if part == "." and at < len(before) else part for at, part in enumerate(parts)]
