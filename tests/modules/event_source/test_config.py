"""Configuration of event sources: no engine, no Node."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from modules.core.config import ConfigModel
from modules.core.errors import ConfigError
from modules.core.target import Target
from modules.event_source import PollersConfig, QueueSourceConfig, StreamSourceConfig, TableSourceConfig

WHERE = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}


def refusal(model: type[ConfigModel], **fields: Any) -> str:
    with pytest.raises(ConfigError) as refused:
        model.parse(fields)
    return str(refused.value)


def target(**other: Any) -> Target:
    return Target.parse({**WHERE, "stack": "orders", "owner": "me", **other})


def test_the_defaults_lose_no_message_and_give_up_in_time() -> None:
    queue, stream = QueueSourceConfig(), StreamSourceConfig()
    assert (queue.batch_size, queue.maximum_concurrency, queue.reports_batch_item_failures) == (10, None, True)
    assert (stream.starting_position, stream.maximum_retry_attempts) == ("TRIM_HORIZON", 5)
    assert (stream.maximum_record_age_seconds, stream.bisect_batch_on_function_error) == (43_200, True)
    assert queue.enabled
    assert not QueueSourceConfig(disabled_reason="a migration runs").enabled


@pytest.mark.parametrize(
    ("model", "fields", "sentence"),
    [
        (
            QueueSourceConfig,
            {"batch_size": 10_001, "batching_window_seconds": 1},
            (
                "batch_size is 10001; a batch of an event source takes 1 to 10000 records (lambda API model, "
                "BatchSize); "
                "set a value from 1 to 10000"
            ),
        ),
        (
            QueueSourceConfig,
            {"batching_window_seconds": 301},
            (
                "batching_window_seconds is 301; an event source's batching window takes 0 to 300 seconds (lambda API "
                "model, MaximumBatchingWindowInSeconds); set a value from 0 to 300"
            ),
        ),
        *(
            (
                QueueSourceConfig,
                {"maximum_concurrency": number},
                (
                    f"maximum_concurrency is {number}; a queue's maximum concurrency takes 2 to 1000 invocations "
                    "(lambda "
                    "API model, MaximumConcurrency); set a value from 2 to 1000"
                ),
            )
            for number in (1, 1_001)
        ),
        (
            PollersConfig,
            {"minimum": 1, "maximum": 20},
            (
                "minimum is 1; an SQS event source's minimum takes 2 to 200 pollers (lambda API model, "
                "MinimumPollers); set a value from 2 to 200"
            ),
        ),
        (
            PollersConfig,
            {"maximum": 10_001},
            (
                "maximum is 10001; an SQS event source's maximum takes 2 to 10000 pollers (lambda API "
                "model, "
                "MaximumPollers); set a value from 2 to 10000"
            ),
        ),
        (
            PollersConfig,
            {"minimum": 30, "maximum": 20},
            "minimum is 30 and maximum is 20; the maximum is not below the minimum; correct one of the two",
        ),
        (
            StreamSourceConfig,
            {"parallelization_factor": 11},
            (
                "parallelization_factor is 11; a stream's parallelization factor takes 1 to 10 batches of a shard "
                "(lambda "
                "API model, ParallelizationFactor); set a value from 1 to 10"
            ),
        ),
        (
            StreamSourceConfig,
            {"maximum_retry_attempts": -1},
            (
                "maximum_retry_attempts is -1; a batch of a stream takes 0 to 10000 retries (lambda API model, "
                "MaximumRetryAttempts); set a value from 0 to 10000"
            ),
        ),
        (
            StreamSourceConfig,
            {"maximum_record_age_seconds": 59},
            (
                "maximum_record_age_seconds is 59; a stream record's age takes 60 to 604800 seconds (lambda API model, "
                "MaximumRecordAgeInSeconds); set a value from 60 to 604800"
            ),
        ),
        (
            StreamSourceConfig,
            {"tumbling_window_seconds": 901},
            (
                "tumbling_window_seconds is 901; a stream's tumbling window takes 0 to 900 seconds (lambda API model, "
                "TumblingWindowInSeconds); set a value from 0 to 900"
            ),
        ),
        (
            StreamSourceConfig,
            {"starting_position_timestamp": "yesterday"},
            (
                'starting_position_timestamp is "yesterday"; a time reads like 2026-11-21T08:00:00Z (RFC 3339); '
                "write it "
                "in quotes, with its zone"
            ),
        ),
        (
            StreamSourceConfig,
            {"starting_position": "AT_TIMESTAMP", "starting_position_timestamp": "2026-02-30T08:00:00Z"},
            (
                'starting_position_timestamp is "2026-02-30T08:00:00Z"; a time has a day and an hour that '
                "exist (RFC 3339); correct it"
            ),
        ),
        (
            StreamSourceConfig,
            {"starting_position": "AT_TIMESTAMP"},
            (
                "starting_position is AT_TIMESTAMP and starting_position_timestamp is empty; polling begins at that "
                "time; "
                "set it"
            ),
        ),
        (
            StreamSourceConfig,
            {"starting_position_timestamp": "2026-11-21T08:00:00Z"},
            (
                'starting_position_timestamp is "2026-11-21T08:00:00Z" and starting_position is TRIM_HORIZON; a time '
                "belongs to AT_TIMESTAMP; remove one of them"
            ),
        ),
        (
            StreamSourceConfig,
            {"consumer": "a b"},
            (
                'consumer is "a b"; a consumer\'s name has 1 to 128 letters, digits and characters of _.- (kinesis API '
                "model); correct it"
            ),
        ),
        (
            TableSourceConfig,
            {"starting_position": "AT_TIMESTAMP"},
            (
                'starting_position is "AT_TIMESTAMP"; a starting position is one of TRIM_HORIZON, LATEST; choose one '
                "of "
                "them"
            ),
        ),
        (
            TableSourceConfig,
            {"maximum_record_age_seconds": 86_400},
            (
                "maximum_record_age_seconds is 86400 and the stream of a table keeps a record for 86400 seconds; a "
                "record "
                "would be gone before it is given up, and on_failure would never hear of it; set it below 86400"
            ),
        ),
        (
            StreamSourceConfig,
            {"maximum_record_age_seconds": 900},
            (
                "alarms.iterator_age_seconds is 900 and maximum_record_age_seconds is 900; records would be given up "
                "before "
                "the alarm fires; set the alarm below the age"
            ),
        ),
        (
            QueueSourceConfig,
            {"batch_size": 11},
            (
                "batch_size is 11 and batching_window_seconds is 0; a batch of more than 10 messages takes a window "
                "of at "
                "least 1 second (CreateEventSourceMapping); set batching_window_seconds, or batch_size to at most 10"
            ),
        ),
        (
            QueueSourceConfig,
            {"maximum_concurrency": 2, "provisioned_pollers": {"maximum": 2}},
            (
                "maximum_concurrency is 2 and provisioned_pollers is set; Lambda takes one of the two: the maximum "
                "of the "
                "pollers bounds concurrency (Lambda guide, scaling of SQS event sources); remove one of them"
            ),
        ),
        (
            QueueSourceConfig,
            {"alarms": {"failed_events_per_minute": -1}},
            (
                "alarms.failed_events_per_minute is -1; the alarm of failed events takes 0 to 1000000 events a "
                "minute (our "
                "bound); set a value from 0 to 1000000"
            ),
        ),
    ],
)
def test_what_is_refused(model: type[ConfigModel], fields: dict[str, Any], sentence: str) -> None:
    assert refusal(model, **fields) == sentence


def test_a_time_to_begin_at() -> None:
    given = StreamSourceConfig(
        starting_position="AT_TIMESTAMP", starting_position_timestamp="2026-11-21T08:00:00.5+01:00"
    )
    assert given.starting_position_timestamp.endswith("+01:00")


def test_more_pollers_than_provider_5_takes() -> None:
    many = QueueSourceConfig(provisioned_pollers=PollersConfig(maximum=2_001))
    with pytest.raises(ConfigError) as refused:
        many.require(target(), where="stack/jobs")
    assert str(refused.value) == (
        "stack/jobs: provisioned_pollers.maximum is 2001; AWS provider 5 takes at most 2000, although Lambda takes "
        "10000, and the target allows >= 5.100, < 7; set at most 2000, or set the target's aws_provider_version to "
        '">= 6.69, < 7"'
    )
    many.require(target(aws_provider_version=">= 6.69, < 7"), where="stack/jobs")
    QueueSourceConfig(provisioned_pollers=PollersConfig(maximum=2_000)).require(target(), where="stack/jobs")


def test_a_poller_invokes_ten_times_at_once() -> None:
    assert PollersConfig(maximum=7).invocations == 70


def test_configuration_needs_no_engine() -> None:
    code = "import sys, modules.event_source; sys.exit('cdktf' in sys.modules or 'jsii' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
