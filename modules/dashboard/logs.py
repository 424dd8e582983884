"""Rows of alarms and logs: what is wrong now, and the last errors that functions wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from modules.core import limits
from modules.dashboard.layout import Row
from modules.dashboard.widgets import AlarmStatus, LogTable
from modules.observability.log_queries_config import query_text
from modules.observability.log_source import LogSource

_LOG_QUERIES = (("errors", "Last errors"), ("slowest-requests", "Slowest requests"))
_TALL = 8
_Item = TypeVar("_Item")


def alarm_rows(arns: Iterable[str]) -> tuple[Row, ...]:
    """The states of all alarms, sorted, as many to a widget as CloudWatch takes."""
    chunks = tuple(_chunks(sorted(set(arns)), limits.CLOUDWATCH_MAX_WIDGET_ALARMS))
    return tuple(
        Row(f"{index:04}", (AlarmStatus("Alarms" if len(chunks) == 1 else f"Alarms {index + 1}", chunk),))
        for index, chunk in enumerate(chunks)
    )


def log_rows(logs: Sequence[tuple[str, LogSource]]) -> Iterator[Row]:
    """Errors and slowest requests of all functions: one query for each format, as records are told apart by it.

    Args:
        logs: construct path of each function, and its log group.
    """
    for log_format in sorted({source.format for _, source in logs}):
        groups = [
            source.group_name for _, source in sorted(logs, key=lambda each: each[0]) if source.format == log_format
        ]
        chunks = tuple(_chunks(groups, limits.LOGS_MAX_QUERY_LOG_GROUPS))
        for index, chunk in enumerate(chunks):
            part = f" {index + 1}" if len(chunks) > 1 else ""
            yield Row(
                f"{log_format} {index:04}",
                tuple(
                    LogTable(f"{title} ({log_format} logs{part})", chunk, query_text(query, log_format))
                    for query, title in _LOG_QUERIES
                ),
                _TALL,
            )


def _chunks(items: Sequence[_Item], most: int) -> Iterator[tuple[_Item, ...]]:
    for begin in range(0, len(items), most):
        yield tuple(items[begin : begin + most])
