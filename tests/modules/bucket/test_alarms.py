"""Alarms of a bucket."""

from __future__ import annotations

from modules.bucket.alarms import bucket_alarms


def test_refused_and_failed_requests() -> None:
    specs = bucket_alarms("acme-files")
    assert {spec.id: (spec.metric, spec.threshold) for spec in specs} == {
        "client-errors": ("4xxErrors", 0.05),
        "server-errors": ("5xxErrors", 0.05),
    }
    assert all(spec.dimensions == {"BucketName": "acme-files", "FilterId": "EntireBucket"} for spec in specs)
    assert all((spec.periods, spec.datapoints, spec.statistic) == (15, 15, "Average") for spec in specs)
