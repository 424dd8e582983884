"""Alarms of a stream."""

from __future__ import annotations

from modules.stream import StreamAlarmsConfig
from modules.stream.alarms import stream_alarms


def test_readers_that_fall_behind_and_capacity_that_is_used_up() -> None:
    specs = {spec.id: spec for spec in stream_alarms("acme-records", StreamAlarmsConfig(iterator_age_seconds=60))}
    age = specs["iterator-age"]
    assert (age.metric, age.statistic, age.threshold) == ("GetRecords.IteratorAgeMilliseconds", "Maximum", 60_000)
    assert (age.periods, age.datapoints) == (15, 15)
    assert specs["write-throughput"].metric == "WriteProvisionedThroughputExceeded"
    assert specs["read-throughput"].metric == "ReadProvisionedThroughputExceeded"
    failed = specs["failed-records"]
    assert ([term.metric for term in failed.terms], failed.threshold) == (
        ["PutRecords.FailedRecords", "PutRecords.TotalRecords"], 1,
    )  # fmt: skip
    assert all(spec.dimensions == {"StreamName": "acme-records"} for spec in specs.values())
