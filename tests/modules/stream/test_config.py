"""Configuration of streams: no engine, no Node."""

from __future__ import annotations

from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.core.target import Target
from modules.stream import StreamConfig

NUMBER_TOKEN = -1.8881545897087505e289
OWN, OTHER = "123456789012", "210987654321"


def refusal(**fields: Any) -> str:
    with pytest.raises(ConfigError) as refused:
        StreamConfig.parse(fields)
    return str(refused.value)


def test_the_default_is_on_demand_and_kept() -> None:
    config = StreamConfig()
    assert (config.provisioned, config.retention_hours, config.removal, config.consumers) == (None, 24, "keep", ())


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"retention_hours": 8_761},
            (
                "retention_hours is 8761; a stream's retention takes 24 to 8760 hours (IncreaseStreamRetentionPeriod); "
                "set a value from 24 to 8760"
            ),
        ),
        ({"provisioned": {}}, "provisioned.shards is missing; it has no default; set it"),
        (
            {"provisioned": {"shards": 0}},
            (
                "provisioned.shards is 0; a provisioned stream takes 1 to 20000 shards (Kinesis quotas; the account's "
                "quota bounds it); set a value from 1 to 20000"
            ),
        ),
        (
            {"shard_level_metrics": ["ALL"]},
            (
                'shard_level_metrics[0] is "ALL"; a shard-level metric is one of IncomingBytes, IncomingRecords, '
                "OutgoingBytes, OutgoingRecords, WriteProvisionedThroughputExceeded, "
                "ReadProvisionedThroughputExceeded, IteratorAgeMilliseconds; choose one of them"
            ),
        ),
        (
            {"consumers": ["a b"]},
            (
                'consumers[0] is "a b"; a consumer\'s name has 1 to 128 letters, digits and characters of _.- (kinesis '
                "API model); correct it"
            ),
        ),
        (
            {"consumers": [f"reader-{number}" for number in range(21)]},
            "consumers has 21 entries; a stream has at most 20 registered consumers (Kinesis quotas); remove some",
        ),
        ({"consumers": ["audit", "audit"]}, 'consumers holds "audit" twice; each once; remove one'),
        (
            {"reader_accounts": ["1"]},
            'reader_accounts[0] is "1"; an AWS account id has 12 digits; quote it in YAML and write all digits',
        ),
        (
            {"removal": "destroy"},
            'removal is "destroy" without a reason; the records would be lost for good; set removal_reason',
        ),
        (
            {"alarms": {"iterator_age_seconds": 86_400}},
            (
                "alarms.iterator_age_seconds is 86400 and retention_hours is 24; records would be gone before the "
                "alarm fires; set the alarm below 86400"
            ),
        ),
        ({"encryption_type": "NONE"}, "encryption_type is not a field; remove it, or check its spelling"),
    ],
)
def test_a_stream_is_refused(fields: dict[str, Any], sentence: str) -> None:
    assert refusal(**fields) == sentence


def test_a_retention_known_only_later_is_not_judged() -> None:
    assert StreamConfig.parse({"retention_hours": NUMBER_TOKEN}).retention_hours == NUMBER_TOKEN


def test_the_own_account_needs_grants() -> None:
    target = Target(
        org="acme", env="dev", account="main", account_id=OWN, region="eu-west-1", stack="orders", owner="me"
    )
    config = StreamConfig.parse({"reader_accounts": [OWN, OTHER], "writer_accounts": [OTHER]})
    assert [str(problem) for problem in config.target_checks(target)] == [
        (
            'reader_accounts holds "123456789012"; it is the stream\'s own account, all of whose roles would be let in '
            "without a grant; remove it, and use grant_read or grant_write"
        )
    ]
