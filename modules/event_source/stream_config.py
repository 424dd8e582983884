"""Configuration of a Kinesis stream and of a table's stream of changes as event sources."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits, source_limits
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason, Within
from modules.event_source.config import RECORD_FIELDS, EventSourceAlarmsConfig, EventSourceConfig

_AT_TIMESTAMP = "AT_TIMESTAMP"
_RFC_3339 = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})"
_EVENT = ("eventID", "eventName", "eventVersion", *RECORD_FIELDS)


class StreamSourceAlarmsConfig(EventSourceAlarmsConfig):
    """Alarms of a stream as an event source."""

    iterator_age_seconds: Annotated[
        int,
        Within(
            limits.Range(1, 604_800, "seconds", "the iterator age alarm", "a stream record's longest age"),
            literal=True,
        ),
    ] = Field(default=900, description="Age that the last record of a batch may have when the function gets it.")


class RecordSourceConfig(EventSourceConfig):
    """What both kinds of stream have: order within a shard, retries that block it, and records that expire.

    Raises:
        ConfigError: with every refused field.
    """

    batch_size: Annotated[int, Within(source_limits.BATCH, literal=True)] = Field(
        default=100, description="Most records of an invocation. 1 to 10000 (Lambda API)."
    )
    parallelization_factor: Annotated[int, Within(source_limits.PARALLELIZATION, literal=True)] = Field(
        default=1, description="Batches of one shard at once; each partition key keeps its order. 1 to 10 (Lambda API)."
    )
    bisect_batch_on_function_error: StrictBool = Field(
        default=True, description="Split a batch that fails, to find the record that does; splits are no retries."
    )
    maximum_retry_attempts: Annotated[int, Within(source_limits.RETRIES, literal=True)] | None = Field(
        default=5,
        description="Retries of a batch before it is given up. 0 to 10000 (Lambda API); null retries until the records "
        "expire, and blocks the shard so long.",
    )
    maximum_record_age_seconds: Annotated[int, Within(source_limits.RECORD_AGE_SECONDS, literal=True)] | None = Field(
        default=43_200,
        description="Age at which a record is given up. 60 to 604800 (Lambda API), below what the stream keeps; "
        "null waits until it expires.",
    )
    discard_reason: Reason = Field(
        default="", description="Why records that are given up may be lost; required without on_failure."
    )
    tumbling_window_seconds: Annotated[int, Within(source_limits.TUMBLING_WINDOW_SECONDS)] = Field(
        default=0, description="Window over which invocations hand on a state. 0 to 900 (Lambda API); 0 for none."
    )
    alarms: StreamSourceAlarmsConfig = Field(
        default_factory=StreamSourceAlarmsConfig, description="Alarms of the event source: iterator age, and events."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """An alarm that fires before records are given up."""
        yield from super().cross_checks()
        age, most = self.alarms.iterator_age_seconds, self.maximum_record_age_seconds
        if self.alarms.enabled and most is not None and age >= most:
            yield Problem(
                "",
                f"alarms.iterator_age_seconds is {age} and maximum_record_age_seconds is {most}",
                "records would be given up before the alarm fires",
                "set the alarm below the age",
            )

    def retention_problems(self, retention_seconds: int, kept_by: str) -> Iterator[Problem]:
        """An age that no record reaches.

        Args:
            retention_seconds: how long the stream keeps a record.
            kept_by: who says so, in words.
        """
        age = self.maximum_record_age_seconds
        if age is not None and age >= retention_seconds:
            yield Problem(
                "",
                f"maximum_record_age_seconds is {age} and {kept_by} {retention_seconds} seconds",
                "a record would be gone before it is given up, and on_failure would never hear of it",
                f"set it below {retention_seconds}",
            )

    def failure_problems(self, *, has_destination: bool) -> Iterator[Problem]:
        """Records that are lost without a word, or a destination that never gets one.

        Args:
            has_destination: whether `on_failure` is given.
        """
        if not has_destination and not self.discard_reason:
            yield Problem(
                "",
                "on_failure is missing",
                "a batch that fails every retry would be dropped, and the stream goes on (Lambda guide, discarded "
                "batch records)",
                "pass a queue, a topic or a bucket as on_failure, or set discard_reason",
            )
        if has_destination and self.discard_reason:
            given = f'on_failure is given and discard_reason is "{self.discard_reason}"'
            yield Problem("", given, "one says that nothing is lost, the other why it may be", "remove one of them")
        if has_destination and self.maximum_retry_attempts is None and self.maximum_record_age_seconds is None:
            yield Problem(
                "",
                "on_failure is given, and maximum_retry_attempts and maximum_record_age_seconds are null",
                "a record is then tried until it expires, and expired records go to no destination",
                "set one of the two",
            )


class StreamSourceConfig(RecordSourceConfig):
    """A Kinesis stream that Lambda polls for a function.

    Raises:
        ConfigError: with every refused field.
    """

    record_fields = (
        "data", "partitionKey", "sequenceNumber", "approximateArrivalTimestamp", "kinesisSchemaVersion", *_EVENT,
    )  # fmt: skip

    starting_position: Annotated[
        str, OneOf(("TRIM_HORIZON", "LATEST", _AT_TIMESTAMP), "a starting position", literal=True)
    ] = Field(
        default="TRIM_HORIZON",
        description="Where polling begins: the oldest record, the newest, or a time. LATEST may miss records while the "
        "event source is made (Lambda guide).",
    )
    starting_position_timestamp: Annotated[
        str,
        Matching(
            rf"(?:{_RFC_3339})?",
            "a time reads like 2026-11-21T08:00:00Z (RFC 3339)",
            "write it in quotes, with its zone",
            literal=True,
        ),
    ] = Field(default="", description="The time, with AT_TIMESTAMP; not in the future (Lambda API).")
    consumer: Annotated[
        str,
        Matching(
            r"(?:[a-zA-Z0-9_.-]{1,128})?",
            "a consumer's name has 1 to 128 letters, digits and characters of _.- (kinesis API model)",
            "correct it",
            literal=True,
        ),
    ] = Field(
        default="",
        description="Consumer of the stream with enhanced fan-out that Lambda reads as; empty shares the throughput.",
    )

    def cross_checks(self) -> Iterator[Problem]:
        """A time exactly where one is needed."""
        yield from super().cross_checks()
        is_timed, timestamp = self.starting_position == _AT_TIMESTAMP, self.starting_position_timestamp
        if is_timed and not timestamp:
            yield Problem(
                "",
                "starting_position is AT_TIMESTAMP and starting_position_timestamp is empty",
                "polling begins at that time",
                "set it",
            )
        if timestamp and not _is_time(timestamp):
            yield Problem(
                "",
                f'starting_position_timestamp is "{timestamp}"',
                "a time has a day and an hour that exist (RFC 3339)",
                "correct it",
            )
        if timestamp and not is_timed:
            yield Problem(
                "",
                f'starting_position_timestamp is "{timestamp}" and starting_position is {self.starting_position}',
                "a time belongs to AT_TIMESTAMP",
                "remove one of them",
            )


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


class TableSourceConfig(RecordSourceConfig):
    """A table's stream of changes that Lambda polls for a function.

    Raises:
        ConfigError: with every refused field.
    """

    record_fields = ("dynamodb", "userIdentity", *_EVENT)
    holds_numbers = False

    starting_position: Annotated[str, OneOf(("TRIM_HORIZON", "LATEST"), "a starting position", literal=True)] = Field(
        default="TRIM_HORIZON",
        description="Where polling begins: the oldest record, or the newest. LATEST may miss records while the event "
        "source is made (Lambda guide).",
    )

    def cross_checks(self) -> Iterator[Problem]:
        """An age that records of a table's stream reach."""
        yield from super().cross_checks()
        yield from self.retention_problems(
            source_limits.DYNAMODB_STREAM_RETENTION_SECONDS, "the stream of a table keeps a record for"
        )
