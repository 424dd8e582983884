"""Configuration of serverless caches: no engine, no Node."""

from __future__ import annotations

from typing import Any

import pytest

from modules.cache import ServerlessCacheConfig
from modules.core.errors import ConfigError
from modules.core.target import Target

USERS: dict[str, Any] = {"users": {"orders": {}}}
TARGET = {
    "org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1",
    "stack": "orders", "owner": "me",
}  # fmt: skip


def refusal(**fields: Any) -> str:
    with pytest.raises(ConfigError) as refused:
        ServerlessCacheConfig.parse({**USERS, **fields})
    return str(refused.value)


def test_the_default_is_limited_and_kept() -> None:
    config = ServerlessCacheConfig.parse(USERS)
    assert (config.engine, config.version, config.removal) == ("valkey", "8", "keep")
    assert (config.max_storage_gb, config.max_ecpu_per_second) == (10, 10_000)
    assert (config.min_storage_gb, config.min_ecpu_per_second) == (None, None)


def test_redis_has_a_version_of_its_own() -> None:
    assert ServerlessCacheConfig.parse({**USERS, "engine": "redis"}).version == "7"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"users": {}},
            "users is empty; a function signs in as one of them; name one, such as users: {orders: {}}",
        ),
        (
            {"engine": "redis", "major_engine_version": "8"},
            'major_engine_version is "8"; redis has 7 (ElastiCache guide); choose one of them',
        ),
        (
            {"max_storage_gb": 5_001},
            (
                "max_storage_gb is 5001; a serverless cache's data storage takes 1 to 5000 GB (ElastiCache guide, "
                "scaling limits); set a value from 1 to 5000"
            ),
        ),
        (
            {"max_ecpu_per_second": 999},
            (
                "max_ecpu_per_second is 999; a serverless cache takes 1000 to 15000000 ECPU a second (ElastiCache "
                "guide, scaling limits); set a value from 1000 to 15000000"
            ),
        ),
        ({"min_storage_gb": 11}, "min_storage_gb is 11; it is at most max_storage_gb, 10; lower it"),
        (
            {"min_ecpu_per_second": 10_001},
            "min_ecpu_per_second is 10001; it is at most max_ecpu_per_second, 10000; lower it",
        ),
        (
            {"snapshot_retention_days": 0},
            (
                "snapshot_retention_days is 0 without a reason; what the cache holds cannot be restored; set "
                "snapshots_off_reason"
            ),
        ),
        (
            {"snapshots_off_reason": "a trial"},
            'snapshots_off_reason is "a trial"; a reason belongs to snapshot_retention_days: 0; remove it',
        ),
        (
            {"daily_snapshot_time": "3 o'clock"},
            'daily_snapshot_time is "3 o\'clock"; a time of the day reads like 03:00, in UTC; correct it',
        ),
        (
            {"availability_zones": ["eu-west-1a"]},
            (
                "availability_zones holds 1; a serverless cache stands in two or three zones (ElastiCache guide); name "
                "two or three"
            ),
        ),
        (
            {"availability_zones": ["eu-west-1a", "eu-west-1a"]},
            'availability_zones holds "eu-west-1a" twice; each zone once; remove one',
        ),
        (
            {"removal": "destroy"},
            'removal is "destroy" without a reason; the data would be lost for good; set removal_reason',
        ),
    ],
)
def test_what_is_refused(fields: dict[str, Any], sentence: str) -> None:
    assert refusal(**fields) == sentence


def test_zones_of_another_region() -> None:
    config = ServerlessCacheConfig.parse({**USERS, "availability_zones": ["eu-west-1a", "us-east-1a"]})
    with pytest.raises(ConfigError) as refused:
        config.require(Target.parse(TARGET), where="cache")
    assert str(refused.value) == (
        'cache: availability_zones holds "us-east-1a"; the target\'s region is eu-west-1; name a zone of that region'
    )
