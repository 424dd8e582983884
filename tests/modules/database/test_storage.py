"""Storage of instances: what RDS takes of size, IOPS and throughput."""

from __future__ import annotations

from typing import Any

import pytest

from modules.database import DatabaseConfig
from tests.modules.core.samples import NUMBER_TOKEN, refusal

NAMES: dict[str, Any] = {"database_name": "stock", "master_username": "owner"}
BIG: dict[str, Any] = {"allocated_storage_gb": 400, "max_allocated_storage_gb": 500}
IO2: dict[str, Any] = {"storage_type": "io2", "allocated_storage_gb": 100, "max_allocated_storage_gb": 200}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {**BIG, "iops": 12_000},
        {**BIG, "iops": 64_000, "storage_throughput_mibps": 4_000},
        {**BIG, "storage_throughput_mibps": 500},
        {**BIG, "storage_throughput_mibps": 3_000},
        {**IO2, "iops": 1_000},
        {**IO2, "iops": 100_000},
        {**IO2, "allocated_storage_gb": 300, "max_allocated_storage_gb": 400, "iops": 256_000},
        {**IO2, "iops": NUMBER_TOKEN},
        {**BIG, "iops": NUMBER_TOKEN, "storage_throughput_mibps": NUMBER_TOKEN},
    ],
)
def test_storage_that_rds_takes(fields: dict[str, Any]) -> None:
    assert DatabaseConfig.parse({**NAMES, **fields}).storage_type in ("gp3", "io2")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"iops": 12_000, "storage_throughput_mibps": 500},
            [
                ("iops is 12000, and allocated_storage_gb is 20; gp3 has 3000 IOPS below 400 GiB, no more and no less "
                "(RDS guide); remove it, or allocate at least 400 GiB"),
                ("storage_throughput_mibps is 500, and allocated_storage_gb is 20; gp3 has 125 MiB/s below 400 GiB, no "
                "more and no less (RDS guide); remove it, or allocate at least 400 GiB"),
            ],
        ),
        (
            {**BIG, "iops": 11_999},
            [("iops is 11999; gp3 storage from 400 GiB takes 12000 to 64000 IOPS (RDS guide); "
             "set a value from 12000 to 64000")],
        ),
        (
            {**BIG, "iops": 64_001},
            [("iops is 64001; gp3 storage from 400 GiB takes 12000 to 64000 IOPS (RDS guide); "
             "set a value from 12000 to 64000")],
        ),
        (
            {**BIG, "storage_throughput_mibps": 4_000},
            [("storage_throughput_mibps is 4000, and there are 12000 IOPS; gp3 has at most 1 MiB/s for 4 IOPS "
             "(RDS guide); set iops to at least 16000")],
        ),
        (
            {**IO2},
            ["iops is missing; io2 is provisioned by its IOPS (rds API model); set it"],
        ),
        (
            {**IO2, "iops": 3_000, "storage_throughput_mibps": 500},
            [("storage_throughput_mibps is 500; the throughput of io2 follows from its IOPS (RDS guide); remove it, or "
             "choose gp3")],
        ),
        (
            {"storage_type": "io2", "iops": 3_000},
            [("allocated_storage_gb is 20; io2 has at least 100 GiB (rds API model); set it to at least 100, or choose "
             "gp3")],
        ),
        (
            {**IO2, "iops": 100_001},
            [("iops is 100001, and allocated_storage_gb is 100; io2 has half an IOPS to 1000 IOPS for each GiB "
             "(RDS guide); set iops to 1000 or more, or allocate more")],
        ),
        (
            {**IO2, "allocated_storage_gb": 10_000, "max_allocated_storage_gb": 20_000, "iops": 4_999},
            [("iops is 4999, and allocated_storage_gb is 10000; io2 has half an IOPS to 1000 IOPS for each GiB "
             "(RDS guide); set iops to 5000 or more, or allocate more")],
        ),
    ],
)  # fmt: skip
def test_storage_that_rds_refuses(fields: dict[str, Any], expected: list[str]) -> None:
    assert refusal(DatabaseConfig, {**NAMES, **fields}) == expected


@pytest.mark.parametrize(("field", "value", "rule"), [
    ("iops", 999, "an instance's storage takes 1000 to 256000 IOPS (RDS guide); set a value from 1000 to 256000"),
    ("storage_throughput_mibps", 4_001, ("an instance's storage takes 500 to 4000 MiB/s (RDS guide); set a value from "
     "500 to 4000")),
])  # fmt: skip
def test_numbers_that_no_storage_takes(field: str, value: int, rule: str) -> None:
    assert refusal(DatabaseConfig, {**NAMES, **BIG, field: value}) == [f"{field} is {value}; {rule}"]
