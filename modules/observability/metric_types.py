"""What the table of metrics is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_PERCENTILE = re.compile(r"p(?:\d{1,2}(?:\.\d{1,10})?|100)")
_ANY_PERCENTILE = "pNN"


@dataclass(frozen=True)
class Missing:
    """What an alarm makes of a period without data.

    Attributes:
        treatment: CloudWatch's word for it: `notBreaching`, `breaching`, `ignore` or `missing`.
        reason: why.
    """

    treatment: str
    reason: str


@dataclass(frozen=True)
class Metric:
    """A metric as the service publishes it.

    Attributes:
        namespace: such as `AWS/Lambda`.
        name: such as `Errors`.
        unit: CloudWatch's name of the unit.
        statistics: those that mean something; `pNN` stands for every percentile.
        dimension_sets: names of the dimensions, each set as the service publishes it.
        missing: what an alarm makes of a period without data.
        source: document that lists the metric.
    """

    namespace: str
    name: str
    unit: str
    statistics: tuple[str, ...]
    dimension_sets: tuple[frozenset[str], ...]
    missing: Missing
    source: str

    def takes_statistic(self, statistic: str) -> bool:
        """Whether the statistic means something for the metric."""
        named = _ANY_PERCENTILE if _PERCENTILE.fullmatch(statistic) else statistic
        return named in self.statistics and statistic != _ANY_PERCENTILE

    def takes_dimensions(self, names: Iterable[str]) -> bool:
        """Whether the service publishes the metric with exactly these dimensions."""
        return frozenset(names) in self.dimension_sets


COUNT = ("Sum",)
"""Statistics of what is counted: each data point is 1, or a number of things."""

LEVEL = ("Average", "Maximum", "Minimum")
"""Statistics of what stands at a value, such as a share or a number of connections."""

TIME = ("Average", "Maximum", "Minimum", _ANY_PERCENTILE)
"""Statistics of what takes time, of which single values count."""


def dimension_sets(*sets: str) -> tuple[frozenset[str], ...]:
    """Sets of dimensions, each written as names with a comma and a space between them; empty for no dimension."""
    return tuple(frozenset(each.split(", ") if each else ()) for each in sets)


@dataclass(frozen=True)
class Source:
    """What several metrics of a service have in common."""

    namespace: str
    document: str

    def rows(
        self,
        names: str,
        unit: str,
        statistics: tuple[str, ...],
        sets: tuple[frozenset[str], ...],
        missing: Missing,
    ) -> Iterator[Metric]:
        """One row for each name; names stand with white space between them."""
        for name in names.split():
            yield Metric(self.namespace, name, unit, statistics, sets, missing, self.document)
