"""Recommended alarms of a table: CloudWatch "Recommended alarms" for DynamoDB, of those that speak of one table.

`UserErrors` and the shares of the account's capacity are metrics of the account. Throttled requests of an index count
under the index alone, and `SystemErrors` under each operation (DynamoDB guide, metrics and dimensions).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from modules.observability import AlarmSpec, MetricTerm

_UNFIT = re.compile(r"[^a-z0-9]+")
_NAMESPACE = "AWS/DynamoDB"
_OPERATIONS = (
    "BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem",
)  # fmt: skip  # those that roles are granted here


def table_alarms(table_name: str, global_indexes: Iterable[str]) -> tuple[AlarmSpec, ...]:
    """Alarms of a table and its global indexes: throttled reads and writes, and failures of DynamoDB's own.

    Args:
        table_name: the table.
        global_indexes: names of its global secondary indexes.
    """
    of_table = {"TableName": table_name}
    throttled = [_throttled(kind, "", of_table) for kind in ("read", "write")] + [
        _throttled(kind, name, {**of_table, "GlobalSecondaryIndexName": name})
        for name in sorted(global_indexes)
        for kind in ("read", "write")
    ]
    terms = tuple(
        MetricTerm(operation.lower(), "SystemErrors", "Sum", {"Operation": operation}) for operation in _OPERATIONS
    )
    failures = AlarmSpec(
        id="system-errors",
        description="DynamoDB fails requests to the table by itself.",
        namespace=_NAMESPACE, dimensions=of_table, terms=terms,
        expression="+".join(f"FILL({term.id},0)" for term in terms),
        comparison="GreaterThanThreshold", threshold=0, periods=5, datapoints=5,
    )  # fmt: skip
    return (*throttled, failures)


def alarm_word(index: str) -> str:
    """An index's name as a part of its alarms' names; two that read alike here are refused in the configuration."""
    return _UNFIT.sub("-", index.lower()).strip("-")


def _throttled(kind: str, index: str, dimensions: dict[str, str]) -> AlarmSpec:
    what = f"the index {index}" if index else "the table"
    return AlarmSpec(
        id="-".join(part for part in (kind, "throttles", alarm_word(index)) if part),
        description=f"DynamoDB throttles {kind}s of {what}; see its capacity, or keys that are asked for too often.",
        namespace=_NAMESPACE, metric=f"{kind.capitalize()}ThrottleEvents", statistic="Sum", dimensions=dimensions,
        comparison="GreaterThanThreshold", threshold=0, periods=5, datapoints=5,
    )  # fmt: skip
