"""Where the widgets of a dashboard stand: pure Python, the same whatever the order in which things were named.

Each thing has rows of its own, sorted by its construct path, below the title of its part of the path. Another thing
adds rows; those above it stay, those below move down, and nothing moves sideways.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from modules.core import limits
from modules.core.errors import Problem
from modules.dashboard.config import DashboardConfig
from modules.dashboard.widgets import Graph, Properties, Text, Widget

GRID_WIDTH = 24  # CloudWatch API, dashboard body
_ROW_HEIGHT, _TITLE_HEIGHT = 6, 1


@dataclass(frozen=True)
class Row:
    """Widgets side by side, each as wide as the others.

    Attributes:
        key: what rows are sorted by: the path of the construct that they show.
        widgets: from left to right; 1, 2, 3, 4 or 6.
        height: in grid units.
    """

    key: str
    widgets: tuple[Widget, ...]
    height: int = _ROW_HEIGHT


@dataclass(frozen=True)
class Section:
    """One part of the path from trigger to database.

    Attributes:
        title: its title; empty without one.
        rows: what it shows; without any there is no title either.
    """

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Placed:
    """A widget and its place on the grid."""

    widget: Widget
    x: int
    y: int
    width: int
    height: int


def place(sections: Iterable[Section]) -> tuple[Placed, ...]:
    """Give every widget its place, sections in their order and rows by key."""
    return tuple(_places(sections))


def _places(sections: Iterable[Section]) -> Iterator[Placed]:
    y = 0
    for section in sections:
        if section.rows and section.title:
            yield Placed(Text(f"## {section.title}"), 0, y, GRID_WIDTH, _TITLE_HEIGHT)
            y += _TITLE_HEIGHT
        for row in sorted(section.rows, key=lambda row: row.key):
            width = GRID_WIDTH // len(row.widgets)
            for index, widget in enumerate(row.widgets):
                yield Placed(widget, index * width, y, width, row.height)
            y += row.height


def limit_problems(placed: Sequence[Placed]) -> Iterator[Problem]:
    """What CloudWatch would refuse, or would not draw."""
    most = limits.CLOUDWATCH_MAX_DASHBOARD_WIDGETS
    fix = "make several dashboards, each of some of the functions and stores"
    if len(placed) > most:
        yield Problem("", f"the dashboard has {len(placed)} widgets", f"CloudWatch takes {most} (dashboard body)", fix)
    for each in placed:
        count, most = each.widget.metric_count, limits.CLOUDWATCH_MAX_WIDGET_METRICS
        if isinstance(each.widget, Graph) and count > most:
            yield Problem(
                "",
                f'the widget "{each.widget.title}" has {count} metrics',
                f"one takes {most} (CloudWatch quotas)",
                fix,
            )
    total, most = sum(each.widget.metric_count for each in placed), limits.CLOUDWATCH_MAX_DASHBOARD_METRICS
    if total > most:
        yield Problem("", f"the dashboard has {total} metrics", f"one takes {most} (CloudWatch quotas)", fix)


def body(placed: Iterable[Placed], *, config: DashboardConfig, region: str) -> str:
    """The dashboard as CloudWatch takes it, JSON with Terraform references in it."""
    widgets: list[Properties] = [
        {
            "type": each.widget.type,
            "x": each.x,
            "y": each.y,
            "width": each.width,
            "height": each.height,
            "properties": each.widget.properties(region=region, period_seconds=config.period_seconds),
        }
        for each in placed
    ]
    document = {"start": config.start, "periodOverride": "inherit", "widgets": widgets}
    return json.dumps(document, separators=(",", ":"))
