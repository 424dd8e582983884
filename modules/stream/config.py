"""Configuration of a Kinesis data stream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import AccountId, Matching, OneOf, Reason, Within
from modules.core.removal import Removal, removal_problems
from modules.core.target import Target
from modules.core.tokens import is_token
from modules.observability import AlarmsConfig

SHARD_LEVEL_METRICS = (
    "IncomingBytes", "IncomingRecords", "OutgoingBytes", "OutgoingRecords", "WriteProvisionedThroughputExceeded",
    "ReadProvisionedThroughputExceeded", "IteratorAgeMilliseconds",
)  # fmt: skip
"""Metrics that Kinesis counts for each shard when asked to (kinesis API model, MetricsName without ALL)."""

_SECONDS_AN_HOUR = 3_600
_ConsumerName = Annotated[
    str,
    Matching(
        r"[a-zA-Z0-9_.-]{1,128}",
        "a consumer's name has 1 to 128 letters, digits and characters of _.- (kinesis API model)",
        "correct it",
        literal=True,
    ),
]


class ProvisionedCapacity(ConfigModel):
    """Shards that are paid for by the hour, instead of capacity that follows the load."""

    shards: Annotated[int, Within(limits.KINESIS_SHARDS, literal=True)] = Field(
        description="Shards, each for 1 MB or 1000 records a second in and 2 MB out (Kinesis quotas)."
    )


class StreamAlarmsConfig(AlarmsConfig):
    """Alarms of a stream, with the thresholds that depend on what it is for."""

    iterator_age_seconds: Annotated[
        int,
        Within(
            limits.Range(1, 31_536_000, "seconds", "the iterator age alarm", "a stream's longest retention"),
            literal=True,
        ),
    ] = Field(default=900, description="Age that the last record a consumer read may have.")
    failed_records_percent: Annotated[
        int, Within(limits.Range(0, 99, "percent", "the alarm of failed records", "a share of PutRecords"))
    ] = Field(default=1, description="Share of the records of PutRecords that may fail; writers retry them.")


class StreamConfig(ConfigModel):
    """A data stream.

    Encrypted with the stack's key: always. Kinesis has no endpoint without TLS.

    Raises:
        ConfigError: with every refused field.
    """

    provisioned: ProvisionedCapacity | None = Field(
        default=None, description="Provisioned capacity; null for on-demand, which follows the load."
    )
    retention_hours: Annotated[int, Within(limits.KINESIS_RETENTION_HOURS)] = Field(
        default=24, description="Hours that a record can be read. 24 to 8760 (Kinesis); beyond 24 they cost."
    )
    shard_level_metrics: tuple[
        Annotated[str, OneOf(SHARD_LEVEL_METRICS, "a shard-level metric", literal=True)], ...
    ] = Field(default=(), description="Metrics that are counted for each shard too, which are charged for.")
    consumers: tuple[_ConsumerName, ...] = Field(
        default=(), description="Readers with enhanced fan-out, by name: each gets 2 MB a second and shard of its own."
    )
    reader_accounts: tuple[AccountId, ...] = Field(
        default=(), description="Other accounts whose roles may read the stream."
    )
    writer_accounts: tuple[AccountId, ...] = Field(
        default=(), description="Other accounts whose roles may write to the stream."
    )
    removal: Removal = Field(
        default="keep",
        description="keep: Terraform refuses to destroy. destroy: the stream goes with the stack, consumers included.",
    )
    removal_reason: Reason = Field(
        default="", description="Why the records may be lost; required with removal destroy."
    )
    alarms: StreamAlarmsConfig = Field(default_factory=StreamAlarmsConfig, description="Alarms of the stream.")

    def cross_checks(self) -> Iterator[Problem]:
        """Reasons, names that are there once, and an alarm that fires before records are gone."""
        yield from removal_problems(self.removal, self.removal_reason, lost="records")
        most = limits.KINESIS_MAX_CONSUMERS
        if len(self.consumers) > most:
            given = f"consumers has {len(self.consumers)} entries"
            yield Problem(
                "", given, f"a stream has at most {most} registered consumers (Kinesis quotas)", "remove some"
            )
        for field in ("shard_level_metrics", "consumers", "reader_accounts", "writer_accounts"):
            values: tuple[str, ...] = getattr(self, field)
            for value in sorted({each for each in values if values.count(each) > 1}):
                yield Problem("", f'{field} holds "{value}" twice', "each once", "remove one")
        age, retention = self.alarms.iterator_age_seconds, self.retention_hours
        if self.alarms.enabled and not is_token(retention) and age >= retention * _SECONDS_AN_HOUR:
            yield Problem(
                "",
                f"alarms.iterator_age_seconds is {age} and retention_hours is {retention}",
                "records would be gone before the alarm fires",
                f"set the alarm below {retention * _SECONDS_AN_HOUR}",
            )

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """The own account, whose roles are granted."""
        for field in ("reader_accounts", "writer_accounts"):
            if target.account_id in getattr(self, field):
                yield Problem(
                    "",
                    f'{field} holds "{target.account_id}"',
                    "it is the stream's own account, all of whose roles would be let in without a grant",
                    "remove it, and use grant_read or grant_write",
                )
