"""Flow logs: what is recorded, and where it goes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core import limits
from modules.network import FlowLogBucketConfig, FlowLogConfig
from tests.modules.core.samples import CI, NUMBER_TOKEN, STRING_TOKEN, fields_of, refuses_or_keeps, sentence

BUCKET = "a bucket's ARN reads like arn:aws:s3:::flow-logs; write it without a prefix, or pass the bucket's arn"
PREFIX = (
    "a prefix is folders with single slashes between, and does not begin with AWSLogs, which AWS keeps for itself "
    "(VPC guide); correct it"
)


@pytest.mark.parametrize("seconds", [60, 600, NUMBER_TOKEN])
@pytest.mark.parametrize("days", [1, 3653, NUMBER_TOKEN])
def test_a_flow_log_takes_what_aws_takes(seconds: float, days: float) -> None:
    config = FlowLogConfig.parse({"aggregation_seconds": seconds, "retention_days": days})
    assert (config.aggregation_seconds, config.retention_days) == (seconds, days)


@pytest.mark.parametrize(
    ("field", "value"), [("aggregation_seconds", 300), ("retention_days", 0), ("retention_days", 2)]
)
def test_a_flow_log_refuses_what_aws_refuses(field: str, value: int) -> None:
    assert sentence(FlowLogConfig, {field: value}).startswith(f"{field} is {value}; ")


def test_everything_is_recorded_unless_a_reason_is_given() -> None:
    assert FlowLogConfig().traffic_type == "ALL"
    assert sentence(FlowLogConfig, {"traffic_type": "REJECT"}) == (
        'traffic_type is "REJECT"; a flow log that leaves flows out shows half of what happened; set it to ALL, or set '
        "partial_reason"
    )
    assert FlowLogConfig.parse({"traffic_type": "REJECT", "partial_reason": "cost"}).traffic_type == "REJECT"
    assert sentence(FlowLogConfig, {"traffic_type": "NONE"}) == (
        'traffic_type is "NONE"; a flow log\'s traffic type is one of ALL, ACCEPT, REJECT; choose one of them'
    )


def test_a_bucket_gets_parquet_in_folders_that_query_engines_expect() -> None:
    config = FlowLogBucketConfig.parse({"bucket_arn": "arn:aws:s3:::flow-logs"})
    assert (config.file_format, config.hive_compatible_partitions, config.per_hour_partition) == ("parquet", True, True)
    assert FlowLogBucketConfig.parse({"bucket_arn": STRING_TOKEN}).bucket_arn == STRING_TOKEN


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"bucket_arn": "flow-logs"}, f'bucket_arn is "flow-logs"; {BUCKET}'),
        ({"bucket_arn": "arn:aws:s3:::flow-logs/dev"}, f'bucket_arn is "arn:aws:s3:::flow-logs/dev"; {BUCKET}'),
        ({"key_prefix": "/dev"}, f'key_prefix is "/dev"; {PREFIX}'),
        ({"key_prefix": "dev/"}, f'key_prefix is "dev/"; {PREFIX}'),
        ({"key_prefix": "AWSLogs"}, f'key_prefix is "AWSLogs"; {PREFIX}'),
        ({"key_prefix": "AWSLogs/dev"}, f'key_prefix is "AWSLogs/dev"; {PREFIX}'),
        ({"file_format": "csv"},
         'file_format is "csv"; a flow log\'s file format is one of parquet, plain-text; choose one of them'),
        ({"per_hour_partition": 1},
         "per_hour_partition is 1; it takes true or false; write one of them, without quotes"),
    ],
)  # fmt: skip
def test_a_bucket_that_log_delivery_would_not_find_is_refused(fields: dict[str, Any], expected: str) -> None:
    assert sentence(FlowLogBucketConfig, {"bucket_arn": "arn:aws:s3:::flow-logs", **fields}) == expected


@pytest.mark.parametrize("prefix", ["", "dev", "dev/AWSLogs", "AWSLogs2/x"])
def test_prefixes(prefix: str) -> None:
    assert FlowLogBucketConfig.parse({"bucket_arn": "arn:aws:s3:::b-1", "key_prefix": prefix}).key_prefix == prefix


@CI
@given(fields_of(FlowLogConfig, {"retention_days": st.sampled_from(limits.LOG_RETENTION_DAYS)}))
def test_a_flow_log_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(FlowLogConfig, data)
