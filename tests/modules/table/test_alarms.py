"""Alarms of a table."""

from __future__ import annotations

from modules.table.alarms import table_alarms


def test_throttled_requests_of_the_table_and_of_each_index() -> None:
    *throttles, _ = table_alarms("acme-orders", ["by-status", "By_Total"])
    assert {spec.id: (spec.metric, dict(spec.dimensions)) for spec in throttles} == {
        f"{kind}-throttles{suffix}": (f"{kind.capitalize()}ThrottleEvents", {"TableName": "acme-orders", **index})
        for kind in ("read", "write")
        for suffix, index in (
            ("", {}),
            ("-by-status", {"GlobalSecondaryIndexName": "by-status"}),
            ("-by-total", {"GlobalSecondaryIndexName": "By_Total"}),
        )
    }
    assert {(spec.statistic, spec.threshold, spec.datapoints, spec.periods) for spec in throttles} == {("Sum", 0, 5, 5)}


def test_failures_are_counted_under_each_operation() -> None:
    *_, failures = table_alarms("acme-orders", [])
    assert len(failures.terms) <= 10  # an alarm takes no more metrics (CloudWatch guide)
    assert {term.metric for term in failures.terms} == {"SystemErrors"}
    assert {term.dimensions["Operation"] for term in failures.terms} >= {"GetItem", "PutItem", "Query", "UpdateItem"}
    assert failures.expression.split("+")[0] == "FILL(batchgetitem,0)"
