"""Alarms of a file system, by its modes."""

from __future__ import annotations

from typing import Any

import pytest

from modules.filesystem import FileSystemConfig
from modules.filesystem.alarms import file_system_alarms


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ["io-limit"]),
        ({"throughput_mode": "bursting"}, ["io-limit", "burst-credits"]),
        ({"throughput_mode": "bursting", "performance_mode": "maxIO"}, ["burst-credits"]),
        ({"throughput_mode": "provisioned", "provisioned_throughput_mibps": 64}, ["io-limit"]),
    ],
)
def test_alarms(fields: dict[str, Any], expected: list[str]) -> None:
    config = FileSystemConfig.parse({"access_points": {"orders": {"path": "/orders"}}, **fields})
    specs = file_system_alarms("fs-0123456789abcdef0", config)
    assert [spec.id for spec in specs] == expected
    assert all(spec.dimensions == {"FileSystemId": "fs-0123456789abcdef0"} for spec in specs)
    assert all((spec.periods, spec.datapoints, spec.statistic) == (15, 15, "Average") for spec in specs)
