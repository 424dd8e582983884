"""A Kinesis stream, and a table's stream of changes, that Lambda polls for a function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import modules.core.engine

from cdktf_cdktf_provider_aws.lambda_event_source_mapping import (
    LambdaEventSourceMappingDestinationConfig,
    LambdaEventSourceMappingDestinationConfigOnFailure,
)
from constructs import Construct

from modules.core.destinations import DestinationLike, EventDestination
from modules.core.errors import Problem
from modules.core.skips import skip
from modules.core.tokens import is_token
from modules.event_source.alarms import destination_alarms, dropped_event_alarms, stream_alarms
from modules.event_source.base import EventSource
from modules.event_source.stream_config import RecordSourceConfig, StreamSourceConfig, TableSourceConfig
from modules.function import Function
from modules.function.destinations import named
from modules.key import KeyBase
from modules.observability import AlarmTopic
from modules.queue import QueueBase
from modules.stream import StreamBase
from modules.table import TableBase

_SECONDS_AN_HOUR = 3_600
_FOREVER = -1
_DESTINATIONS = ("sqs", "sns", "s3")  # Lambda guide, discarded batch records

DISCARDED, UNWATCHED = ("CKV2_LNET_504",), ("CKV2_LNET_603",)
"""Checks that a mapping skips whose given-up records nobody learns of, and those that one without alarms does."""


class RecordSource(EventSource):
    """What both kinds of stream have: where records go that are given up, and how old records become."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        function: Function,
        config: RecordSourceConfig,
        key: KeyBase | None,
        on_failure: DestinationLike | None,
    ) -> None:
        super().__init__(scope, construct_id, function=function, config=config, key=key)
        self._config, self._given = config, on_failure
        self._failed: EventDestination | None = on_failure.destination() if on_failure is not None else None

    def _failure_problems(self) -> Iterator[Problem]:
        failed = self._failed
        yield from self._config.failure_problems(has_destination=failed is not None)
        if failed is not None and failed.kind not in _DESTINATIONS:
            yield Problem(
                "",
                f'on_failure is of the kind "{failed.kind}"',
                f"Lambda sends what it gives up of a stream to {', '.join(_DESTINATIONS)} (Lambda guide, discarded "
                "batch records)",
                "pass a queue, a topic or a bucket",
            )

    def _poll_records(
        self, source_arn: str, topic: AlarmTopic | None, *, is_watched: bool = False, **arguments: Any
    ) -> None:
        config, failed = self._config, self._failed
        if isinstance(self._given, QueueBase):
            self._given.keeps_failures()
        if failed is not None:
            self._function.role.grant(*named(f"OnFailure {self.node.path.partition('/')[2]}", failed.statements))
        retries, age = config.maximum_retry_attempts, config.maximum_record_age_seconds
        self._poll(
            source_arn,
            waits=failed.dependencies if failed is not None else (),
            batch_size=config.batch_size,
            parallelization_factor=config.parallelization_factor,
            bisect_batch_on_function_error=config.bisect_batch_on_function_error,
            maximum_retry_attempts=_FOREVER if retries is None else retries,
            maximum_record_age_in_seconds=_FOREVER if age is None else age,
            tumbling_window_in_seconds=config.tumbling_window_seconds or None,
            destination_config=_destination(failed),
            **arguments,
        )
        self._watch_records(topic)
        if (
            retries is not None
            and age is not None
            and (config.bisect_batch_on_function_error or config.batch_size == 1)
        ):
            skip(self._mapping, config.discard_reason, *DISCARDED)  # else the checks fail for another reason, too
        if config.enabled and not is_watched:
            skip(self._mapping, config.alarms.off_reason, *UNWATCHED)

    def _watch_records(self, topic: AlarmTopic | None) -> None:
        invoked, alarms = self._function.invocation, self._config.alarms
        self._watch(
            (
                *stream_alarms(invoked, alarms),
                *(destination_alarms(invoked) if self._failed is not None else ()),
                *self._event_alarms(alarms),
                *(dropped_event_alarms(self.uuid) if self._config.event_metrics else ()),
            ),
            alarms,
            topic,
        )


class StreamSource(RecordSource):
    """A Kinesis stream, whose records reach the function's alias shard by shard.

    Raises:
        ConfigError: the configuration does not fit the target, the stream, the function or its other event sources,
            `on_failure` is missing, or alarms have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        function: Function,
        stream: StreamBase,
        config: StreamSourceConfig | None = None,
        on_failure: DestinationLike | None = None,
        key: KeyBase | None = None,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        """Poll the stream.

        Args:
            scope: the stack, or a construct of it.
            construct_id: id below `scope`; part of its alarms' names.
            function: gets the records; its role gets what polling takes.
            stream: what is polled.
            config: everything about the polling.
            on_failure: queue, topic or bucket that is told of records that are given up; a bucket gets them whole.
            key: encrypts the filters; None leaves them unencrypted, as Lambda does.
            alarm_topic: where its alarms go.
        """
        config = config or StreamSourceConfig()
        super().__init__(scope, construct_id, function=function, config=config, key=key, on_failure=on_failure)
        self._require(
            (*self._shared_problems(stream.arn, "stream"), *self._failure_problems(), *_problems(config, stream))
        )
        self.maximum = stream.shards * config.parallelization_factor if stream.shards is not None else None
        self._count(stream)
        stream.grant_read(function)
        self._poll_records(
            stream.consumer_arns[config.consumer] if config.consumer else stream.arn,
            alarm_topic,
            is_watched=stream.is_watched,
            starting_position=config.starting_position,
            starting_position_timestamp=config.starting_position_timestamp or None,
        )


class TableSource(RecordSource):
    """A table's stream of changes, whose records reach the function's alias shard by shard.

    Raises:
        ConfigError: the configuration does not fit the target, the function or its other event sources, the table has
            no stream, `on_failure` is missing, or alarms have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        function: Function,
        table: TableBase,
        config: TableSourceConfig | None = None,
        on_failure: DestinationLike | None = None,
        key: KeyBase | None = None,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        """Poll the table's stream; arguments are those of `StreamSource`, but for the table."""
        config = config or TableSourceConfig()
        super().__init__(scope, construct_id, function=function, config=config, key=key, on_failure=on_failure)
        self._require((*self._shared_problems(table.stream_arn, "table"), *self._failure_problems()))
        self._count(table)
        table.grant_stream(function)
        self._poll_records(table.stream_arn, alarm_topic, starting_position=config.starting_position)


def _problems(config: StreamSourceConfig, stream: StreamBase) -> Iterator[Problem]:
    if stream.retention_hours is not None and not is_token(stream.retention_hours):
        kept = int(stream.retention_hours * _SECONDS_AN_HOUR)
        yield from config.retention_problems(kept, f"{stream.node.path} keeps a record for")
    if config.consumer and config.consumer not in stream.consumer_arns:
        known = ", ".join(sorted(stream.consumer_arns)) or "none"
        yield Problem(
            "",
            f'consumer is "{config.consumer}"',
            f"{stream.node.path} has the consumers {known}",
            "name one of them, add it to the stream, or remove it",
        )


def _destination(failed: EventDestination | None) -> LambdaEventSourceMappingDestinationConfig | None:
    if failed is None:
        return None
    return LambdaEventSourceMappingDestinationConfig(
        on_failure=LambdaEventSourceMappingDestinationConfigOnFailure(destination_arn=failed.arn)
    )
