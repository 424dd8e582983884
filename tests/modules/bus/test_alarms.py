"""Alarms of a bus."""

from __future__ import annotations

from modules.bus.alarms import bus_alarms


def test_failures_of_all_rules_are_added_up() -> None:
    specs = {spec.id: spec for spec in bus_alarms("acme-events")}
    assert {name: (spec.periods, spec.datapoints) for name, spec in specs.items()} == {
        "failed-invocations": (1, 1), "lost-events": (1, 1), "throttled-rules": (5, 5),
    }  # fmt: skip
    assert specs["failed-invocations"].expression == (
        'SELECT SUM(FailedInvocations) FROM SCHEMA("AWS/Events", EventBusName, RuleName) '
        "WHERE EventBusName = 'acme-events'"
    )
    assert all((spec.terms, spec.threshold, spec.missing_data) == ((), 0, "notBreaching") for spec in specs.values())
