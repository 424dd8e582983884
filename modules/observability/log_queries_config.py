"""Saved queries of CloudWatch Logs Insights: what they ask of a function's logs, in either format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf

_JSON_QUERIES = {
    "errors": (
        'filter level in ["ERROR", "CRITICAL", "FATAL"] or (type = "platform.report" and record.status != "success")\n'
        "| fields @timestamp, level, message, errorType, errorMessage, record.status, record.errorType, requestId\n"
        "| sort @timestamp desc\n| limit 100"
    ),
    "slowest-requests": (
        'filter type = "platform.report"\n'
        "| fields @timestamp, record.requestId, record.metrics.durationMs, record.metrics.initDurationMs, "
        "record.metrics.maxMemoryUsedMB\n"
        "| sort record.metrics.durationMs desc\n| limit 25"
    ),
    "cold-starts": (
        'filter type = "platform.report"\n'
        "| stats count(*) as invocations, count(record.metrics.initDurationMs) as cold_starts, "
        "avg(record.metrics.initDurationMs) as average_init_ms, max(record.metrics.initDurationMs) as longest_init_ms "
        "by bin(5m)"
    ),
    "memory": (
        'filter type = "platform.report"\n'
        "| stats max(record.metrics.memorySizeMB) as given_mb, max(record.metrics.maxMemoryUsedMB) as most_used_mb, "
        "pct(record.metrics.maxMemoryUsedMB, 95) as p95_used_mb, "
        "100 * max(record.metrics.maxMemoryUsedMB / record.metrics.memorySizeMB) as most_used_percent by bin(1h)"
    ),
    "timeouts": (
        'filter type = "platform.report" and record.status = "timeout"\n'
        "| fields @timestamp, record.requestId, record.metrics.durationMs\n"
        "| sort @timestamp desc\n| limit 100"
    ),
    "out-of-memory": (
        'filter type = "platform.report" and (record.errorType = "Runtime.OutOfMemory" '
        "or record.metrics.maxMemoryUsedMB >= record.metrics.memorySizeMB)\n"
        "| fields @timestamp, record.requestId, record.status, record.metrics.maxMemoryUsedMB, "
        "record.metrics.memorySizeMB\n"
        "| sort @timestamp desc\n| limit 100"
    ),
}
"""For records in JSON; Lambda's own have a type and a record (Lambda telemetry API, platform.report)."""

_TEXT_QUERIES = {
    "errors": (
        "filter @message like /(?i)(error|exception|traceback|task timed out)/\n"
        "| fields @timestamp, @requestId, @message\n| sort @timestamp desc\n| limit 100"
    ),
    "slowest-requests": (
        'filter @type = "REPORT"\n'
        "| fields @timestamp, @requestId, @duration, @initDuration, @maxMemoryUsed / 1000000 as used_mb\n"
        "| sort @duration desc\n| limit 25"
    ),
    "cold-starts": (
        'filter @type = "REPORT"\n'
        "| stats count(*) as invocations, count(@initDuration) as cold_starts, "
        "avg(@initDuration) as average_init_ms, max(@initDuration) as longest_init_ms by bin(5m)"
    ),
    "memory": (
        'filter @type = "REPORT"\n'
        "| stats max(@memorySize / 1000000) as given_mb, max(@maxMemoryUsed / 1000000) as most_used_mb, "
        "pct(@maxMemoryUsed / 1000000, 95) as p95_used_mb, "
        "100 * max(@maxMemoryUsed / @memorySize) as most_used_percent by bin(1h)"
    ),
    "timeouts": (
        "filter @message like /Task timed out/\n"
        "| fields @timestamp, @requestId, @message\n| sort @timestamp desc\n| limit 100"
    ),
    "out-of-memory": (
        'filter @message like /Runtime.OutOfMemory/ or (@type = "REPORT" and @maxMemoryUsed >= @memorySize)\n'
        "| fields @timestamp, @requestId, @message\n| sort @timestamp desc\n| limit 100"
    ),
}
"""For lines of text, of which Logs Insights finds fields by itself (CloudWatch Logs guide, discovered fields)."""

QUERIES = tuple(_JSON_QUERIES)
"""Names of the queries."""


def query_text(name: str, log_format: str) -> str:
    """The query of that name for records written as `JSON` or `Text`."""
    return (_JSON_QUERIES if log_format == "JSON" else _TEXT_QUERIES)[name]


class LogQueriesConfig(ConfigModel):
    """Which queries are saved.

    Raises:
        ConfigError: with every refused field.
    """

    queries: tuple[Annotated[str, OneOf(QUERIES, "a query", literal=True)], ...] = Field(
        default=QUERIES,
        description="Queries that are saved for each log group. Those of slowest requests, cold starts, memory, "
        "timeouts and memory used up read Lambda's own reports, which JSON logs hold at system_level INFO and below.",
    )
    additional: dict[
        Annotated[
            str,
            Matching(
                r"[a-z0-9]+(?:-[a-z0-9]+)*", "a query's name has lowercase letters, digits and inner hyphens",
                "correct it", 100, literal=True,
            ),
        ],
        Annotated[
            str,
            Matching(
                r"[\s\S]+",
                f"a query has 1 to {limits.LOGS_MAX_QUERY_CHARACTERS} characters (logs API model)",
                "shorten it",
                limits.LOGS_MAX_QUERY_CHARACTERS,
            ),
        ],
    ] = Field(default_factory=dict, description="Further queries, by name.")  # fmt: skip

    def cross_checks(self) -> Iterator[Problem]:
        """Each name once."""
        for name in sorted({each for each in self.queries if self.queries.count(each) > 1}):
            yield Problem("", f'queries holds "{name}" twice', "each once", "remove one")
        for name in sorted(self.additional.keys() & set(self.queries)):
            given = f'additional holds "{name}"'
            yield Problem("", given, "queries holds it too", "rename yours, or leave the other out of queries")
